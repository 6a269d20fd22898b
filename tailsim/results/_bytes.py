"""A Summary as bytes and back: exact integers, histogram and winners."""

from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _sealed
from ..stats.accumulate import N_BINS, Histogram
from .summary import Summary, Winners

_NUMBERS = tuple(f.name for f in fields(Summary) if f.name not in ("multiples", "winners"))
_ARRAYS = {"bins": "<i8", "bin_counts": "<i8", "winner_trials": "<i8", "winner_totals": "<f8"}
_MOST_DIGITS = 1200  # hexadecimal: an exact sum of 2**44 squares has fewer


def summary_to_bytes(summary: Summary) -> bytes:
    """A sealed npz, from which ``summary_from_bytes`` makes an equal summary; equal ones give equal bytes."""
    numbers, arrays = apart(summary)
    return _sealed.pack({"numbers": numbers}, arrays)


def summary_from_bytes(data: bytes, name: str = "the summary") -> Summary:
    """The summary that was turned into bytes; CorruptFileError, which calls them ``name``, if they are damaged."""
    manifest, arrays = _sealed.unpack(data, name)
    return together(manifest.get("numbers"), arrays, name)


def apart(summary: Summary) -> tuple[dict[str, str], dict[str, NDArray[Any]]]:
    """(integers of any size as hexadecimal text, arrays), to be put beside others in a sealed file."""
    bins, counts = summary.multiples._compact()
    held = summary.winners
    arrays = (bins, counts, held.trials, held.totals)
    return {name: hex(getattr(summary, name)) for name in _NUMBERS}, dict(zip(_ARRAYS, arrays, strict=True))


def together(numbers: Any, arrays: dict[str, NDArray[Any]], name: str) -> Summary:
    """The summary of which ``apart`` made these."""
    try:
        whole = {key: _integer(numbers[key]) for key in _NUMBERS}
        bins, counts, trials, totals = (arrays[key] for key in _ARRAYS)
        if any(arrays[key].dtype.str != kind for key, kind in _ARRAYS.items()):
            raise ValueError("arrays of another type")
        _check_counts(whole["n_trials"], bins, counts)
        if len(trials) != len(totals) or ((trials < 0) | (trials >= whole["n_trials"])).any():
            raise ValueError("winners that are no trials")
    except (KeyError, TypeError, ValueError) as error:
        raise _sealed.corrupt(name, f"its summary is not what tailsim writes ({error})") from None
    histogram = Histogram()
    histogram.add(bins.astype(np.int64), counts.astype(np.int64))
    return Summary(multiples=histogram, winners=Winners(trials, totals), **whole)


def _integer(text: Any) -> int:
    """An integer from hexadecimal text."""
    if not isinstance(text, str) or len(text) > _MOST_DIGITS:
        raise ValueError("a number that is none")
    return int(text, 16)


def _check_counts(n_trials: int, bins: NDArray[Any], counts: NDArray[Any]) -> None:
    """Refuse a histogram that no trials make."""
    increasing = len(bins) == len(counts) and bool((np.diff(bins) > 0).all())
    if not increasing or (len(bins) and not 0 <= bins[0] <= bins[-1] < N_BINS):
        raise ValueError("bins out of order")
    if not 0 <= n_trials <= 2**44 or (counts <= 0).any() or sum(counts.tolist()) > n_trials:
        raise ValueError("counts that are not those of its trials")
