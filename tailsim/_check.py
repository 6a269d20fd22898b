"""Checks used at the door: each refuses in one sentence naming argument, value and rule."""

import math
import operator
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import ArgumentError, ArgumentTypeError


def shown(value: object) -> str:
    """The value as a message shows it: one short line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def refuse(name: str, rule: str, value: object, instead: str = "") -> ArgumentError:
    """The error for an argument that breaks its rule, for the caller to raise."""
    tail = f"; {instead}" if instead else ""
    return ArgumentError(f"{name} must be {rule}, got {shown(value)}{tail}.")


def real(
    name: str,
    value: Any,
    rule: str = "a finite number",
    *,
    above: float = -math.inf,
    low: float = -math.inf,
    high: float = math.inf,
    below: float = math.inf,
    finite: bool = True,
    instead: str = "",
) -> float:
    """A float within (above, below) and [low, high]; ``rule`` says so in words."""
    if isinstance(value, (bool, np.bool_, str, bytes)) or not hasattr(value, "__float__"):
        raise ArgumentTypeError(f"{name} must be {rule}, got {shown(value)}.")
    try:
        x = float(value)
    except (TypeError, ValueError):
        raise ArgumentTypeError(f"{name} must be {rule}, got {shown(value)}.") from None
    except OverflowError:
        raise refuse(name, rule, value, instead) from None
    inside = (x > above or above == -math.inf) and (x < below or below == math.inf) and low <= x <= high
    if not inside or (finite and not math.isfinite(x)):
        raise refuse(name, rule, value, instead)
    return x


def positive(name: str, value: Any) -> float:
    """A finite number above zero."""
    return real(name, value, "a finite number above 0", above=0.0)


def probability(name: str, value: Any, rule: str = "a probability between 0 and 1") -> float:
    """A number in [0, 1]."""
    return real(name, value, rule, low=0.0, high=1.0)


def level(value: Any) -> float:
    """A confidence level in (0, 1)."""
    return real("level", value, "a confidence level strictly between 0 and 1, such as 0.95", above=0.0, below=1.0)


def integer(
    name: str,
    value: Any,
    rule: str = "a whole number",
    *,
    low: int | None = None,
    high: int | None = None,
    instead: str = "",
) -> int:
    """An int within [low, high]; 1e5 is accepted as 100000, 1.5 is not."""
    if isinstance(value, (bool, np.bool_)):
        raise ArgumentTypeError(f"{name} must be {rule}, got {shown(value)}.")
    try:
        if isinstance(value, (float, np.floating)):
            if not float(value).is_integer():
                raise refuse(name, rule, value, instead)
            n = int(value)
        else:
            n = operator.index(value)
    except TypeError:
        raise ArgumentTypeError(f"{name} must be {rule}, got {shown(value)}.") from None
    if (low is not None and n < low) or (high is not None and n > high):
        raise refuse(name, rule, value, instead)
    return n


def one_of(name: str, value: Any, options: Sequence[str]) -> str:
    """One of the named options."""
    if not isinstance(value, str) or value not in options:
        raise refuse(name, "one of " + ", ".join(repr(o) for o in options), value)
    return value


def instance(name: str, value: Any, kind: type | tuple[type, ...], rule: str) -> Any:
    """An instance of ``kind``, named in words by ``rule``."""
    if not isinstance(value, kind):
        raise ArgumentTypeError(f"{name} must be {rule}, got {shown(value)}.")
    return value


def numbers(
    name: str,
    values: Any,
    rule: str = "a non-empty one-dimensional array of finite numbers",
    *,
    min_size: int = 1,
    low: float = -math.inf,
    finite: bool = True,
) -> NDArray[np.float64]:
    """A read-only one-dimensional float64 copy of ``values``."""
    if isinstance(values, (str, bytes)) or not (isinstance(values, Iterable) or hasattr(values, "__array__")):
        raise ArgumentTypeError(f"{name} must be {rule}, got {shown(values)}.")
    try:
        raw = np.asarray(values if hasattr(values, "__array__") else list(values))
        if raw.dtype.kind not in "iuf" and not (raw.dtype.kind == "O" and raw.size):
            raise TypeError
        x = np.array(raw, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ArgumentTypeError(f"{name} must be {rule}, got {shown(values)}.") from None
    if x.ndim != 1 or x.size < min_size:
        raise ArgumentError(f"{name} must be {rule}, got {shown(values)} of shape {x.shape}.")
    bad = ~np.isfinite(x) if finite else np.isnan(x)
    bad |= x < low
    if bad.any():
        i = int(np.argmax(bad))
        raise ArgumentError(f"{name} must be {rule}, got {float(x[i])!r} at position {i}.")
    x.flags.writeable = False
    return x


def probabilities(name: str, values: Any, *, min_size: int = 1) -> NDArray[np.float64]:
    """Numbers in [0, 1] that sum to one within 1e-9."""
    rule = "probabilities that are not negative and sum to 1"
    p = numbers(name, values, rule, min_size=min_size, low=0.0)
    total = math.fsum(p)
    if abs(total - 1.0) > 1e-9:
        raise ArgumentError(f"{name} must be {rule}, got a sum of {total:.12g}; divide them by it if so meant.")
    return p


def normalised(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities divided by their sum, once: what has been divided is left as it is, bit by bit."""
    total = math.fsum(p)
    return p if abs(total - 1.0) <= 2.0**-51 else p / total
