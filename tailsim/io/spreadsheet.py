"""A programme as a spreadsheet for people without Python: a template to fill in, and what was filled in."""

import io
import math
import os
from dataclasses import dataclass
from typing import Any

from .. import _check
from .._sealed import in_one_step
from ..decide.goals import ProbAtLeast
from ..decide.programme import Programme
from ..errors import DataError, TailsimError
from ..payoffs import LogNormal, Pareto, Payoff, ZeroInflated

_TAILS = ("power law", "lognormal")
_Z90 = 1.2815515655446004  # the standard normal's quantile at 0.9
_MOST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class _Row:
    """One question of the sheet: its key, an example answer, the rule for it, and what it asks."""

    key: str
    example: Any
    low: float
    high: float
    rule: str
    asks: str
    whole: bool = False


_ROWS = (
    _Row(
        "ideas", 30, 1, 100_000, "a whole number from 1 to 100,000", "How many ideas could the team try at once?", True
    ),
    _Row("stake", 1, 5e-324, 1e300, "a number above 0", "What does one idea cost, in money?"),
    _Row("overhead", 0, 0, 1e300, "a number that is not negative", "What does the year cost beside, in money?"),
    _Row("fail", 0.65, 0, 1, "a share from 0 to 1", "Which share of ideas pays nothing at all?"),
    _Row(
        "typical", 1.6, 5e-324, 1e300, "a number above 0", "Of the others, half pay at least so many times their cost:"
    ),
    _Row(
        "big",
        4.6,
        5e-324,
        1e300,
        "a number above the typical one",
        "One in ten of the others pays at least so many times:",
    ),
    _Row(
        "goal", 1, 5e-324, 1e300, "a number above 0", "The year is a success when its budget comes back so many times:"
    ),
    _Row("hit", 10, 5e-324, 1e300, "a number above 0", "An idea is a hit when it pays so many times its cost:"),
)
_TAIL = "tail"


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError:
        raise DataError(
            "spreadsheets need the package openpyxl; install it with: pip install 'tailsim[xlsx]'."
        ) from None
    return openpyxl


def write_template(path: str | os.PathLike[str]) -> None:
    """Write a spreadsheet to fill in, with an example in it.

    Parameters
    ----------
    path : str or path
        Where; the file appears whole or not at all.

    Raises
    ------
    DataError
        If openpyxl is not installed.
    OSError
        If the file cannot be written.
    """
    openpyxl = _openpyxl()
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "programme"
    sheet.append(["key", "question", "answer", "must be"])
    for row in _ROWS:
        sheet.append([row.key, row.asks, row.example, row.rule])
    tail = "How do the biggest successes grow? (a power law has the bigger outliers)"
    sheet.append([_TAIL, tail, _TAILS[0], " or ".join(_TAILS)])
    for column, width in zip("ABCD", (12, 68, 14, 34), strict=True):
        sheet.column_dimensions[column].width = width
    for cell in sheet[1]:
        cell.font = openpyxl.styles.Font(bold=True)
    held = io.BytesIO()
    book.save(held)
    in_one_step(path, lambda stream: stream.write(held.getvalue()))


def read_programme(path: str | os.PathLike[str]) -> Programme:
    """The programme that a filled-in spreadsheet describes.

    Parameters
    ----------
    path : str or path
        A file that ``write_template`` wrote, with other answers in its third column.

    Returns
    -------
    Programme
        Ideas pay nothing with the share given, else by a Pareto law, or a lognormal one, through the two quantiles
        given: an assumption, as the sheet says.

    Raises
    ------
    DataError
        With every cell that breaks its rule, or if the file is no such spreadsheet.
    """
    answers, where = _cells(path)
    problems: list[str] = []
    numbers = {row.key: _number(row, answers, where, problems) for row in _ROWS}
    tail = answers.get(_TAIL)
    if tail not in _TAILS:
        problems.append(f"{where.get(_TAIL, _TAIL)} ({_TAIL}) must be {' or '.join(_TAILS)}, got {_check.shown(tail)}")
    typical, big = numbers["typical"], numbers["big"]
    if not problems and big <= typical:
        problems.append(f"{where['big']} (big) must be above typical ({typical:g}), got {big:g}")
    if not problems:
        try:
            return _programme(numbers, str(tail))
        except TailsimError as error:
            problems.append(str(error).removesuffix("."))
    raise DataError(f"{os.fsdecode(path)}: {'; '.join(problems)}.")


def _programme(numbers: dict[str, float], tail: str) -> Programme:
    return Programme(
        _ideas(numbers["fail"], numbers["typical"], numbers["big"], tail),
        int(numbers["ideas"]),
        stake=numbers["stake"],
        overhead=numbers["overhead"],
        goal=ProbAtLeast(numbers["goal"]),
        hit=numbers["hit"],
    )


def _ideas(fail: float, typical: float, big: float, tail: str) -> Payoff:
    """A law of which half of what pays is at least ``typical`` and a tenth at least ``big``."""
    law: Payoff
    if tail == "lognormal":
        law = LogNormal(math.log(typical), math.log(big / typical) / _Z90)
    else:
        index = math.log(5.0) / math.log(big / typical)
        law = Pareto(index, typical * 0.5 ** (1.0 / index))
    return law if fail == 0.0 else ZeroInflated(law, fail)


def _number(row: _Row, answers: dict[str, Any], where: dict[str, str], problems: list[str]) -> float:
    """The answer to a question; a broken rule goes to the list."""
    value: Any = answers.get(row.key)
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if number and row.low <= value <= row.high and not (row.whole and value != int(value)):
        return float(value)
    place = where.get(row.key)
    told = f"{place} ({row.key})" if place else f"the row with the key {row.key}"
    problems.append(f"{told} must be {row.rule}, got {'nothing' if value is None else _check.shown(value)}")
    return math.nan


def _cells(path: str | os.PathLike[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Answers by key, and the cell each stands in."""
    openpyxl = _openpyxl()
    name = os.fsdecode(path)
    try:
        with open(path, "rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise DataError(f"{name}: the file cannot be read ({error.strerror}); give a spreadsheet's path.") from None
    if len(data) > _MOST_BYTES:
        raise DataError(f"{name}: the spreadsheet must be at most {_MOST_BYTES:,} bytes; write a new template.")
    try:
        sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        rows = list(sheet.iter_rows(max_row=200, max_col=3, values_only=True))
    except Exception as error:  # openpyxl raises whatever a broken file makes it stumble over
        said = type(error).__name__
        raise DataError(f"{name}: this is no spreadsheet that can be read ({said}); write a new template.") from None
    keys = {row.key for row in _ROWS} | {_TAIL}
    found = [(str(row[0]).strip(), row[2], f"cell C{i}") for i, row in enumerate(rows, 1) if len(row) > 2 and row[0]]
    answers = {key: value.strip() if isinstance(value, str) else value for key, value, _ in found if key in keys}
    return answers, {key: place for key, _, place in found if key in keys}
