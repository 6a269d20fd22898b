"""Numbers keep the digits that their interval supports, and no more."""

import math

import pytest

from tailsim.report import numbers
from tailsim.stats.estimate import Estimate


def estimate(value: float, half: float) -> Estimate:
    return Estimate(value, half / 2, (value - half, value + half), 0.95, "a test", 1000)


@pytest.mark.parametrize(
    ("value", "half", "shown"),
    [
        (2.2004, 0.004, "2.20x"),
        (2.2004, 0.04, "2.2x"),
        (2.6, 0.1, "2.6x"),
        (2.6, 0.4, "3x"),
        (0.153, 0.003, "0.15x"),
        (3.4, 9.0, "3x"),
        (31_234.0, 900.0, "31,000x"),
        (31_234.0, 9.0, "31,200x"),
        (6.02e23, 1e21, "6e+23x"),
        (1_234_567.0, 900.0, "1.23Mx"),
        (123_456_789.0, 900.0, "123Mx"),
        (123_456_789.0, 3e6, "120Mx"),
        (-45.6e9, 1e8, "-45.6Bx"),
        (7.8e14, 1e12, "780Tx"),
        (2.04e-9, 1e-11, "2e-09x"),
        (-2.5, 0.05, "-2.5x"),
        (0.0, 0.0, "0.00x"),
        (math.inf, 1.0, "no limit"),
    ],
)
def test_multiples(value: float, half: float, shown: str) -> None:
    assert numbers.multiple(estimate(value, half)) == shown


@pytest.mark.parametrize(
    ("value", "half", "shown"),
    [
        (0.2254, 0.0026, "23%"),
        (0.2254, 0.0009, "22.5%"),
        (0.9999, 0.00005, ">99.9%"),
        (0.997, 0.0012, ">99%"),
        (1.0, 0.0001, ">99.9%"),
        (0.0002, 0.0001, "<0.1%"),
        (0.003, 0.002, "<1%"),
    ],
)
def test_probabilities(value: float, half: float, shown: str) -> None:
    assert numbers.percent(estimate(value, half)) == shown


def test_a_share_of_a_law_is_in_whole_per_cent() -> None:
    assert (numbers.percent(0.3287), numbers.percent(0.9999)) == ("33%", ">99%")


def test_a_share_of_past_bets_comes_with_its_interval() -> None:
    assert numbers.percent_within(Estimate(0.344, 0.01, (0.328, 0.361), 0.95, "a test", 3193)) == "34% (33% to 36%)"
    assert (
        numbers.percent_within(Estimate(0.014, 0.0005, (0.013, 0.015), 0.95, "a test", 50_000)) == "1.4% (1.3% to 1.5%)"
    )


def test_an_estimated_mean_comes_with_its_interval() -> None:
    mean = Estimate(84.6e6, 3e6, (80.01e6, 91.3e6), 0.95, "a test", 3193)
    assert numbers.multiple_within(mean) == "85Mx (80Mx to 91Mx)"
