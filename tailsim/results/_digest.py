"""A fingerprint of configuration and summaries, byte by byte the same on any machine."""

import hashlib
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from ..portfolio import Portfolio
    from .summary import Summary

STREAM_VERSION = 1
_APART = ("multiples", "winners", "squared_failures", "entered", "idle")


def _feed(sink: Any, value: object) -> None:
    """Type and content of a value, recursively; every item carries its length."""
    if is_dataclass(value):
        _feed(sink, type(value).__name__)
        for f in fields(value):
            if not f.name.startswith("_"):
                _feed(sink, f.name)
                _feed(sink, getattr(value, f.name))
    elif isinstance(value, (list, tuple)):
        _feed(sink, len(value))
        for item in value:
            _feed(sink, item)
    elif isinstance(value, np.ndarray):
        _feed(sink, value.shape)
        sink.update(np.ascontiguousarray(value).astype("<f8").tobytes())
    elif type(value).__repr__ is object.__repr__:  # a law of the user's own: its class and what it holds
        held = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
        names = sorted({*held, *getattr(value, "__dict__", ())})
        _feed(sink, [type(value).__qualname__, [(name, getattr(value, name, None)) for name in names]])
    else:
        text = value.hex() if isinstance(value, float) else repr(value)
        sink.update(f"{type(value).__name__}:{len(text)}:{text};".encode())


def digest(portfolio: "Portfolio", n_trials: int, seed: int, hurdle: float, summary: "Summary") -> str:
    """Hex digest of what was asked and what came out."""
    sink = hashlib.sha256()
    _feed(sink, ["tailsim", STREAM_VERSION, n_trials, seed, float(hurdle)])
    for bet, count in portfolio.runs():
        _feed(sink, count)
        _feed(sink, bet)
    _feed(sink, sorted(summary.multiples.counts.items()))
    names = [
        f.name for f in fields(summary) if f.name not in ("multiples", "winners", "squared_failures", "entered", "idle")
    ]
    _feed(sink, [getattr(summary, name) for name in names])
    if portfolio.dependence is not None:
        _feed(sink, ["dependence", portfolio.dependence, summary.squared_failures])
    if portfolio.count is not None:
        _feed(sink, ["count", repr(portfolio.count), summary.entered, summary.idle])
    return sink.hexdigest()


def portfolio_digest(portfolio: "Portfolio") -> str:
    """Hex digest of the bets of a portfolio and what they share."""
    sink = hashlib.sha256()
    for bet, count in portfolio.runs():
        _feed(sink, count)
        _feed(sink, bet)
    _feed(sink, ["dependence", portfolio.dependence, "count", repr(portfolio.count)])
    return sink.hexdigest()
