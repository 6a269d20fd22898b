"""Scores of every number of bets and the errors of their differences from the best, in two passes."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..engine.path import Path, count_pairs, path_of, sum_scores
from ..engine.progress import Progress
from ..errors import PayoffError
from .curve import BetCountCurve, curve_of, over_path, walk
from .goals import Counted, Goal
from .goals_exact import Exact
from .goals_mean import Averaged
from .terms import Terms

Floats = NDArray[np.float64]
LEVEL = 0.95
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Way:
    """How the trials are run."""

    n_trials: int
    seed: int
    n_workers: int | None
    executor: Any
    progress: Progress

    @property
    def how(self) -> tuple[int | None, Any, Progress]:
        """What the engine takes."""
        return self.n_workers, self.executor, self.progress


def scored(goal: Goal, terms: Terms, way: Way) -> tuple[BetCountCurve, Floats, Floats, Floats]:
    """The curve; per number of bets its score, the error of its lag behind the best, and what lag cannot be seen."""
    path = path_of(
        terms.bet,
        terms.counts,
        way.n_trials,
        way.seed,
        spent=terms.divisors,
        factors=terms.factors,
        bets=terms.bets,
        follow_on=terms.follow_on,
    )
    curve = curve_of(terms.bet, path, goal.targets, way.seed, *way.how)
    if isinstance(goal, Exact):
        values = goal.exact(terms)
        return curve, values, np.zeros(len(values)), _ROUNDING * np.maximum(np.abs(values), 1e-3)
    if isinstance(goal, Averaged):
        return curve, *_averaged(goal, path, curve, way), np.zeros(len(curve.n_bets))
    if not isinstance(goal, Counted):
        raise TypeError(type(goal).__name__)
    values = goal.values(curve)
    return curve, values, _counted(goal, path, curve, int(np.argmax(values)), way), goal.resolution(curve)


def _counted(goal: Counted, path: Path, curve: BetCountCurve, best: int, way: Way) -> Floats:
    """Standard error of each score's difference from the best, paired by trial."""
    ones, both = np.zeros(len(curve.n_bets), np.int64), np.zeros(len(curve.n_bets), np.int64)
    walk(path, partial(count_pairs, path, goal.levels(curve), best), (ones, both), *way.how)
    p, together = ones / curve.n_trials, both / curve.n_trials
    slope = goal.slopes(curve)
    covariance = together - p * p[best]
    with np.errstate(invalid="ignore"):
        # half a discordant trial is added, so that no difference is ever known without error
        own = slope**2 * p * (1.0 - p)
        variance = own + own[best] - 2.0 * slope * slope[best] * covariance
        floor = 0.5 * np.maximum(slope, slope[best]) ** 2 / curve.n_trials
        errors: Floats = np.sqrt(np.maximum(variance, floor) / curve.n_trials)
    errors[best] = 0.0
    return errors


def _averaged(goal: Averaged, path: Path, curve: BetCountCurve, way: Way) -> tuple[Floats, Floats]:
    """Mean scores, and standard errors of their differences from the best, paired by trial."""
    levels, best = goal.levels(curve), _guess(goal, curve)
    while True:
        sums = _sums(goal, path, levels, best, way)
        score, lead, squares = sums / curve.n_trials
        if not np.isfinite(sums).all():
            raise PayoffError(f"the score of {goal!r} is not a finite number in some trials; scale or cap the payoff.")
        if score[leader := int(np.argmax(score))] <= score[best]:
            break
        best = leader  # the guess was a neighbour: scores stay as they are, their partner changes
    variance = np.maximum(squares - lead * lead, 0.0)
    errors: Floats = np.sqrt(variance / max(curve.n_trials - 1, 1))
    return score, errors


def _guess(goal: Averaged, curve: BetCountCurve) -> int:
    """The best number of bets as far as bins tell."""
    levels = goal.levels(curve)
    centres = 0.5 * (curve._edges[1:] + curve._edges[:-1])
    weights = curve._bins / curve.n_trials
    with np.errstate(all="ignore"):
        score = [np.nansum(w * goal.score(centres, float(level))) for w, level in zip(weights, levels, strict=True)]
    return int(np.argmax(score))


def _sums(goal: Averaged, path: Path, levels: Floats, best: int, way: Way) -> Floats:
    """Sums over all trials, added in the order of the blocks whatever order they come in, shape (3, counts)."""
    total, waiting, state = np.zeros((3, len(levels))), {}, [0]

    def add(part: tuple[int, int, Floats]) -> int:
        first, n_blocks, sums = part
        waiting[first] = sums
        while (ready := waiting.pop(state[0], None)) is not None:
            for block in ready:
                np.add(total, block, out=total)
            state[0] += len(ready)
        return n_blocks

    over_path(path, partial(sum_scores, path, goal.score, levels, best), add, *way.how)
    return total
