"""What past bets cost and paid: the result of reading a table, and the rules its cells must keep."""

import math
import os
import re
from array import array
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._check import instance, one_of, shown
from ..errors import ArgumentError, DataError
from .tables import Table, open_table, printable

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NONZERO = re.compile(r"[^eE]*[1-9]")
_NOT_KNOWN = re.compile(r"(?i)[+-]?(nan|na|n/a|null|none|inf|infinity|-|\?)")
_YES, _NO = frozenset(("yes", "y", "true", "1", "open")), frozenset(("no", "n", "false", "0", "closed"))
MOST_BETS = 20_000_000  # some 300 MB


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Outcomes:
    """Past bets as a table gives them: what each cost and what it paid.

    Attributes
    ----------
    payoffs : ndarray of float64, shape (n,)
        What each bet paid, gross, in the unit of the stakes; may be negative. Read-only.
    stakes : ndarray of float64, shape (n,)
        What each bet cost, all above 0; all 1 where no column of stakes was named. Read-only.
    groups : tuple of str or None
        The group of each bet, where a column was named.
    source : str
        The file they come from.
    n_skipped : int
        Rows left out because a cell in one of the columns asked for was empty: the only reason a row is
        ever left out, and only with ``missing="skip"``.
    still_open : ndarray of bool, shape (n,), or None
        Which bets are not finished, where a column was named: their payoff is what they are worth so far. Read-only.
    """

    payoffs: NDArray[np.float64]
    stakes: NDArray[np.float64]
    groups: tuple[str, ...] | None
    source: str
    n_skipped: int
    still_open: NDArray[np.bool_] | None = None

    @property
    def n_bets(self) -> int:
        """How many bets were read."""
        return self.payoffs.size

    @property
    def multiples(self) -> NDArray[np.float64]:
        """What each bet paid per unit staked, shape (n,); a multiple beyond a double raises DataError."""
        with np.errstate(over="ignore"):
            multiples = self.payoffs / self.stakes
        if not np.isfinite(multiples).all():
            bet = int(np.argmin(np.isfinite(multiples)))
            found = f"{self.payoffs[bet]:g} paid for a stake of {self.stakes[bet]:g}"
            raise DataError(f"{self.source}: multiples must be below 1.8e308, got {found}; check these two cells.")
        return multiples

    def __repr__(self) -> str:
        skipped = f", {self.n_skipped:,} rows skipped" if self.n_skipped else ""
        grouped = f" in {len(set(self.groups)):,} groups" if self.groups is not None else ""
        return f"Outcomes({self.n_bets:,} bets{grouped} from {self.source}{skipped})"


def read_outcomes(
    path: str | os.PathLike[str],
    *,
    payoff: str,
    stake: str | None = None,
    group: str | None = None,
    still_open: str | None = None,
    missing: str = "refuse",
) -> Outcomes:
    r"""Read a table of past bets from a CSV or a Parquet file.

    Parameters
    ----------
    path : str or path
        Names that end in .parquet or .pq are read with pyarrow; all others are read as CSV, row by row.
    payoff, stake, group, still_open : str
        Names of columns. Without ``stake`` every bet costs 1. ``still_open`` holds yes or no (or true and false, 1
        and 0, open and closed): what an open bet paid is what it is worth so far.
    missing : "refuse" or "skip"
        What to do with a row in which one of these columns is empty; rows skipped are counted.

    Returns
    -------
    Outcomes

    Raises
    ------
    DataError
        If the file breaks a rule below, in one sentence that starts with file:line:column, where column
        is the number of the field in its row or, for bytes that are not text, of the byte in its line.
        Nothing is returned half-read.
    ArgumentError
        If another argument is wrong.

    Notes
    -----
    The rule for CSV: UTF-8, with or without a byte order mark; lines end in LF or CRLF and no row is
    longer than 1,000,000 bytes; the first line that is not blank is the header; fields are separated by
    the first of comma, semicolon and tab under which the header has all the columns asked for; fields
    may be quoted with ``"``, doubled inside; spaces around an unquoted field, before a quoted one and
    inside its quotation marks at both ends do not count; lines with nothing but spaces are skipped; every
    other row has as many fields as the header.

    The rule for numbers: plain digits with a decimal point and an optional exponent (``1234.5``,
    ``-3``, ``2e6``), within the range of a double; stakes are above 0. Decimal commas, thousands
    separators, currency and percent signs, ``NaN`` and ``inf`` are refused, not guessed at.

    In a Parquet file the same rules hold for the values, and the line is the number of the row. Files of any size are
    read row by row, up to 20,000,000 bets; a longer one is refused at the row after them.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "bets.csv")
    ...     _ = path.write_text("name,cost,paid\nA,10,0\nB,20,5\nC,10,90\n")
    ...     outcomes = read_outcomes(path, payoff="paid", stake="cost")
    >>> outcomes.multiples
    array([0.  , 0.25, 9.  ])
    """
    instance("path", path, (str, os.PathLike), "a path to a table of past bets")
    one_of("missing", missing, ("refuse", "skip"))
    columns = _columns(payoff, stake, group, still_open)
    source = printable(os.fsdecode(path))
    if "\0" in os.fsdecode(path):
        raise DataError(f"{source}:1:1: no file has such a name; give the path of a table of past bets.")
    try:
        with open(path, "rb") as stream:
            return _collect(open_table(stream, source, columns), columns, missing)
    except FileNotFoundError:
        raise DataError(f"{source}:1:1: there is no such file; give the path of a table of past bets.") from None
    except IsADirectoryError:
        raise DataError(f"{source}:1:1: this is a directory; give the path of a file in it.") from None
    except OSError as error:
        reason = error.strerror or printable(str(error))[:80]
        raise DataError(f"{source}:1:1: the file cannot be read ({reason}); check it and its permissions.") from None


