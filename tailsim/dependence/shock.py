"""A common shock: one event a trial that changes what many bets pay."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import _check
from ..errors import ArgumentTypeError
from ..payoffs.affine import Affine
from ..payoffs.base import Payoff
from ..payoffs.mixture import Mixture
from ..payoffs.simple import Constant
from ..payoffs.zero_inflated import ZeroInflated

if TYPE_CHECKING:
    from ..portfolio import Bet


@dataclass(frozen=True, slots=True)
class CommonShock:
    """With some probability a trial, all payoffs of a group are multiplied by a factor.

    The shock changes what a bet of the group pays: ``marginal(bet)`` is the law it then has, and every
    exact answer of a simulation, such as its mean, is of those laws.

    Parameters
    ----------
    probability : float
        Of the shock in a trial, in [0, 1].
    factor : float, default 0
        What payoffs are multiplied by, finite and at least 0; 0 wipes the group out.
    group : str, optional
        Of which group of bets (``Bet(..., group=...)``); None means every bet.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    References
    ----------
    Marshall and Olkin 1967, A multivariate exponential distribution, JASA 62, 30-44 (common shocks).

    Examples
    --------
    >>> import tailsim as ts
    >>> crash = ts.CommonShock(0.1, factor=0.5, group="energy")
    >>> bet = ts.Bet(ts.Pareto(1.5), group="energy")
    >>> round(crash.marginal(bet).mean(), 6)
    2.85
    >>> run = ts.simulate(ts.Portfolio.of(bet, 20, dependence=crash), n_trials=1000, rng=1)
    >>> round(run.mean().value, 6)
    2.85
    """

    probability: float
    factor: float = 0.0
    group: str | None = None

    def __post_init__(self) -> None:
        factor = _check.real("factor", self.factor, "a finite number of at least 0", low=0.0)
        object.__setattr__(self, "probability", _check.probability("probability", self.probability))
        object.__setattr__(self, "factor", factor)
        if self.group is not None:
            _check.instance("group", self.group, str, "a string, or None for every bet")

    def hits(self, group: str | None) -> bool:
        """Whether bets of this group are hit."""
        return self.group is None or self.group == group

    def marginal(self, bet: "Bet | Payoff") -> Payoff:
        """The law of what a bet pays under the shock.

        Parameters
        ----------
        bet : Bet or Payoff
            A bet of another group keeps its law; a bare law is taken as one of the group.

        Returns
        -------
        Payoff
            The law times the factor with the shock's probability, else the law: for factor 0 a ``ZeroInflated``.

        Examples
        --------
        >>> import tailsim as ts
        >>> ts.CommonShock(0.1).marginal(ts.Pareto(1.5))
        ZeroInflated(base=Pareto(tail_index=1.5, scale=1.0), p_zero=0.1)
        """
        law = bet if isinstance(bet, Payoff) else getattr(bet, "payoff", None)
        if not isinstance(law, Payoff):
            raise ArgumentTypeError(f"bet must be a Bet or a payoff law, got {_check.shown(bet)}.")
        if not (isinstance(bet, Payoff) or self.hits(bet.group)) or self.probability == 0.0 or self.factor == 1.0:
            return law
        if self.factor == 0.0:
            return Constant(0.0) if self.probability == 1.0 else ZeroInflated(law, self.probability)
        hit = Affine(law, self.factor)
        return Mixture([law, hit], [1.0 - self.probability, self.probability]) if self.probability < 1.0 else hit
