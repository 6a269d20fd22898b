"""What a job found, as rows of a table: for people in Markdown, for machines in JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from .promises import Check


class Effort(StrEnum):
    """How long a run may take."""

    SMOKE = "smoke"
    USUAL = "usual"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity of one contender: median and range over the rounds."""

    what: str
    unit: str
    median: float
    low: float
    high: float


@dataclass(slots=True)
class Findings:
    """Rows, checks and remarks of one job."""

    rows: list[Row] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, what: str, unit: str, values: Iterable[float]) -> None:
        """Add a row from the values of all rounds."""
        x = list(values)
        self.rows.append(Row(what, unit, float(np.median(x)), min(x), max(x)))


def number(x: float) -> str:
    """Three digits that matter, with an exponent from a billion on."""
    if abs(x) >= 1e9:
        return f"{x:.2e}"
    return f"{x:,.0f}" if abs(x) >= 100 else f"{x:.3g}" if x else "0"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table whose columns line up in plain text too."""
    lines = [list(header), *map(list, rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    lines.insert(1, ["-" * w for w in widths])
    padded = ([cell.ljust(w) for cell, w in zip(line, widths, strict=True)] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in padded)


def markdown(job: str, title: str, found: Findings) -> str:
    """One job: what it measures, its rows, its ratios, its remarks, and how to repeat it."""
    parts = [f"## {title}", f"`python -m benchmarks {job}`"]
    if found.rows:
        rows = [(r.what, number(r.median), f"{number(r.low)} .. {number(r.high)}", r.unit) for r in found.rows]
        parts.append(table(("what", "median", "range", "unit"), rows))
    if found.checks:
        parts.append(table(("ratio or size", "measured", "range", "promised", "kept"), map(_cells, found.checks)))
    parts += found.notes
    return "\n\n".join(parts) + "\n"


def _cells(check: Check) -> tuple[str, ...]:
    m, promise = check.measured, check.promise
    bound = "" if promise is None else f"{'>=' if promise.at_least else '<='} {promise.bound:g}"
    kept = {None: "", True: "yes", False: "NO"}[check.kept]
    return check.name, number(m.value), f"{number(m.low)} .. {number(m.high)}", bound, kept


def plain(found: Findings) -> dict[str, Any]:
    """The findings as numbers and strings."""
    checks = []
    for check in found.checks:
        promise = None if check.promise is None else asdict(check.promise)
        checks.append({"name": check.name, **asdict(check.measured), "promise": promise, "kept": check.kept})
    return {"rows": [asdict(row) for row in found.rows], "checks": checks, "notes": found.notes}
