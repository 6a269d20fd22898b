"""The pictures of a portfolio's case: what comes back, who carries it, how many bets, and what changes the answer."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ...errors import NotKeptError
from .answers import Case, Picture
from .portfolio import Study
from .programme import ProgrammeStudy
from .svg import WIDTH, Frame, decades, round_ticks, text

Floats = NDArray[np.float64]
_PER_CENT = tuple((p / 100.0, f"{p}%") for p in (0, 25, 50, 75, 100))
MOST_BARS = 80


def pictures(study: Study | ProgrammeStudy, case: Case) -> tuple[Picture, ...]:
    """Every picture that there is something to draw of."""
    if isinstance(study, ProgrammeStudy):
        return (
            _returns(case, study.years.outcomes, "the year's outcome, as a multiple of the budget"),
            *_changes(case),
        )
    back = _returns(case, study.run.multiples, "paid back, as a multiple of the cost")
    return (back, *_winners(study), *_counts(study), *_changes(case))


def _picture(name: str, frame: Frame, title: str, description: str) -> Picture:
    return Picture(name, title, description, frame.svg(name, title, description))


def _returns(case: Case, multiples: Floats, label: str) -> Picture:
    """Chance of at least each multiple, from quantiles of the simulated ones."""
    ordered = np.sort(multiples[np.isfinite(multiples)])
    q = np.linspace(0.005, 0.995, 199)
    x = np.quantile(ordered, q, method="inverted_cdf")
    target = case.figure("target")
    goal = target.estimate.value
    low = max(min(float(x[10]), 0.5), 0.01)
    high = max(float(x[-3]), 1.5 * goal, 2.0 * low)
    frame = Frame((low, high), (0.0, 1.0), log=True)
    frame.ticks_y(_PER_CENT)
    frame.ticks_x([(t, f"{t:g}x") for t in decades(low, high)], label)
    seen = x > 0.0
    frame.line([(float(a), 1.0 - float(b)) for a, b in zip(x[seen], q[seen], strict=True)])
    frame.mark(1.0, "money back")
    if goal != 1.0:
        frame.mark(goal, "target", "warm", row=1)
    back, reached, half = (case.figure(name) for name in ("money_back", "reach_target", "median"))
    said = (
        f"The chance of at least each multiple falls from left to right: {back} for the money back, {reached} for "
        f"{target}; half of the {case.worlds} reach {half}."
    )
    return _picture("returns", frame, "What comes back", said)


def _winners(study: Study) -> Iterator[Picture]:
    """The bets of the portfolio in the middle, by what they pay."""
    totals = study.run.totals
    if study.portfolio.count is not None or study.portfolio.n_bets < 2:
        return
    trial = int(np.argpartition(totals, (totals.size - 1) // 2)[(totals.size - 1) // 2])
    try:
        payoffs = np.sort(study.run.replay(trial))[::-1]
    except NotKeptError:
        return
    top, base = float(payoffs[0]), min(0.0, float(payoffs[-1]))
    if not (math.isfinite(top) and top > 0.0 and math.isfinite(base)):
        return
    shown = payoffs[:MOST_BARS]
    frame = Frame((0.0, float(max(shown.size, 8))), (base, top))
    unit = study.portfolio.bets[0].stake
    alike = len({bet.stake for bet, _ in study.portfolio.runs()}) == 1
    frame.ticks_y([(t * unit, f"{t:g}x") for t in round_ticks(top / unit)] if alike else [(0.0, "0")])
    for i, paid in enumerate(shown):
        frame.bar((i + 0.1, i + 0.9), (0.0, float(paid)), "warm" if i == 0 else "main")
    frame.ticks_x(
        [], f"the {shown.size} bets that paid most, in order" if shown.size < payoffs.size else "bets, in order"
    )
    if alike:
        frame.line([(0.0, unit), (frame.x[1], unit)], "muted", "2 3")
    line = " The dotted line is what a bet costs." if alike else ""
    said = (
        f"Each bar is what one of the {payoffs.size:,} bets of the middle portfolio pays back, the largest first; "
        f"{int(np.count_nonzero(payoffs < unit)):,} of them pay less than the first bet costs.{line}"
    )
    yield _picture("winners", frame, "Who carries the total, in a portfolio in the middle", said)


def _counts(study: Study) -> Iterator[Picture]:
    """Chances against the number of bets, with the plateau of the best."""
    curve, best = study.curve, study.best
    if curve is None or best is None:
        return
    most = float(curve.n_bets[-1])
    frame = Frame((1.0, most), (0.0, 1.0), log=True)
    chance = curve.prob_at_least(study.asked.target)
    high = min(1.0, max(0.05, 1.15 * float(chance.max())))
    frame.y = (0.0, high)
    frame.ticks_y([(t / 100.0, f"{t:g}%") for t in round_ticks(100.0 * high)])
    frame.bar((float(best.plateau[0]), float(best.plateau[1])), (0.0, high), "good", 0.18)
    frame.line([(float(n), float(p)) for n, p in zip(curve.n_bets, chance, strict=True)])
    frame.dot(float(best.n_bets), best.score.value)
    if study.portfolio.n_bets <= most:
        frame.mark(float(study.portfolio.n_bets), "this portfolio")
    frame.ticks_x([(t, f"{t:g}") for t in decades(1.0, most)], "number of bets")
    said = (
        f"The chance to get back {study.asked.target:g}x against the number of bets; the shaded numbers, "
        f"{best.plateau[0]} to {best.plateau[1]}, cannot be told from the best."
    )
    yield _picture("counts", frame, f"How many bets for the chance of {study.asked.target:g}x", said)


def _changes(case: Case) -> Iterator[Picture]:
    """How far each change moves the chance of the target, with intervals."""
    if not case.changes:
        return
    rows = [(change.label, change.shifts[1].difference) for change in case.changes]
    reach = 1.1 * max(max(abs(end) for end in d.interval) for _, d in rows) or 0.01
    frame = Frame((-reach, reach), (0.0, float(len(rows))), height=54 + 38 * len(rows))
    for i, (label, d) in enumerate(reversed(rows)):
        low, high = d.interval
        name = "good" if low > 0.0 else "warm" if high < 0.0 else "muted"
        frame.bar((min(0.0, d.value), max(0.0, d.value)), (i + 0.1, i + 0.42), name)
        frame.line([(low, i + 0.26), (high, i + 0.26)], "ink")
        frame.items.append(text(WIDTH / 2, frame.at(0.0, i + 0.52)[1], label, "middle", "ink"))
    step = max(round_ticks(reach, 2))
    ticks = [(-step, f"{-100 * step:+.3g}"), (0.0, "0"), (step, f"{100 * step:+.3g}")]
    target = case.figure("target").text
    frame.ticks_x(ticks, f"points of the chance of {target}")
    up = [label for label, d in rows if d.interval[0] > 0.0]
    down = [label for label, d in rows if d.interval[1] < 0.0]
    said = f"Raises the chance: {'; '.join(up) or 'none'}. Lowers it: {'; '.join(down) or 'none'}."
    yield _picture("changes", frame, "What would change the answer", said)
