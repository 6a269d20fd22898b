"""Numbers at the door of a law: a scalar in, a float out; an array in, a float64 array of its shape out."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._check import shown
from ..errors import ArgumentError, ArgumentTypeError

Floats = NDArray[np.float64]


def reals(name: str, value: Any, rule: str, low: float = -np.inf, high: float = np.inf) -> Floats:
    """``value`` as float64 of any shape, within [low, high] and without NaN; ``rule`` says so in words."""
    try:
        raw = np.asarray(value)
        if raw.dtype.kind not in "iuf" and not (raw.dtype.kind == "O" and raw.size):
            raise TypeError
        if raw.dtype.kind == "O" and any(y is None for y in raw.flat):
            raise TypeError  # which numpy would make NaN
        x = raw.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ArgumentTypeError(f"{name} must be {rule}, got {shown(value)}.") from None
    bad = ~((x >= low) & (x <= high))
    if bad.any():
        i = int(np.argmax(bad))
        where = f" at position {i}" if x.ndim else ""
        raise ArgumentError(f"{name} must be {rule}, got {float(x.reshape(-1)[i])!r}{where}.")
    return x


def shaped(function: Callable[[Floats], Floats], x: Floats) -> Any:
    """``function`` of the flattened x, in the shape of x; a float where x is a scalar.

    Limits such as 1/0 and log(0) are meant where the formulas of laws reach them.
    """
    with np.errstate(all="ignore"):
        y = function(x.reshape(-1))
    return float(y[0]) if x.ndim == 0 else np.asarray(y, dtype=np.float64).reshape(x.shape)


def put(law: object, **fields: Any) -> None:
    """Set fields of a frozen dataclass while it is being made; arrays become read-only."""
    for name, value in fields.items():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
        object.__setattr__(law, name, value)
