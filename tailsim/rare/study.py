"""The estimator: samples of the others, the first-order part integrated, the error taken at its honest size."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..engine.blocks import never
from ..engine.parallel import over_blocks
from ..payoffs.base import Payoff
from .conditional import Conditional
from .control import MOST_CORNERS, Group, over_largest, over_two_largest
from .functional import Functional, Probability
from .others import of_bets
from .sample import Beside, Sampler

Floats = NDArray[np.float64]
RAW, FIRST, LINEAR, CONDITIONAL = "raw", "first", "linear", "conditional"
# what quadrature and the survival functions themselves may be off by
ROUNDING = 1e-12
_WIDER = 1.5  # for the error of unlike bets with heavy tails, whose rarest samples have no analytic limit here
# conditioning on all bets but one looks precise where it has not seen what is rare
_COMMON = 0.01
_MOST_GROUPS = 8  # whose first-order parts are integrated: the cost grows with the square


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and covariance of the functionals over trials, and the weight that single trials carry."""

    n: int
    mean: Floats
    scatter: Floats
    weight: float
    squared_weight: float

    def merged(self, other: "Moments") -> "Moments":
        """Both, by Chan's formula."""
        n = self.n + other.n
        d = other.mean - self.mean
        scatter = self.scatter + other.scatter + np.outer(d, d) * (self.n * other.n / n)
        weights = self.weight + other.weight, self.squared_weight + other.squared_weight
        return Moments(n, self.mean + d * (other.n / n), scatter, *weights)

    @property
    def n_dominating(self) -> float:
        """How many equal samples would carry what these carry."""
        return self.weight**2 / self.squared_weight if self.squared_weight else 0.0

    def std_error(self, combination: Floats) -> float:
        """Standard error of a linear combination of the means."""
        return math.sqrt(max(float(combination @ self.scatter @ combination), 0.0)) / self.n


@dataclass(frozen=True, slots=True)
class Study:
    """Functionals of the total beyond x, ready to be sampled block by block."""

    sampler: Sampler
    functionals: tuple[Functional, ...]
    x: float
    method: str
    typical: tuple[float, ...]  # of each group: the sum of the others without their largest
    expected: Floats  # of each functional: its first-order part
    slopes: tuple[float, ...] = ()
    rests: tuple[float, ...] = ()

    @np.errstate(all="ignore")  # laws answer at the ends of their range too
    def values(self, block: int, stopped: Callable[[], bool] = never) -> tuple[Floats, Floats] | None:
        """(functionals, lanes) by the method, and the weight of each lane."""
        found = self.sampler.block(block, stopped)
        if found is None:
            return None
        n = self.sampler.lanes(block)
        beside = [Beside(*(column[:n] for column in b)) for b in found]
        if self.method == CONDITIONAL:
            y = self._conditional(beside[0])
            return y[None, :], y
        raw = np.zeros((len(self.functionals), n))
        taken = np.zeros_like(raw)
        given = self.sampler.given(block)
        for i, b in enumerate(beside):
            law = self._groups[i].payoff if given is None else given[i]
            for k, f in enumerate(self.functionals):
                raw[k] += self._raw(f, law, self._groups[i].others.weight, b)
                if self.method in (FIRST, LINEAR):
                    taken[k] += self._first(f, i, b.largest)
            if self.method == LINEAR:
                taken += self._linear(i, b)
        return raw - taken + self.expected[:, None], raw[0]

    @property
    def _groups(self) -> tuple[Group, ...]:
        return self.sampler.groups

    def _raw(self, f: Functional, law: Payoff | Conditional, weight: float, beside: Beside) -> Floats:
        c = np.maximum(beside.largest, self.x - beside.total)
        share = np.where(self.x - beside.total < beside.largest, 1.0 / (beside.ties + 1.0), 0.0)
        if not self.sampler.tied:
            share = np.zeros_like(c)
        return weight * f.given(law, beside.total, c, share)

    def _first(self, f: Functional, i: int, largest: Floats, rest: Floats | None = None) -> Floats:
        """The functional with the others at their largest and a typical (or given) rest."""
        group = self._groups[i]
        with np.errstate(invalid="ignore"):
            total = np.where(largest == -np.inf, 0.0, largest + (self.typical[i] if rest is None else rest))
        c = np.maximum(largest, self.x - total)
        return group.others.weight * f.given(group.payoff, total, c, np.zeros_like(c))

    def _linear(self, i: int, beside: Beside) -> Floats:
        rest = np.where(beside.largest == -np.inf, 0.0, beside.total - beside.largest)
        return self.slopes[i] * (rest - self.rests[i])

    def _conditional(self, beside: Beside) -> Floats:
        """P(total > x) given all bets but one."""
        group = self._groups[0]
        return group.others.weight / (beside.n_bets + 1.0) * group.payoff._sf(self.x - beside.total)

    def unseen(self, combination: Floats) -> float:
        """Standard deviation of one sample by its two largest others alone: the part that few samples see."""
        if self.method not in (FIRST, LINEAR) or len(self._groups) > 1 or self._groups[0].others.most < 2:
            return 0.0

        def squared(first: Floats, second: Floats) -> Floats:
            rest = np.maximum(second, self.typical[0])
            d = np.zeros_like(first)
            for weight, f in zip(combination, self.functionals, strict=True):
                d += weight * (self._first(f, 0, first, rest) - self._first(f, 0, first))
            if self.method == LINEAR:
                d -= combination[0] * self.slopes[0] * (rest - self.typical[0])
            return np.square(d)

        return math.sqrt(over_two_largest(squared, self._groups[0], depth_of(self._groups, self.x, 10)))


