"""How often bets fail, by bets and by the money staked on them, from their outcomes."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from ..errors import ArgumentError, UndefinedMomentError
from ._unit import to_unit
from .estimate import Estimate
from .intervals import clopper_pearson, few_hits, proportion


def failure_rate(
    payoffs: ArrayLike, stakes: ArrayLike = 1.0, *, hurdle: float = 1.0, by: str = "bets", level: float = 0.95
) -> Estimate:
    """How many bets fail, or how much of the money staked goes to bets that fail.

    A bet fails when ``payoff < hurdle * stake``, or when it pays nothing or less.

    Parameters
    ----------
    payoffs : array_like, shape (n,)
        What each bet paid, gross, in the unit of the stakes.
    stakes : float or array_like, shape (n,)
        What each bet cost, one number for all or one a bet, none negative.
    hurdle : float
        Multiple of the stake below which a bet fails; 0 for signed lifts.
    by : {"bets", "stake"}
        Whether to count bets or the money staked on them.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        The rate for independent bets. By bets its interval is Clopper-Pearson's; by stake it is the same one at
        the effective number of bets, (sum of stakes)^2 / sum of squared stakes (Korn-Graubard), equal to it for
        equal stakes.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    UndefinedMomentError
        If ``by="stake"`` and nothing was staked.

    References
    ----------
    Korn and Graubard 1998, Survey Methodology 24(2), 193-201.

    Examples
    --------
    >>> from tailsim.stats import failure_rate
    >>> f"{failure_rate([0, 0, 3, 0.5], hurdle=1):.2f}"
    '0.75'
    >>> f"{failure_rate([0, 0, 6, 0.5], [1, 1, 5, 1], by='stake'):.3f}"
    '0.375'
    """
    paid = _check.numbers("payoffs", payoffs)
    spent = _stakes(stakes, paid.size)
    bar = _check.real("hurdle", hurdle, "a finite multiple of the stake, not negative", low=0.0)
    with np.errstate(over="ignore"):  # a bar beyond the largest double is missed by every payoff
        failed = (paid < bar * spent) | (paid <= 0.0)
    if _check.one_of("by", by, ("bets", "stake")) == "bets":
        return proportion(int(np.count_nonzero(failed)), paid.size, level)
    return _by_stake(failed, spent, level)


def _stakes(stakes: ArrayLike, n: int) -> NDArray[np.float64]:
    if np.ndim(stakes) == 0:
        return np.full(n, _check.real("stakes", stakes, "a finite number, not negative", low=0.0))
    spent = _check.numbers("stakes", stakes, "a number or an array of finite numbers, none negative", low=0.0)
    if spent.size != n:
        raise ArgumentError(f"stakes must be one number or one a payoff, got {spent.size} stakes for {n} payoffs.")
    return spent


def _by_stake(failed: NDArray[np.bool_], spent: NDArray[np.float64], level: float) -> Estimate:
    if spent.max() == 0.0:
        raise UndefinedMomentError('the failure rate by stake is undefined because nothing was staked; use by="bets".')
    weight = to_unit(spent)
    lost, kept = float(weight[failed].sum()), float(weight[~failed].sum())
    rate = lost / (lost + kept)
    n_bets = min((lost + kept) ** 2 / float(np.sum(weight * weight)), float(failed.size))
    interval = clopper_pearson(rate * n_bets, n_bets, level)
    verdict = few_hits(int(np.count_nonzero(failed & (spent > 0.0))), failed.size, interval[1])
    std_error = math.sqrt(rate * (1.0 - rate) / n_bets)
    return Estimate(rate, std_error, interval, level, "Korn-Graubard", failed.size, verdict)
