"""Past bets from whatever holds them: an array, a frame, a mapping of columns, or the path of a file."""

import difflib
import os
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ..errors import ArgumentError, DataError
from .outcomes import MOST_BETS, Outcomes, read_outcomes

_RULE = "an array of outcomes, a frame, a mapping of columns, or the path of a CSV or Parquet file"


def history_of(
    table: Any,
    *,
    payoff: str | None = None,
    stake: Any = None,
    group: Any = None,
    still_open: Any = None,
    missing: str = "refuse",
) -> Outcomes:
    """Past bets, in their order.

    Parameters
    ----------
    table : array_like, frame, mapping, path or Outcomes
        What bets paid as a one-dimensional array; or a table with columns: a pandas or polars frame, a mapping of
        names to columns, or the path of a CSV or Parquet file (see `read_outcomes` for its rule).
    payoff : str
        The column of a table that holds what bets paid; not for an array.
    stake, group, still_open : str or array_like, optional
        Columns of a table by name; beside an array, arrays as long as it. A stake may be one number for all; without
        it every bet costs 1 (and payoffs may as well be multiples). ``still_open`` is True where a bet is not
        finished and its payoff is what it is worth so far.
    missing : "refuse" or "skip"
        What to do with a row in which a cell asked for is empty (or NaN, in a frame).

    Returns
    -------
    Outcomes

    Raises
    ------
    ArgumentError
        If an argument breaks its rule, or a column has another name (the nearest is suggested).
    DataError
        If a file breaks the rule of `read_outcomes`.

    Examples
    --------
    >>> from tailsim.io import history_of
    >>> history_of({"paid": [0, 5, 90], "cost": [10, 20, 10]}, payoff="paid", stake="cost").multiples
    array([0.  , 0.25, 9.  ])
    """
    if isinstance(table, Outcomes):
        if any(given is not None for given in (payoff, stake, group, still_open)):
            raise ArgumentError("payoff, stake, group and still_open must be left out where table is an Outcomes.")
        return table
    _check.one_of("missing", missing, ("refuse", "skip"))
    if isinstance(table, (str, os.PathLike)):
        return _from_file(table, payoff, stake, group, still_open, missing)
    if isinstance(table, Mapping) or hasattr(table, "columns"):
        return _from_columns(table, payoff, stake, group, still_open, missing)
    if payoff is not None:
        raise _check.refuse("payoff", "left out for an array, which has no columns", payoff)
    if not hasattr(table, "__array__") and not isinstance(table, Iterable):
        raise _check.refuse("table", _RULE, table)
    return _assembled("table", table, stake, group, still_open, "an array", missing)


def _from_file(path: Any, payoff: Any, stake: Any, group: Any, still_open: Any, missing: str) -> Outcomes:
    """From a file; a stake may be a number."""
    named = _payoff_named(payoff)
    price = None if stake is None or isinstance(stake, str) else _check.positive("stake", stake)
    column = stake if price is None else None
    outcomes = read_outcomes(path, payoff=named, stake=column, group=group, still_open=still_open, missing=missing)
    if price is None:
        return outcomes
    stakes = np.full(outcomes.n_bets, price)
    stakes.flags.writeable = False
    rest = (outcomes.groups, outcomes.source, outcomes.n_skipped, outcomes.still_open)
    return Outcomes(outcomes.payoffs, stakes, *rest)


def _payoff_named(payoff: Any) -> str:
    rule = "the name of the column that holds what bets paid"
    return str(_check.instance("payoff", payoff, str, rule))


def _from_columns(table: Any, payoff: Any, stake: Any, group: Any, still_open: Any, missing: str) -> Outcomes:
    """From a frame or a mapping."""
    names = [str(name) for name in (table.keys() if isinstance(table, Mapping) else table.columns)]

    def column(role: str, name: Any) -> Any:
        if not isinstance(name, str):
            return name
        if name not in names:
            near = difflib.get_close_matches(name.lower(), [known.lower() for known in names], 1)
            meant = next((known for known in names if near and known.lower() == near[0]), None)
            listed = ", ".join(map(_check.shown, names[:20])) + (", ..." if len(names) > 20 else "")
            hint = f"did you mean {meant!r}" if meant else f"name one of these as {role}"
            raise ArgumentError(f"{role} must be one of the columns {listed}, got {_check.shown(name)}; {hint}.")
        return table[name]

    paid = column("payoff", _payoff_named(payoff))
    rest = (column("stake", stake), column("group", group), column("still_open", still_open))
    return _assembled("payoff", paid, *rest, "a table", missing)