class _Fault(Exception):
    """A cell that breaks a rule; the message continues "column ... must"."""


def _columns(payoff: str, stake: str | None, group: str | None, still_open: str | None) -> dict[str, str]:
    """The columns asked for, by role, in the order in which their cells travel."""
    asked = {"payoff": payoff, "stake": stake, "group": group, "still_open": still_open}
    columns = {
        role: instance(role, name, str, "the name of a column").strip()
        for role, name in asked.items()
        if name is not None or role == "payoff"
    }
    if len(set(columns.values())) < len(columns):
        pairs = ", ".join(f"{role}={name!r}" for role, name in columns.items())
        raise ArgumentError(f"payoff, stake, group and still_open must name different columns, got {pairs}.")
    return columns


def _collect(table: Table, columns: dict[str, str], missing: str) -> Outcomes:
    """All rows of an open table, or the first fault in it."""
    payoffs, stakes, unfinished = array("d"), array("d"), array("b")
    groups: list[str] = []
    labels: dict[str, str] = {}
    kept: dict[str, Callable[[str], None]] = {
        "payoff": lambda cell: payoffs.append(_number(cell)),
        "stake": lambda cell: stakes.append(_stake(cell)),
        "group": lambda cell: groups.append(labels.setdefault(_filled(cell), cell)),
        "still_open": lambda cell: unfinished.append(_yes(cell)),
    }
    keep = [(role, kept[role], position) for role, position in zip(columns, table.positions, strict=True)]
    n_skipped = 0
    for line, cells in table.rows:
        if missing == "skip" and "" in cells:
            n_skipped += 1
            continue
        if len(payoffs) == MOST_BETS:
            hint = "take a random sample of its rows"
            raise DataError(f"{table.source}:{line}:1: a table may hold at most {MOST_BETS:,} bets; {hint}.")
        for (role, append, position), cell in zip(keep, cells, strict=True):
            try:
                append(cell)
            except _Fault as fault:
                where = f"{table.source}:{line}:{position + 1}: {role} column {shown(columns[role])}"
                raise DataError(f"{where} must {fault}.") from None
    if not payoffs:
        why = "every row has an empty cell in a column asked for" if n_skipped else "there is no row below the header"
        raise DataError(f"{table.source}:1:1: {why}; a table of past bets needs at least one bet.")
    paid, spent = np.array(payoffs), np.array(stakes) if "stake" in columns else np.ones(len(payoffs))
    paid.flags.writeable = spent.flags.writeable = False
    is_open = np.array(unfinished, dtype=np.bool_) if "still_open" in columns else None
    if is_open is not None:
        is_open.flags.writeable = False
    return Outcomes(paid, spent, tuple(groups) if "group" in columns else None, table.source, n_skipped, is_open)


def _filled(cell: str) -> str:
    """The cell, unless it is empty."""
    if not cell:
        raise _Fault('be filled, got an empty cell; fill it, or pass missing="skip" to leave out and count such rows')
    return cell


def _number(cell: str) -> float:
    """The number in a cell, by the rule stated in `read_outcomes`."""
    if not _NUMBER.fullmatch(_filled(cell)):
        hint = "remove currency signs, percent signs, spaces and words"
        if _NOT_KNOWN.fullmatch(cell):
            hint = 'if it is not known leave the cell empty and pass missing="skip"'
        elif "," in cell:
            hint = "write a decimal point instead of a decimal comma, and no thousands separators"
        raise _Fault(f"hold plain numbers such as 1234.5, got {shown(cell)}; {hint}")
    value = float(cell)
    if not math.isfinite(value) or (value == 0.0 and _NONZERO.match(cell)):
        raise _Fault(f"hold numbers within a double (5e-324 to 1.8e308), got {shown(cell)}; rescale the unit")
    return value


def _yes(cell: str) -> bool:
    """The yes or no in a cell."""
    word = _filled(cell).lower()
    if word not in _YES and word not in _NO:
        raise _Fault(
            f"hold yes or no (or true and false, 1 and 0, open and closed), got {shown(cell)}; write one of them"
        )
    return word in _YES


def _stake(cell: str) -> float:
    """The stake in a cell."""
    value = _number(cell)
    if value <= 0.0:
        raise _Fault(f"be above 0, got {shown(cell)}; give what the bet cost, or leave it out")
    return value
