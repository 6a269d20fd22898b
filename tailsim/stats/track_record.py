"""How little a track record of n bets says: kappa, equivalent sample sizes, and the below-average majority."""

import math
from typing import TYPE_CHECKING, Any

from .. import _check
from ..errors import UndefinedMomentError
from ..payoffs.base import check_law
from .fluctuation import MOST_DRAWS, Fluctuation

if TYPE_CHECKING:
    from ..payoffs.base import Payoff

_COUNT = f"a whole number from {{}} to {MOST_DRAWS:,}"


def _fluctuation(payoff: Any, what: str, n: int) -> Fluctuation:
    """The law's fluctuations, refused where they are infinite, none, or not to be had by inversion."""
    law = check_law("payoff", payoff)
    index = min(law.tail_index, law.left_tail_index)
    if index <= 1.0:
        raise UndefinedMomentError(
            f"{what} of {law!r} is undefined because its mean is not finite (tail index {index:g} <= 1), so nothing "
            "averages out; use the median and quantiles of a simulated multiple."
        )
    if law.support[0] == law.support[1]:
        raise UndefinedMomentError(f"{what} of {law!r} is undefined because it always pays the same; nothing varies.")
    atoms = [p for _, p in law.atoms]
    if n > 1 and (sum(atoms) > 1.0 - 1e-9 or (len(atoms) > 2 and sum(atoms) ** n > 1e-9)):
        raise UndefinedMomentError(
            f"{what} of {law!r} is not worked out because single values make up its sums, so that the characteristic "
            "function does not fade; use simulate(Portfolio.of(payoff, n_bets))."
        )
    return Fluctuation(law)


def prob_below_mean(payoff: "Payoff", n_bets: int) -> float:
    """Chance that the average of ``n_bets`` independent payoffs is below their true mean: the below-average majority.

    Parameters
    ----------
    payoff : Payoff
        A law with a finite mean.
    n_bets : int
        How many, 1 to 1e9.

    Returns
    -------
    float
        By inversion of the characteristic function, to about 1e-6 (1e-4 for 2 to 5 bets that often pay nothing).

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    UndefinedMomentError
        If the mean is not finite, the law always pays the same, or it has single values only.

    Notes
    -----
    For a tail index a between 1 and 2 and a tail to the right only it tends to 1/a: most track records are then
    below average, however long.

    References
    ----------
    Gil-Pelaez 1951, Biometrika 38, 481-482, for the inversion; Zolotarev 1986, One-dimensional Stable Distributions,
    2.2, for the limit.

    Examples
    --------
    >>> import tailsim as ts
    >>> round(ts.prob_below_mean(ts.Pareto(1.5), 1000), 3)
    0.684
    """
    n = _check.integer("n_bets", n_bets, _COUNT.format(1), low=1, high=MOST_DRAWS)
    sums = _fluctuation(payoff, "the chance of an average below the mean", n)
    if n == 1 or hasattr(payoff, "stability"):  # a sum of stable payoffs is one of them, stretched
        return 1.0 - float(payoff.prob_at_least(sums.mean))
    return min(max(sums.prob_below(n), 0.0), 1.0)


def mean_deviation(payoff: "Payoff", n: int) -> float:
    """M(n) = E abs(S_n - E S_n), by how much a sum of n independent payoffs strays on average.

    Parameters
    ----------
    payoff : Payoff
        A law with a finite mean.
    n : int
        How many payoffs, 1 to 1e9.

    Returns
    -------
    float
        In money, to a relative 1e-6.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    UndefinedMomentError
        If the mean is not finite, the law always pays the same, or it has single values only.

    Examples
    --------
    >>> from tailsim.payoffs import Uniform
    >>> from tailsim.stats import mean_deviation
    >>> round(mean_deviation(Uniform(-1, 1), 2), 6)
    0.666667
    """
    count = _check.integer("n", n, _COUNT.format(1), low=1, high=MOST_DRAWS)
    return _deviation(_fluctuation(payoff, "the mean deviation", count), count)


def _deviation(sums: Fluctuation, n: int) -> float:
    stability = getattr(sums.law, "stability", None)
    if stability is not None:
        return float(_stable_deviation(sums.law) * n ** (1.0 / stability))
    return sums.deviation_of_sum(n)


