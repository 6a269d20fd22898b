"""Search (Pandora's rule): which boxes to open, in which order, when to stop, and what that is worth."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ..errors import ArgumentError, ArgumentTypeError
from ..payoffs.base import Payoff, check_law
from ..portfolio import Bet
from ._quadrature import Floats, log_cdf, nodes_between
from ._roots import falling_root

_BOXES = "a non-empty sequence of (payoff, stake), (payoff, stake, discount), Box or Bet"


@dataclass(frozen=True, slots=True)
class Box:
    """An alternative that can be looked into: its payoff is known, and can be taken, only after its stake is paid.

    Parameters
    ----------
    payoff : Payoff
        What it holds.
    stake : float
        Price of opening it, not negative, paid at once.
    discount : float, default 1
        What a payoff that arrives when the box is opened is worth when opening starts, above 0 and at most 1: 1.1**-2
        for two years at 10 %.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Examples
    --------
    >>> from tailsim.payoffs import Empirical
    >>> Box(Empirical([100, 55]), stake=15, discount=1 / 1.1).reservation_value
    55.83333333...
    """

    payoff: Payoff
    stake: float
    discount: float = 1.0

    def __post_init__(self) -> None:
        check_law("payoff", self.payoff)
        rule = "a finite number, not negative"
        object.__setattr__(self, "stake", _check.real("stake", self.stake, rule, low=0.0))
        rule = "a factor above 0 and at most 1, such as 1 / 1.1 for a year at 10 %"
        object.__setattr__(self, "discount", _check.real("discount", self.discount, rule, above=0.0, high=1.0))

    @property
    def reservation_value(self) -> float:
        """See ``reservation_value``."""
        return _reservation(self)

    @property
    def net_value(self) -> float:
        """What opening this box alone is worth: the discounted mean of what is taken of it, less the stake."""
        return self.discount * _excess(self.payoff, 0.0) - self.stake


def _excess(law: Payoff, z: float) -> float:
    """E max(X - z, 0)."""
    if law.tail_index <= 1.0:
        return math.inf
    low, high = law.support
    if z >= high:
        return 0.0
    if z <= low:
        return law.mean() - z
    mass = float(law.sf(z))
    return mass * float(law.mean_excess(z)) if mass > 0.0 else 0.0


def _reservation(box: Box) -> float:
    law, stake, b = box.payoff, box.stake, box.discount
    if law.tail_index <= 1.0 or (stake == 0.0 and b == 1.0):
        return math.inf if law.tail_index <= 1.0 else law.support[1]
    if law.left_tail_index > 1.0:
        low = b * law.mean() - stake
        if low <= law.support[0]:
            return low  # whatever it holds would be taken
    else:
        low = law.median()
        while _net(box, low) < 0.0:
            low -= max(abs(low), stake, 1e-300)
    return falling_root(lambda z: _net(box, z), low, max(stake, abs(low) * 2.0**-20, 1e-300))


def _net(box: Box, z: float) -> float:
    """What opening the box gains for one who has z already."""
    return box.discount * _excess(box.payoff, z) - (1.0 - box.discount) * z - box.stake


def reservation_value(payoff: Payoff, stake: float, discount: float = 1.0) -> float:
    """The sure payoff for which opening a box is exactly worth its stake.

    Open the box with the largest reservation value first; stop when what has been found is at least the next one's.

    Parameters
    ----------
    payoff : Payoff
        What the box holds.
    stake : float
        Price of opening it, not negative.
    discount : float, default 1
        What a payoff that arrives when the box is opened is worth when opening starts, above 0 and at most 1.

    Returns
    -------
    float
        z with stake = discount E max(X - z, 0) - (1 - discount) z, in money; inf where the payoff's mean is infinite:
        such a box is always worth opening.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    PayoffError
        If z is beyond the largest double.

    References
    ----------
    Weitzman 1979, Econometrica 47(3), 641-654, where it is the reservation price.

    Examples
    --------
    >>> from tailsim.payoffs import Pareto
    >>> round(reservation_value(Pareto(2), 0.1), 9)  # 1 / (c (a - 1)) ** (1 / (a - 1))
    10.0
    >>> reservation_value(Pareto(1), 5)
    inf
    """
    return _reservation(Box(payoff, stake, discount))


def pandora_value(boxes: Sequence[Any]) -> float:
    """Expected value of searching boxes by the optimal policy, one at a time, with the right to take nothing.

    Parameters
    ----------
    boxes : sequence
        (payoff, stake) or (payoff, stake, discount) each, or ``Box``, or ``Bet``. Payoffs are independent, and what
        was found earlier can still be taken.

    Returns
    -------
    float
        In money of the start; inf where a box worth opening has an infinite mean. ``search_plan`` says how it comes
        about.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    References
    ----------
    Weitzman 1979; Kleinberg, Waggoner and Weyl 2016, Descending price optimally coordinates search, for
    E max(0, max of min(X, z)) without discounting.

    Examples
    --------
    >>> from tailsim.payoffs import Empirical
    >>> one = (Empirical([100, 55]), 15, 1.1**-1)
    >>> other = (Empirical([240, 0, 0, 0, 0]), 20, 1.1**-2)
    >>> round(pandora_value([one, other]), 3)
    56.334
    """
    return _optimal(_ordered(_boxes(boxes)))


def _boxes(boxes: Any) -> list[Box]:
    if not isinstance(boxes, Iterable) or isinstance(boxes, (str, bytes, Bet, Box)):
        raise ArgumentTypeError(f"boxes must be {_BOXES}, got {_check.shown(boxes)}.")
    made = [_box(i, item) for i, item in enumerate(boxes)]
    if not made:
        raise ArgumentError(f"boxes must be {_BOXES}, got none.")
    return made


def _box(i: int, item: Any) -> Box:
    if isinstance(item, Box):
        return item
    if isinstance(item, Bet):
        return Box(item.payoff, item.stake)
    if not isinstance(item, (tuple, list)) or len(item) not in (2, 3):
        rule = "(payoff, stake), (payoff, stake, discount), a Box or a Bet"
        raise ArgumentTypeError(f"boxes[{i}] must be {rule}, got {_check.shown(item)}.")
    try:
        return Box(*item)
    except ArgumentError as error:
        raise type(error)(f"boxes[{i}]: {error}") from None


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A box with its place in the list and its reservation value."""

    index: int
    box: Box
    z: float


