"""The case of a programme: a team's year of bets, with its gates and rounds, and what fear would cost it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ...decide import Practices, Programme
from ...decide.years import Years
from ...stats.estimate import Estimate
from ...stats.intervals import proportion, quantile_estimate
from .answers import Change, Reading, Slider, WhatIf
from .changes import change
from .figures import Figure, Kind, ends, exact, figure, given
from .variants import capped_law, failing_law

AFRAID = 0.5
TIMES = (0.5, 1.0, 2.0)
FEARS = (0.0, 0.25, 0.5, 0.75)
FAILING = (0.0, 0.1, 0.25)
CAPS = (math.inf, 100.0)
BUDGET = 150_000_000  # payoffs that a grid may cost
_FEARS = {0.0: "none", 0.25: "those below 25% odds", 0.5: "those below 50% odds", 0.75: "those below 75% odds"}
_FAILING = {0.0: "as assumed", 0.1: "one in ten more", 0.25: "one in four more"}
_CAPS = {math.inf: "as assumed", 100.0: "cut to the best in a hundred"}
Answers: tuple[tuple[str, str, Kind], ...] = (
    ("failure_rate", "bets that fail", "share"),
    ("a_hit", "chance of a hit", "share"),
    ("money_back", "chance to get the budget back", "share"),
    ("reach_target", "chance to reach the target", "share"),
    ("median", "half of the years turn a unit of budget into at least", "multiple"),
)


@dataclass(frozen=True, slots=True, eq=False)
class ProgrammeStudy:
    """A programme simulated, with what follows for its case."""

    programme: Programme
    target: float
    years: Years
    figures: tuple[Figure, ...]
    changes: tuple[Change, ...]


def programme_study(programme: Programme, target: float, n_trials: int, seed: int) -> ProgrammeStudy:
    """Simulate years of a programme and work out the figures of its case."""
    years = programme.simulate(n_trials=n_trials, rng=seed)
    figures = (*_given(programme, target), *_bets(years), *_outcomes(years, target))
    return ProgrammeStudy(programme, target, years, figures, tuple(_changes(programme, years, target)))


def _given(programme: Programme, target: float) -> Iterator[Figure]:
    yield given("n_bets", "ideas that can be tried at once", "count", programme.n_bets)
    yield given("spent", "the year's budget", "money", programme.budget())
    yield given("target", "multiple of the budget worth reaching", "multiple", target)
    yield given("hit", "a bet is a hit from this multiple of its stake on", "multiple", programme.hit)
    index = min(programme.ideas.tail_index, programme.ideas.left_tail_index)
    if index <= 1.0:
        yield figure("tail_index", "tail index; at or below one there is no average", "index", exact(index))


def _bets(years: Years) -> Iterator[Figure]:
    if years.failure_rate is not None:
        yield figure("failure_rate", "share of a year's bets that fail", "share", years.failure_rate)
    yield figure("tried", "half of the years try at least so many bets", "count", quantile_estimate(years.n_tried, 0.5))
    if years.programme.gates:
        some = proportion(int(np.count_nonzero(years.n_killed > 0)), years.n_trials)
        yield figure("some_killed", "years in which gates stop some bet", "share", some)
    yield figure(
        "a_hit", f"chance of at least one bet that pays {years.programme.hit:g}x or more", "share", years.prob_hit
    )


def _outcomes(years: Years, target: float) -> Iterator[Figure]:
    out = years.outcomes
    yield figure("money_back", "chance to get at least the budget back", "share", _chance(out, 1.0))
    yield figure("reach_target", f"chance to turn the budget into at least {target:g}x", "share", _chance(out, target))
    half = "half of the years turn a unit of budget into at least"
    yield figure("median", half, "multiple", quantile_estimate(out, 0.5))
    yield figure("low", "one year in ten turns it into at most", "multiple", quantile_estimate(out, 0.1))
    yield figure("high", "one year in ten turns it into at least", "multiple", quantile_estimate(out, 0.9))
    best = np.where(np.isfinite(years.largest), years.largest, 0.0) * years.programme.stake
    label = "chance to get at least the budget back without what the best bet pays"
    yield figure("money_back_without", label, "share", _chance(out - best / years.budget, 1.0))


def _chance(outcomes: "np.ndarray[tuple[int], np.dtype[np.float64]]", multiple: float) -> Estimate:
    return proportion(int(np.count_nonzero(outcomes >= multiple)), outcomes.size)


def _changes(programme: Programme, years: Years, target: float) -> Iterator[Change]:
    """One assumption at a time, on the same luck."""

    def moved(name: str, label: str, other: Programme, practices: Practices | None = None) -> Change:
        after = other.simulate(practices, n_trials=years.n_trials, rng=years.seed)
        return change(name, label, after.outcomes, years.outcomes, target)

    fear = Practices(least_odds=AFRAID)
    yield moved("fear", "Ideas more likely to fail than not are refused", programme, fear)
    yield moved("alignment", "One bet in five misses the goal", programme, Practices(aligned=0.8))
    if programme.gates:
        yield moved("late", "Half of the failures are reported late", programme, Practices(reported=0.5))
        yield moved("no_gates", "No gates and one round", replace(programme, gates=(), rounds=1))
    if programme.n_bets > 1:
        fewer = replace(programme, n_bets=max(1, programme.n_bets // 2))
        yield moved("half_the_bets", "Half as many ideas, with the overhead as it is", fewer)
    yield moved("twice_the_bets", "Twice as many ideas, with the overhead as it is", _more(programme, 2.0))
    failing = replace(programme, ideas=failing_law(programme.ideas, 0.1))
    yield moved("more_failures", "One idea in ten more pays nothing", failing)
    cut = _cut(programme, 100.0)
    if cut is not None:
        yield moved("no_outliers", "No idea pays more than the best in a hundred", cut)


def _more(programme: Programme, times: float) -> Programme:
    return replace(programme, n_bets=max(1, round(programme.n_bets * times)))


def _cut(programme: Programme, one_in: float) -> Programme | None:
    """The programme without outliers; None where that takes nothing away or puts its goal out of reach."""
    if math.isinf(one_in):
        return programme
    ideas = capped_law(programme.ideas, one_in)
    goal = max(programme.goal.targets, default=0.0)
    return None if ideas == programme.ideas or max(ideas.support[1], 1.0) < goal else replace(programme, ideas=ideas)


def programme_grid(study: ProgrammeStudy) -> WhatIf | None:
    """The answers under combinations of assumptions; None where they would take too long."""
    programme, years = study.programme, study.years
    cuts = [(cap, cut) for cap in CAPS if (cut := _cut(programme, cap)) is not None]
    per_year = programme.n_bets * programme.rounds * years.n_trials * len(cuts) * len(FAILING) * len(FEARS)
    times = TIMES if per_year * sum(TIMES) <= BUDGET else (1.0,)
    if per_year * sum(times) > BUDGET:
        return None
    sliders = (
        Slider(
            "n_bets", "Ideas tried at once", tuple(f"{_more(programme, k).n_bets:,}" for k in times), times.index(1.0)
        ),
        Slider("cap", "The largest payoffs", tuple(_CAPS[cap] for cap, _ in cuts), 0),
        Slider("failing", "Ideas that pay nothing", tuple(_FAILING[f] for f in FAILING), 0),
        Slider("fear", "Ideas refused", tuple(_FEARS[f] for f in FEARS), 0),
    )
    cells = tuple(
        _row(replace(_more(cut, k), ideas=failing_law(cut.ideas, share)), fear, study)
        for k in times
        for _, cut in cuts
        for share in FAILING
        for fear in FEARS
    )
    names, labels, _ = zip(*Answers, strict=True)
    return WhatIf(sliders, names, labels, cells)


def _row(programme: Programme, fear: float, study: ProgrammeStudy) -> tuple[Reading, ...]:
    """The answers at one setting."""
    years = programme.simulate(Practices(least_odds=fear), n_trials=study.years.n_trials, rng=study.years.seed)
    out = years.outcomes
    chances = (_chance(out, 1.0), _chance(out, study.target))
    estimates = (years.failure_rate, years.prob_hit, *chances, quantile_estimate(out, 0.5))
    return tuple(_reading(e, kind) for e, (_, _, kind) in zip(estimates, Answers, strict=True))


def _reading(e: Estimate | None, kind: Kind) -> Reading:
    if e is None:
        return Reading(math.nan, (math.nan, math.nan), "none tried", "")
    shown = figure("", "", kind, e)
    return Reading(e.value, e.interval, shown.text, ends(shown))