def _stable_deviation(law: Any) -> float:
    """E abs(X - mean) of a stable law of index above 1 (Samorodnitsky & Taqqu 1994, 1.2.17, at p = 1)."""
    a, beta, scale = float(law.stability), float(law.beta), float(law.scale)
    skew = beta * math.tan(math.pi * a / 2.0)
    turn = math.cos(math.atan(skew) / a) * math.pow(1.0 + skew * skew, 0.5 / a)
    return 2.0 / math.pi * math.gamma(1.0 - 1.0 / a) * scale * turn


def kappa(payoff: "Payoff", n0: int, n: int) -> float:
    """Taleb's kappa: how slowly sums of ``n`` payoffs settle, seen from sums of ``n0``.

    Parameters
    ----------
    payoff : Payoff
        A law with a finite mean.
    n0, n : int
        Numbers of payoffs summed, 1 <= n0 < n <= 1e9.

    Returns
    -------
    float
        2 - ln(n / n0) / ln(M(n) / M(n0)), M(n) the mean absolute deviation of a sum of n: 0 where sums stray as
        Gaussian ones do, 1 where they stray in proportion to n.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    UndefinedMomentError
        If the mean is not finite, the law always pays the same, or it has single values only.

    References
    ----------
    Taleb 2019, International Journal of Forecasting 35(2), 677-686, definition 2.

    Examples
    --------
    >>> import tailsim as ts
    >>> round(ts.kappa(ts.Pareto(1.5), 1, 30), 4)
    0.6601
    """
    first = _check.integer("n0", n0, _COUNT.format(1), low=1, high=MOST_DRAWS - 1)
    last = _check.integer(
        "n", n, f"a whole number above n0 = {first:,} and at most {MOST_DRAWS:,}", low=first + 1, high=MOST_DRAWS
    )
    sums = _fluctuation(payoff, "kappa", last)
    return 2.0 - math.log(last / first) / math.log(_deviation(sums, last) / _deviation(sums, first))


def equivalent_sample_size(payoff: "Payoff", n_gaussian: int = 30, *, gaussian: str | None = None) -> float:
    """How many payoffs say as much about their mean as ``n_gaussian`` Gaussian ones.

    Parameters
    ----------
    payoff : Payoff
        A law with a finite mean.
    n_gaussian : int
        Gaussian observations, 1 to 1e6.
    gaussian : {"scale", "deviation"}, optional
        Which Gaussian: the stable law of index 2 of the same scale (stable laws only, and their default, as in the
        reference), or the one of the same mean absolute deviation (the default of all others).

    Returns
    -------
    float
        The n at which the mean of n strays as much, on average, as that of the Gaussian ones; interpolated between
        whole numbers, and extrapolated by the tail index beyond 1e9.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    UndefinedMomentError
        If the mean is not finite, the law always pays the same, or it has single values only.

    References
    ----------
    Taleb 2019, International Journal of Forecasting 35(2), 677-686, section 4.

    Examples
    --------
    >>> import tailsim as ts
    >>> round(ts.equivalent_sample_size(ts.Pareto(1.5)))
    466
    """
    many = _check.integer("n_gaussian", n_gaussian, "a whole number from 1 to 1,000,000", low=1, high=1_000_000)
    sums = _fluctuation(payoff, "the equivalent sample size", 2)
    stable = hasattr(sums.law, "stability")
    which = ("scale" if stable else "deviation") if gaussian is None else gaussian
    _check.one_of("gaussian", which, ("scale", "deviation") if stable else ("deviation",))
    law: Any = sums.law
    one = 2.0 / math.sqrt(math.pi) * law.scale if which == "scale" else _deviation(sums, 1)
    return _size(sums, one / math.sqrt(many))


def _size(sums: Fluctuation, wanted: float) -> float:
    """The n at which M(n) / n has come down to ``wanted``."""
    stability = getattr(sums.law, "stability", None)
    if stability is not None:
        return float((_deviation(sums, 1) / wanted) ** (stability / (stability - 1.0)))
    low, high = 1, 2
    above, below = _deviation(sums, 1), _deviation(sums, 2) / 2
    while below > wanted:
        if high == MOST_DRAWS:
            more = math.log(high) + math.log(below / wanted) * sums.index / (sums.index - 1.0)
            return math.exp(more) if more < 709.0 else math.inf
        low, above = high, below
        high = min(4 * high, MOST_DRAWS)
        below = _deviation(sums, high) / high
    while high - low > 1:
        middle = min(max(round(math.sqrt(low * high)), low + 1), high - 1)
        value = _deviation(sums, middle) / middle
        if value > wanted:
            low, above = middle, value
        else:
            high, below = middle, value
    part = math.log(above / wanted) / math.log(above / below)
    return float(low * (high / low) ** part)