def _ordered(boxes: list[Box]) -> list[_Ranked]:
    """By falling reservation value; of equals the earlier one first."""
    return sorted((_Ranked(i, box, box.reservation_value) for i, box in enumerate(boxes)), key=lambda r: -r.z)


def _points(ranked: list[_Ranked], top: float) -> Floats:
    """Panel ends from 0 to ``top``: those of all laws, and every reservation value."""
    ends = [np.array([0.0, *(r.z for r in ranked if r.z < math.inf)])]
    with np.errstate(all="ignore"):
        for law in {id(r.box.payoff): r.box.payoff for r in ranked}.values():
            ends.append(np.array([x for x, _ in law.atoms]) if _discrete(law) else law._points())
    points = np.unique(np.concatenate(ends))
    return np.unique(np.append(points[(points >= 0.0) & (points < top)], top if math.isfinite(top) else points[-1]))


def _discrete(law: Payoff) -> bool:
    return math.fsum(p for _, p in law.atoms) >= 1.0 - 1e-12


def _optimal(ranked: list[_Ranked]) -> float:
    """Value of the optimal policy, from its slope in what is already at hand.

    One more unit at hand, where y is at hand, is worth the discounted chance that y is taken in the end: the product
    over boxes with z > y of discount * cdf(y). At y = the largest z nothing is opened, and the value is y itself.
    """
    worth = [r for r in ranked if r.z > 0.0]
    if not worth:
        return 0.0
    if any(r.box.payoff.tail_index <= 1.0 for r in worth):
        return math.inf
    at, weights = nodes_between(_points(worth, worth[0].z))
    log_slope = np.zeros_like(at)
    for r in worth:
        below = at < r.z
        log_slope[below] += math.log(r.box.discount) + log_cdf(r.box.payoff, at[below])
    value = float(np.sum(weights * -np.expm1(log_slope)))
    return value + sum(_far(r) for r in worth if r.z == math.inf)


def _far(r: _Ranked) -> float:
    """What a free box of unbounded payoff adds above all panels, where its tail is a power."""
    law = r.box.payoff
    if math.isinf(law.tail_index):
        return 0.0
    last = float(law._points()[-1])
    return last * float(law.sf(last)) / (law.tail_index - 1.0)