def beside_group(groups: Sequence[Group], i: int) -> list[Group]:
    """The others of group i: one bet of every other group stands among them too."""
    if len(groups) == 1:
        return list(groups)
    counts = [g.others.fixed + (j != i) for j, g in enumerate(groups)]
    return [Group(g.payoff, of_bets(n, n)) for g, n in zip(groups, counts, strict=True)]


def depth_of(groups: Sequence[Group], x: float, more: int) -> int:
    """Octaves of exceedance that matter at x."""
    p = max(float(g.payoff._sf(np.array([x]))[0]) for g in groups)
    return min(1000, more + (math.ceil(-math.log2(p)) if p > 0.0 else 1000))


@np.errstate(all="ignore")  # laws answer at the ends of their range too
def study_of(sampler: Sampler, functionals: tuple[Functional, ...], x: float) -> Study:
    """The study with the method that a pilot on other addresses finds best."""
    pilot = sampler.pilot()
    typical = tuple(_typical(beside) for beside in pilot.block(0) or ())
    plain = Study(pilot, functionals, x, RAW, typical, np.zeros(len(functionals)))
    choices = [plain]
    smooth = all(g.payoff._corners().size <= MOST_CORNERS for g in sampler.groups)
    if sampler.model is None and len(sampler.groups) <= _MOST_GROUPS and smooth:
        expected = np.array([_expected(plain, f) for f in functionals])
        first = Study(pilot, functionals, x, FIRST, typical, expected)
        choices.append(first)
        if isinstance(functionals[0], Probability) and len(functionals) == 1:
            choices += _linear(first)
    alone = sampler.model is None and len(functionals) == len(sampler.groups) == 1
    if alone and isinstance(functionals[0], Probability):
        conditional = Study(pilot, functionals, x, CONDITIONAL, typical, plain.expected)
        if _mean(conditional) > _COMMON:
            choices.append(conditional)
    best = min(choices, key=_noise)
    return Study(sampler, functionals, x, best.method, typical, best.expected, best.slopes, best.rests)


def _typical(beside: Beside) -> float:
    rest = np.where(beside.largest == -np.inf, 0.0, beside.total - beside.largest)
    return float(np.median(rest))


