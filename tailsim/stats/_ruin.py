"""The chance of running out of money before a hit when smaller payoffs are staked again: a guaranteed bracket."""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ..payoffs.base import Payoff

Floats = NDArray[np.float64]
_STATES = 2000  # amounts of money told apart


def ruin_bracket(law: "Payoff", stake: float, multiple: float, budget: float) -> tuple[float, float]:
    """(low, high): with more money death is less likely, so payoffs rounded up bound it below, rounded down above."""
    top = _rich_enough(law, stake, multiple, budget)
    steps = max(1, int(_STATES * stake / top))  # lattice steps a stake
    step = stake / steps
    size = math.ceil(top / step)
    edges = np.minimum(step * np.arange(math.ceil(multiple * steps) + 1), multiple * stake)
    at_least = np.asarray(law.prob_at_least(edges))
    above = np.asarray(law.sf(edges))
    hit = at_least[-1]
    down = at_least[:-1] - at_least[1:]  # edges[j] <= X < edges[j + 1] as j steps
    up = np.append([1.0 - above[0]], above[:-1] - np.append(above[1:-1], hit))  # edges[j-1] < X <= edges[j] as j
    start = budget / step
    low = _death(up, steps, size, False)[min(math.ceil(start * (1.0 - 1e-12)), size) - steps]
    high = _death(down, steps, size, True)[math.floor(start * (1.0 + 1e-12)) - steps]
    return max(float(low), 0.0), min(float(high), 1.0)


def _rich_enough(law: "Payoff", stake: float, multiple: float, budget: float) -> float:
    """An amount from which on death is hardly likelier than from the start: the budget and some more hits' worth."""
    return max(2.0 * budget, budget + 2.0 * multiple * stake, 8.0 * stake)


def _death(gain: Floats, steps: int, size: int, upper: bool) -> Floats:
    """Chance of death from steps, ..., size lattice steps of money; beyond size it is zero, or that of ``size``."""
    n = size - steps + 1
    move = np.zeros((n, n))
    dead = np.zeros(n)
    for i in range(n):  # money i + steps; a bet leaves i + j
        left = i + np.arange(gain.size)
        dead[i] = gain[left < steps].sum()
        inside = (left >= steps) & (left <= size)
        move[i, left[inside] - steps] = gain[inside]
        if upper:
            move[i, -1] += gain[left > size].sum()
    return np.asarray(np.linalg.solve(np.eye(n) - move, dead))