def _all_opened(ranked: list[_Ranked]) -> float:
    """Value of opening every box in the order of the plan and taking the best."""
    if any(r.box.payoff.tail_index <= 1.0 for r in ranked):
        return math.inf
    paid, factor = 0.0, 1.0
    for r in ranked:
        paid += factor * r.box.stake
        factor *= r.box.discount
    at, weights = nodes_between(_points(ranked, math.inf))
    logs = np.sum([log_cdf(r.box.payoff, at) for r in ranked], axis=0)
    best = float(np.sum(weights * -np.expm1(logs))) + sum(_far(r) for r in ranked)
    return factor * best - paid


@dataclass(frozen=True, slots=True, eq=False)
class SearchPlan:
    """The optimal policy of a search; made by ``search_plan``.

    Attributes
    ----------
    boxes : tuple of Box
        As given.
    order : ndarray of int
        Places of the boxes worth opening, in the order in which to open them; stop when what is at hand is at least the
        next one's reservation value.
    reservation_values : ndarray, shape (len(boxes),)
        In the order given.
    chances : ndarray, shape (len(order),)
        Probability that each of ``order`` is opened.
    value : float
        Expected value of the policy.
    best_single : float
        Of opening only the box with the largest net value, or none.
    open_all : float
        Of opening every box and taking the best.
    """

    boxes: tuple[Box, ...]
    order: NDArray[np.int64]
    reservation_values: Floats
    chances: Floats
    value: float
    best_single: float
    open_all: float

    @property
    def expected_opened(self) -> float:
        """How many boxes the policy opens on average."""
        return float(self.chances.sum())

    @property
    def verdict(self) -> str:
        """What to do, in a sentence or two."""
        if not self.order.size:
            return "Open none: no box is worth its stake."
        first = self.order[0]
        start = f"Open box {first} first (reservation value {self.reservation_values[first]:.4g})"
        if self.order.size > 1:
            start += ", go on in the order of reservation values and stop when the best found is at least the next one"
        simple = f"opening one box alone is worth {self.best_single:.4g}, opening all {self.open_all:.4g}"
        return f"{start}: worth {self.value:.4g}, with {self.expected_opened:.3g} opened on average; {simple}."

    def __repr__(self) -> str:
        return f"SearchPlan({len(self.boxes)} boxes, value={self.value:.6g}): {self.verdict}"


def search_plan(boxes: Sequence[Any]) -> SearchPlan:
    """The optimal order of opening boxes and when to stop, with its value and that of simple policies.

    Parameters
    ----------
    boxes : sequence
        As in ``pandora_value``.

    Returns
    -------
    SearchPlan

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    References
    ----------
    Weitzman 1979, Econometrica 47(3), 641-654.

    Examples
    --------
    >>> from tailsim.payoffs import Empirical
    >>> plan = search_plan([(Empirical([100, 55]), 15, 1.1**-1), (Empirical([240, 0, 0, 0, 0]), 20, 1.1**-2)])
    >>> plan.order.tolist(), plan.reservation_values.round(3).tolist()
    ([1, 0], [55.833, 58.049])
    >>> [round(box.net_value, 2) for box in plan.boxes]  # the box that fails four times in five is opened first
    [55.45, 19.67]
    """
    made = _boxes(boxes)
    ranked = _ordered(made)
    worth = [r for r in ranked if r.z > 0.0]
    z = np.array([r.z for r in sorted(ranked, key=lambda r: r.index)])
    order = np.array([r.index for r in worth], dtype=np.int64)
    chances = np.array([_reached(worth, i) for i in range(len(worth))])
    for array in (z, order, chances):
        array.flags.writeable = False
    single = max(0.0, *(box.net_value for box in made))
    return SearchPlan(tuple(made), order, z, chances, _optimal(ranked), single, _all_opened(ranked))


def _reached(worth: list[_Ranked], i: int) -> float:
    """Probability that all boxes before the i-th hold less than its reservation value."""
    z = worth[i].z
    if math.isinf(z):
        return 1.0
    return math.prod(float(1.0 - r.box.payoff.prob_at_least(z)) for r in worth[:i])