def _pilot_values(study: Study) -> Floats:
    values, _ = study.values(0) or (np.zeros((1, 1)), None)
    return np.asarray(values[0])


def _noise(study: Study) -> float:
    return float(np.var(_pilot_values(study)))


def _mean(study: Study) -> float:
    return float(np.mean(_pilot_values(study)))


def _kinks(study: Study, i: int) -> list[float]:
    """Where the largest of the others takes over from what is missing to x, or what is missing passes a corner."""
    payoff = study.sampler.groups[i].payoff
    missing = study.x - study.typical[i]
    corners = [x for x in (*payoff.support, *payoff._corners().tolist()) if math.isfinite(x)]
    return [missing / 2.0, *(missing - x for x in corners)]


def _expected(study: Study, f: Functional) -> float:
    """Expectation of a functional's first-order part over the largest of the others, all groups."""
    total = 0.0
    for i in range(len(study.sampler.groups)):
        others = beside_group(study.sampler.groups, i)
        depth = depth_of(study.sampler.groups, study.x, 60)
        total += over_largest(partial(study._first, f, i), others, depth, [*_kinks(study, i), *f.kinks])
    return total


def _linear(first: Study) -> list[Study]:
    """The study whose samples are corrected for the sum of the others too (Kortschak), where that helps."""
    slopes, rests = [], []
    for i, group in enumerate(first.sampler.groups):
        others = beside_group(first.sampler.groups, i)
        if not all(g.payoff.tail_index > 2.0 < g.payoff.left_tail_index for g in others):
            return []
        density = float(np.asarray(group.payoff.pdf(first.x - first.typical[i])))
        mean = sum(g.others.mean * g.payoff.mean() for g in others)
        largest = over_largest(lambda y: np.where(y == -np.inf, 0.0, y), others, 300)
        slopes.append(group.others.weight * density)
        rests.append(mean - largest)
    if not all(map(math.isfinite, slopes)):
        return []
    made = Study(first.sampler, first.functionals, first.x, LINEAR, first.typical, first.expected)
    return [_with(made, tuple(slopes), tuple(rests))]


def _with(study: Study, slopes: tuple[float, ...], rests: tuple[float, ...]) -> Study:
    return Study(study.sampler, study.functionals, study.x, study.method, study.typical, study.expected, slopes, rests)


def _block_range(study: Study, first: int, n_blocks: int, stopped: Callable[[], bool] = never) -> dict[int, Moments]:
    found = {}
    for block in range(first, first + n_blocks):
        values = study.values(block, stopped)
        if values is None:
            break
        y, weight = values
        mean = y.mean(axis=1)
        d = y - mean[:, None]
        found[block] = Moments(y.shape[1], mean, d @ d.T, float(weight.sum()), float(np.square(weight).sum()))
    return found


def run(study: Study, n_workers: int | None, executor: Any) -> Moments:
    """Moments over all trials, merged in the order of the blocks."""
    blocks: dict[int, Moments] = {}
    task = partial(_block_range, study)
    stopped = over_blocks(task, study.sampler.n_blocks, blocks.update, n_workers=n_workers, executor=executor)
    if stopped:
        raise KeyboardInterrupt
    moments = blocks[0]
    for block in range(1, study.sampler.n_blocks):
        moments = moments.merged(blocks[block])
    return moments


@np.errstate(all="ignore")  # laws answer at the ends of their range too
def honest_error(study: Study, moments: Moments, combination: Floats, value: float) -> float:
    """The standard error, not below what unseen samples and rounding can make."""
    seen = moments.std_error(combination)
    unseen = study.unseen(combination) / math.sqrt(moments.n)
    error = math.hypot(max(seen, unseen), ROUNDING * abs(value))
    heavy = any(g.payoff.tail_index <= 2.0 for g in study.sampler.groups)
    return error * (_WIDER if heavy and len(study.sampler.groups) > 1 else 1.0)
