"""The two tables of a report's text."""

from collections.abc import Iterator, Sequence

from . import numbers as show
from .answers import BestCount, Report, Scenario, Size

_ZEROS = {"low": "all lost in full", "uniform": "spread evenly"}
_TAILS = {"no tail": "no tail (resampled)", "light": "light end", "fitted": "as fitted", "heavy": "heavy end"}


def sizes(report: Report) -> Iterator[str]:
    """What more bets do: one row a size; two views share their cells."""
    head = ["bets", "at least 1x", f"at least {report.target:g}x", "median", "1 in 10 below", "1 in 10 above"]
    columns = [[_cells(size) for size in view.sizes] for view in report.views]
    rows = [[" | ".join(cell) for cell in zip(*cells, strict=True)] for cells in zip(*columns, strict=True)]
    last = ["best bet is half or more"]
    if len(report.views) > 1:  # there is no room for all
        head, rows, last = [*head[:4], head[5]], [[*row[:3], *row[4:]] for row in rows], ["best bet is half"]
    bets = [f"{size.n_bets}" for size in report.views[0].sizes]
    return _table([*head, *last], [[n, *row] for n, row in zip(bets, rows, strict=True)], words=())


def _cells(size: Size) -> list[str]:
    chances = [show.percent(chance.probability) for chance in size.at_least]
    return [*chances, show.multiple(size.median), show.multiple(size.low), show.multiple(size.high), _half(size)]


def _half(size: Size) -> str:
    if size.best_is_half is None:
        return "-"
    return "100%" if size.n_bets == 1 else show.percent(size.best_is_half)


def scenarios(report: Report) -> Iterator[str]:
    """How the answer moves: one row an assumption."""
    first = ["the tail", "tail index"] if report.past is not None else ["0-1x is", "tail index", "average"]
    head = [*first, "at least 1x", f"at least {report.target:g}x", "median", f"how many bets for {report.target:g}x"]
    rows = []
    for s in report.scenarios:
        law = [_first(s), _index(s), *([] if s.zero is None else [_average(s)])]
        chances = [show.percent(chance.probability) for chance in s.size.at_least]
        note = " (used above)" if s.reference else " FLIPS" if s.flips else ""
        rows.append([*law, *chances, show.multiple(s.size.median), range_of(s.best, report.max_bets) + note])
    yield from _table(head, rows, words=(0, len(head) - 1))
    if any(s.zero is not None and not s.mean_is_reliable for s in report.scenarios):
        yield f"  * What {report.max_bets} bets pay comes within 20% of this average less than 90% of the time."


def _average(s: Scenario) -> str:
    return f"{s.mean:.2f}x" + (" " if s.mean_is_reliable else "*")


def _first(s: Scenario) -> str:
    return _TAILS[s.name] if s.zero is None else _ZEROS[s.zero]


def _index(s: Scenario) -> str:
    return show.tail_index(s.tail_index) if s.zero is None else f"{s.tail_index:g}"


def case(s: Scenario) -> str:
    """The assumption in a few words."""
    return _first(s) if s.zero is None else f"tail index {_index(s)} and 0-1x {_first(s)}"


def range_of(best: BestCount, most: int) -> str:
    """The numbers of bets that are too close to call."""
    low, high = best.plateau
    if best.gaps:
        return f"some of {low} to {high}"
    if (low, high) == (1, most):
        return "any number"
    return f"{low} or more" if best.at_edge else f"{low} to {high}" if low < high else f"{low}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], words: Sequence[int]) -> Iterator[str]:
    """Columns as wide as they need to be; those in ``words`` start at the left."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, *rows):
        cells = [c.ljust(w) if i in words else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        yield ("  " + "  ".join(cells)).rstrip()
