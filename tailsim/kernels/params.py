"""Parameter tuples: what a compiled kernel needs to know of a law, one NamedTuple type per kernel.

The type of the tuple selects the kernel; nothing here imports numba.
"""

import math
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray


class Power(NamedTuple):
    """scale * v**exponent, for parameters whose result can neither overflow nor lose digits."""

    exponent: float
    scale: float


class SafePower(NamedTuple):
    """scale * v**exponent for any exponent: log2 in two parts, clamped exponent."""

    exponent: float
    scale: float


class PowerMinusOne(NamedTuple):
    """scale * (v**exponent - 1), exact near v = 1."""

    exponent: float
    scale: float


class SafePowerMinusOne(NamedTuple):
    """As PowerMinusOne, for any exponent."""

    exponent: float
    scale: float


class NegLog(NamedTuple):
    """scale * -log(v)."""

    scale: float


class NegLogPower(NamedTuple):
    """scale * (-log v)**exponent."""

    exponent: float
    scale: float


class NegLog1pPower(NamedTuple):
    """scale * (-log(1 - v))**exponent."""

    exponent: float
    scale: float


class ExpNormal(NamedTuple):
    """scale * exp(mu + sigma * z), z the normal quantile of exceedance v."""

    mu: float
    sigma: float
    scale: float = 1.0


class Gaussian(NamedTuple):
    """mu + sigma * z, z the normal quantile of exceedance v."""

    mu: float
    sigma: float


class Odds(NamedTuple):
    """The base at v / (1 - v), which may exceed 1."""

    base: Power | SafePower


class PowerProduct(NamedTuple):
    """The outer power of v times the root of -inner, inner = v**exponent - 1 between -1 and 0."""

    inner: SafePowerMinusOne
    root: SafePower
    outer: Power | SafePower


class Linear(NamedTuple):
    """high - width * v."""

    high: float
    width: float


class Fixed(NamedTuple):
    """value, whatever v."""

    value: float


class Resample(NamedTuple):
    """values[ceil(v * n) - 1], values in decreasing order."""

    values: NDArray[np.float64]


class Pieces(NamedTuple):
    """Buckets from the top down.

    The first piece is the law ``top`` at v / upto[0]; piece i > 0 holds a[i] + b[i] * f, or exp of
    it where log[i] is one, with f = (v - upto[i-1]) / (upto[i] - upto[i-1]), times the scale.
    """

    upto: NDArray[np.float64]
    a: NDArray[np.float64]
    b: NDArray[np.float64]
    log: NDArray[np.float64]
    top: "Params"
    scale: float = 1.0


class Table(NamedTuple):
    """A quantile in cells: shift + scale * (m0 + m1 v) * poly(t), degree 5, 2**bits cells an octave of u.

    u is v up to 1/2 and 1 - v above it, where the cells begin at number ``lower`` (0 for a symmetric law); beyond
    ``TABLE_OCTAVES`` the logarithm of the same ratio is ``slope`` times the depth in octaves plus a barycentric
    interpolation of ``values[side]`` between ``ends[side]``.
    """

    cells: NDArray[np.float64]
    bits: int
    lower: int
    m0: float
    m1: float
    slope: NDArray[np.float64]
    ends: NDArray[np.float64]
    values: NDArray[np.float64]
    nodes: NDArray[np.float64]
    scale: float = 1.0
    shift: float = 0.0


class LogTable(NamedTuple):
    """As Table, with the cells holding the logarithm of the ratio: for quantiles that run over many magnitudes."""

    cells: NDArray[np.float64]
    bits: int
    lower: int
    m0: float
    m1: float
    slope: NDArray[np.float64]
    ends: NDArray[np.float64]
    values: NDArray[np.float64]
    nodes: NDArray[np.float64]
    scale: float = 1.0
    shift: float = 0.0


class WithZeros(NamedTuple):
    """Zero where v > q, else the base at v / q."""

    q: float
    base: "Params"


class Moved(NamedTuple):
    """factor * base + shift, rounded twice."""

    factor: float
    shift: float
    base: "Params"


class Within(NamedTuple):
    """The base at exceedance above + width * v, kept between low and high."""

    above: float
    width: float
    low: float
    high: float
    base: "Params"


class Capped(NamedTuple):
    """The base, at most the cap."""

    cap: float
    base: "Params"


class Split(NamedTuple):
    """The upper law at v / p where v <= p, else the lower one at (v - p) / (1 - p)."""

    p: float
    upper: "Params"
    lower: "Params"


Params: TypeAlias = tuple[Any, ...]

_DEEPEST = 1074.0
TABLE_OCTAVES = 32  # octaves of the exceedance, on either side, that have cells


def scratch_rows(params: Params) -> int:
    """Rows of scratch that the kernel of these parameters works in."""
    if isinstance(params, WithZeros | Within | Odds):
        return 1 + scratch_rows(params.base)
    if isinstance(params, Moved | Capped):
        return scratch_rows(params.base)
    if isinstance(params, Pieces):
        return 3 + scratch_rows(params.top)
    if isinstance(params, Split):
        return 3 + max(scratch_rows(params.upper), scratch_rows(params.lower))
    return 3 if isinstance(params, PowerProduct) else 2


def power(exponent: float, scale: float) -> Power | SafePower:
    """scale * v**exponent by the fast kernel where no double v can make it leave the normal range."""
    size = math.log2(scale)
    fast = -1.0 <= exponent < 0.0 and -exponent * _DEEPEST + size + 2.0 < 1023.0 and size > -1000.0
    return (Power if fast else SafePower)(exponent, scale)


def power_minus_one(exponent: float, scale: float) -> PowerMinusOne | SafePowerMinusOne:
    """scale * (v**exponent - 1), chosen as in ``power``."""
    fast = isinstance(power(exponent, 1.0), Power)
    return (PowerMinusOne if fast else SafePowerMinusOne)(exponent, scale)
