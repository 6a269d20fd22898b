"""An Estimate behaves as its value and shows its interval."""

import math

import numpy as np
import pytest

from tailsim.stats import Estimate


def make(value=0.648, interval=(0.645, 0.651), verdict=None):
    return Estimate(value, 0.0015, interval, 0.95, "Clopper-Pearson", 100_000, verdict)


def test_repr_shows_value_interval_level_method_and_n():
    assert repr(make()) == "0.648 [0.645, 0.651] (95 %, Clopper-Pearson, n = 100,000)"
    assert str(make()) == repr(make()) == f"{make()}"


def test_repr_appends_the_verdict():
    assert repr(make(verdict="Beware.")).endswith("n = 100,000): Beware.")


@pytest.mark.parametrize(
    ("value", "interval", "shown"),
    [
        (0.0, (0.0, 0.0), "0 [0, 0]"),
        (3.0, (2.5, math.inf), "3.0 [2.5, inf]"),
        (math.inf, (2.0, math.inf), "inf [2, inf]"),
        (12_345.6, (12_000.0, 12_700.0), "12346 [12000, 12700]"),
        (2e12, (1e12, 3e12), "2e+12 [1e+12, 3e+12]"),
        (1e-9, (0.0, 3e-9), "1e-09 [0, 3e-09]"),
    ],
)
def test_repr_shows_half_the_interval_to_one_digit(value, interval, shown):
    assert repr(make(value, interval)).startswith(shown + " (")


def test_it_formats_converts_and_hashes_as_its_value():
    assert f"{make():.1f}" == "0.6"
    assert float(make()) == 0.648
    assert math.isinf(make(math.inf))
    assert hash(make()) == hash(0.648)


def test_it_compares_by_value_with_numbers_and_estimates():
    low, high = make(0.2), make(0.7)
    assert low < high
    assert low <= 0.2 < high
    assert high > 0.5
    assert low == 0.2
    assert np.float64(0.5) < high
    assert max(low, high) is high
    assert low == make(0.2, (0.0, 1.0), "another verdict")
    assert low != "0.2"
    with pytest.raises(TypeError):
        assert low < "0.7"


def test_it_cannot_be_changed():
    with pytest.raises(AttributeError):
        make().value = 1.0
