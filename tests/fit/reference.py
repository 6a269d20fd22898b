"""The data that the powerlaw package ships, read without importing it: its import draws in matplotlib."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray


@cache
def reference(name: str) -> NDArray[np.float64]:
    """A data set of it; the test is skipped where the package is not installed."""
    spec = find_spec("powerlaw")
    if spec is None or spec.origin is None:
        pytest.skip("the powerlaw package is not installed")
    return np.loadtxt(Path(spec.origin).parent / "reference_data" / f"{name}.txt")
