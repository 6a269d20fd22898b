"""How a Simulation looks: one table of answers, as text and as HTML."""

import math
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from ..errors import UndefinedMomentError
from ..stats.estimate import Estimate
from ..stats.intervals import FEW_HITS

if TYPE_CHECKING:
    from .simulation import Simulation


def _rows(run: "Simulation") -> Iterator[tuple[str, str]]:
    """(question, answer) in the words of a reader who was not there."""
    failed = run.failure_rate().value
    yield "failure rate", f"{failed:.1%} of bets pay less than {run.hurdle:g}x their stake, or nothing"
    low, middle, high = (run.quantile(q).value for q in (0.05, 0.5, 0.95))
    yield "multiple paid back", f"median {middle:.3g}x; 1 trial in 20 stays below {low:.3g}x, 1 in 20 above {high:.3g}x"
    chances = ", ".join(f"{_chance(run.prob_at_least(k))} for {k}x" for k in (1, 3, 10))
    yield "chance to reach", chances
    try:
        share, part = run.max_share(), f"{100 * run.max_share().value:.3g} %"
        yield "largest payoff", f"{part} of what a trial pays, on average over {share.n:,} trials"
    except UndefinedMomentError as error:
        yield "largest payoff", str(error)
    if run.n_idle:
        yield "no bet entered", f"in {run.n_idle:,} trials, which have no multiple and are left out above"
    mean = run.mean()
    known = f"{mean.value:.4g}x by the declared laws. " if math.isfinite(mean.value) else ""
    yield "mean multiple", f"{known}{mean.verdict}"
    if run.precision is not None:
        yield "stop rule", str(run.precision)
    if run.n_overflowed:
        yield "overflow", f"{run.n_overflowed:,} trials paid more than a double can hold; they are in no average"


def _chance(p: Estimate) -> str:
    """A probability, or its bound where too few trials reached it."""
    return f"{p.value:.1%}" if p.value * p.n >= FEW_HITS else f"at most {p.interval[1]:.1g}"


def _title(run: "Simulation") -> str:
    state = ", ended early" if run.partial else ""
    return f"Simulation of {run.portfolio.counted} bets, {run.n_trials:,} trials{state} (seed {run.seed})"


def plain(run: "Simulation") -> str:
    """The table as text."""
    return "\n".join([_title(run), *(f"  {name:<19} {text}" for name, text in _rows(run))])


def html(run: "Simulation") -> str:
    """The table as HTML, for notebooks."""
    body = "".join(
        f"<tr><th style='text-align:left'>{escape(name)}</th><td style='text-align:left'>{escape(text)}</td></tr>"
        for name, text in _rows(run)
    )
    return f"<table><caption style='text-align:left'>{escape(_title(run))}</caption>{body}</table>"