def _assembled(name: str, paid: Any, stake: Any, group: Any, still_open: Any, source: str, missing: str) -> Outcomes:
    """Columns as outcomes; rows with an empty cell refused or left out."""
    payoffs = _numbers(name, paid, missing)
    n = payoffs.size
    one = stake is None or np.ndim(stake) == 0
    stakes = np.full(n, 1.0 if stake is None else _check.positive("stake", stake)) if one else None
    if stakes is None:
        stakes = _as_long("stake", _numbers("stake", stake, missing), n)
    labels = None if group is None else _labels(group, n)
    flags = None if still_open is None else _flags(still_open, n)
    keep = ~(np.isnan(payoffs) | np.isnan(stakes))
    if labels is not None:
        keep &= np.array([label is not None for label in labels])
        if missing == "refuse" and not keep.all():
            raise _check.refuse("group", "a label for every bet", None, 'pass missing="skip" to leave out the others')
    if not keep.any():
        raise DataError(f"{name} must hold at least one bet, got none with all cells filled.")
    if (stakes[keep] <= 0.0).any():
        i = int(np.argmax(keep & (stakes <= 0.0)))
        raise ArgumentError(f"stake must be above 0, got {float(stakes[i])!r} at position {i}.")
    if keep.sum() > MOST_BETS:
        raise DataError(f"{name} must hold at most {MOST_BETS:,} bets, got {int(keep.sum()):,}; take a random sample.")
    groups = None if labels is None else tuple(str(x) for x, kept in zip(labels, keep, strict=True) if kept)
    kept_flags = None if flags is None else _frozen(flags[keep])
    return Outcomes(_frozen(payoffs[keep]), _frozen(stakes[keep]), groups, source, int(n - keep.sum()), kept_flags)


def _frozen(x: Any) -> Any:
    x.flags.writeable = False
    return x


def _as_long(name: str, x: Any, n: int) -> Any:
    if len(x) != n:
        raise ArgumentError(f"{name} must be one value for each of the {n} bets, got {len(x)} of them.")
    return x


def _numbers(name: str, values: Any, missing: str) -> NDArray[np.float64]:
    """Finite numbers; with missing="skip" NaN and None stand for empty cells."""
    if missing == "skip":
        listed = values.tolist() if hasattr(values, "tolist") else list(values)
        values = [np.nan if x is None else x for x in listed]
        found = np.array(values, dtype=object)
        bare = [x for x in found.tolist() if not (isinstance(x, float) and np.isnan(x))]
        if bare:
            _check.numbers(name, bare)
        return np.array(found.tolist(), dtype=np.float64)
    return np.array(_check.numbers(name, values))


def _labels(group: Any, n: int) -> list[Any]:
    """Group labels; None where a cell is empty."""
    if isinstance(group, (str, bytes)) or not (hasattr(group, "__array__") or isinstance(group, Iterable)):
        raise _check.refuse("group", f"one label for each of the {n} bets", group)
    listed = group.tolist() if hasattr(group, "tolist") else list(group)
    return list(_as_long("group", [None if x is None or x != x else x for x in listed], n))


def _flags(still_open: Any, n: int) -> NDArray[np.bool_]:
    """True where a bet is open."""
    flags = np.asarray(still_open)
    if flags.ndim != 1 or flags.size != n or not (flags.dtype == np.bool_ or set(np.unique(flags).tolist()) <= {0, 1}):
        raise _check.refuse("still_open", f"{n} booleans, True where the bet is not finished", still_open)
    return flags.astype(np.bool_)
