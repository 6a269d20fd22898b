"""Samples in a unit of their own, so that no sum or square overflows."""

import numpy as np
from numpy.typing import NDArray


def exponent_of(x: NDArray[np.float64]) -> int:
    """The power of two above the largest entry of ``x`` in size."""
    return int(np.frexp(np.max(np.abs(x)))[1])


def to_unit(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """``x`` over that power of two, exactly: the largest entry in size comes into [1/2, 1)."""
    return np.asarray(np.ldexp(x, -exponent_of(x)))
