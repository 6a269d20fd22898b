"""One factor a trial for failures, another for sizes."""

from dataclasses import dataclass

from .. import _check
from ..errors import ArgumentError
from . import _tags
from ._latent import Gaussian, Gumbel, Latent, Student
from ._student import MAX_DF

COPULAS = ("gaussian", "student", "gumbel")


@dataclass(frozen=True, slots=True)
class OneFactor:
    """Bets that share a factor: failures hang together through one, sizes of the survivors through another.

    Every bet keeps exactly the law it was declared with. Two latent variables stand behind a bet:
    one decides whether it falls on the atom at zero, the other how much it pays otherwise; each
    is the same function of a factor of the trial and of randomness of the bet's own. Cost is linear in the
    number of bets.

    Parameters
    ----------
    copula : {"gaussian", "student", "gumbel"}
        How the latents of two bets hang together. Under "gumbel" the biggest payoffs come in the same
        trials (upper-tail dependence 2 - 2**(1 - tau)); under "student" both extremes do; under
        "gaussian" the most extreme payoffs are independent in the limit.
    failure : float, default 0
        Kendall's tau between the latents that decide on the atom at zero, in [0, 1). Only bets with such an
        atom, as those of ``ZeroInflated``, take part, and at least one must have it.
    size : float, default 0
        Kendall's tau between the latents of what bets pay that do not fall on the atom, in [0, 1).
    df : float, optional
        Degrees of freedom of "student", needed there, above 0 and at most 1,000; None for the others.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Notes
    -----
    Gaussian and Student: the latent correlation is sin(pi tau / 2), the normal is sqrt(rho) F + sqrt(1 - rho) E,
    for Student's t divided by sqrt(W / df) with one chi-square W a trial. Gumbel: theta = 1 / (1 - tau),
    and U = exp(-(E / M)**(1 - tau)) with one positive stable frailty M a trial and exponential E.
    A latent's exceedance v goes through the law's ``isf``, which is monotone, and not through its draw:
    a mixture draws by another map, and its payoffs are therefore not those of the same seed without dependence.
    The exceedance keeps its depth to 2**-1074, with a relative error below 1e-12. Same seed, same bits on any CPU for
    all laws whose kernels use the library's own mathematics.

    References
    ----------
    Marshall and Olkin 1988, Families of multivariate distributions, JASA 83, 834-841 (frailties); Kanter 1975 and
    Chambers, Mallows and Stuck 1976, JASA 71, 340-344 (stable variates); Joe 2014, Dependence Modeling with
    Copulas, sections 4.3, 4.8 and 4.13 (Kendall's tau and tail dependence); Marsaglia and Tsang 2000, ACM TOMS 26,
    363-372 (gamma variates).

    Examples
    --------
    >>> import tailsim as ts
    >>> bet = ts.ZeroInflated(ts.Pareto(1.5), p_zero=0.65)
    >>> alone = ts.Portfolio.of(bet, 50)
    >>> tied = ts.Portfolio.of(bet, 50, dependence=ts.OneFactor("gumbel", failure=0.2, size=0.4))
    >>> [round(ts.simulate(p, n_trials=20_000, rng=1).prob_at_least(3).value, 2) for p in (alone, tied)]
    [0.02, 0.04]
    """

    copula: str = "gaussian"
    failure: float = 0.0
    size: float = 0.0
    df: float | None = None

    def __post_init__(self) -> None:
        _check.one_of("copula", self.copula, COPULAS)
        for name in ("failure", "size"):
            rule = "Kendall's tau of the latents, at least 0 and below 1"
            value = _check.real(name, getattr(self, name), rule, low=0.0, below=1.0)
            object.__setattr__(self, name, value)
        object.__setattr__(self, "df", check_df(self.df, self.copula))

    def _failure(self) -> Latent | None:
        """The latent of failures, None where they are independent."""
        return self._latent(self.failure, _tags.FAILURE, _tags.FAILURE_MIXING)

    def _size(self) -> Latent | None:
        """The latent of sizes, None where they are independent."""
        return self._latent(self.size, _tags.SIZE, _tags.SIZE_MIXING)

    def _latent(self, tau: float, tag: int, mixing: int) -> Latent | None:
        if tau == 0.0:
            return None
        if self.copula == "gumbel":
            return Gumbel(tau, tag)
        normal = Gaussian(tau, tag)
        return normal if self.df is None else Student(normal, self.df, mixing)


def check_df(df: object, copula: str) -> float | None:
    """Degrees of freedom: needed by Student's t, and by nothing else."""
    if copula != "student":
        if df is not None:
            raise _check.refuse("df", f"None for copula={copula!r}", df, 'only copula="student" has degrees of freedom')
        return None
    if df is None:
        raise ArgumentError('df must be given for copula="student", got None; 4 is a common choice.')
    rule = f"a number above 0 and at most {MAX_DF:,.0f}"
    return _check.real("df", df, rule, above=0.0, high=MAX_DF, instead='copula="gaussian" is the limit of large df')
