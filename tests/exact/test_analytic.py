"""Transforms by rotated integrals, against closed forms and the laws' own survival functions."""

import math

import numpy as np
import pytest

import tailsim as ts
from tailsim.exact._analytic import AnalyticFamily, NormalLog, StretchedLog
from tailsim.exact._counts import Fixed
from tailsim.exact._invert import tail
from tailsim.exact._lattice import bracket
from tailsim.exact._pieces import Pieces, kinds_of, pieces_at
from tailsim.exact._transforms import HalfWeibullFamily


def pieces_of(law: ts.Payoff, n: int, x: float) -> Pieces:
    found = kinds_of([(law, Fixed(n))])
    assert found is not None
    pieces = pieces_at(found[1], x)
    assert pieces is not None
    return pieces


def test_the_half_weibull_transform_has_a_closed_form() -> None:
    family, closed = AnalyticFamily(StretchedLog(0.5)), HalfWeibullFamily()
    s = np.geomspace(1e-4, 300.0, 9)[:, None] * np.exp(1j * math.pi * np.array([0.0, 0.3, 0.5, 0.7, 0.75]))
    assert np.abs(family.gap(s.ravel()) / closed.gap(s.ravel()) - 1.0).max() < 2e-12  # the closed form loses digits
    t = np.geomspace(2e-3, 50.0, 12)
    assert family.cut(t)[1] == pytest.approx(closed.cut(t)[1], rel=1e-11)


@pytest.mark.parametrize("law", [ts.LogNormal(0, 0.5), ts.LogNormal(2, 1), ts.LogNormal(0, 2.5), ts.Weibull(0.3)])
@pytest.mark.parametrize("p", [0.9, 0.5, 1e-4, 1e-12])
def test_inverted_again_it_is_the_law(law: ts.Payoff, p: float) -> None:
    x = law.isf(p)
    found = tail(pieces_of(law, 1, x))
    assert found.value == pytest.approx(p, rel=3e-13)
    assert abs(found.value - p) <= found.error + 3e-15 * p


@pytest.mark.parametrize(
    ("law", "n", "x"),
    [
        (ts.LogNormal(0, 1), 4, 60.0),
        (ts.LogNormal(0, 0.4), 3, 9.0),
        (ts.Weibull(0.8), 3, 10.0),
        (ts.Weibull(0.2), 5, 3e5),
    ],
)
def test_totals_lie_within_the_brackets_of_the_lattice(law: ts.Payoff, n: int, x: float) -> None:
    found, bounds = tail(pieces_of(law, n, x)), bracket([(law, Fixed(n))], x)
    assert bounds is not None
    assert bounds[0] <= found.value <= bounds[1]
    assert bounds[1] - bounds[0] <= 1e-4 * bounds[0]
    assert found.error <= 1e-7 * found.value


def test_narrow_lognormal_laws_say_how_much_is_lost() -> None:
    assert NormalLog(0.25).noise(math.pi) > 1e14
    estimate = ts.exact_total(ts.LogNormal(0, 0.25), 4).sf(5.0)
    bounds = bracket([(ts.LogNormal(0, 0.25), Fixed(4))], 5.0)
    assert bounds is not None
    assert bounds[0] <= estimate.value <= bounds[1]
    assert estimate.interval[1] - estimate.interval[0] <= 1e-4 * estimate.value
