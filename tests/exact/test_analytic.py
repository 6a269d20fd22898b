"""Transforms by rotated integrals, against closed forms and the laws' own survival functions."""

import itertools
import math

import numpy as np
import pytest

import tailsim as ts
from tailsim.exact._analytic import AnalyticFamily, NormalLog, StretchedLog
from tailsim.exact._counts import Fixed, Geometric, Poisson
from tailsim.exact._invert import _possible, _ways, tail
from tailsim.exact._lattice import bracket
from tailsim.exact._pieces import Kind, Pieces, kinds_of, pieces_at
from tailsim.exact._transforms import HalfWeibullFamily, StableFamily, Term


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


def test_levy_sums_down_to_1e_14_in_closed_form() -> None:
    # the sum of n Levy laws is n**2 times one: P(S > x) = erf(n / sqrt(2 x))
    kind = Kind(Fixed(10), (Term(1.0, 0.0, StableFamily(0.5), 2.0),))
    for x in (30.0, 1e3, 1e6, 1e12, 1e24, 1e30):
        pieces = pieces_at([kind], x)
        assert pieces is not None
        found, truth = tail(pieces), math.erf(10.0 / math.sqrt(2.0 * x))
        assert found.value == pytest.approx(truth, rel=1e-12)
        assert found.error <= 1e-11 * truth
    assert math.erf(10.0 / math.sqrt(2.0 * 1e6)) == pytest.approx(7.978712629263e-3, rel=1e-12)


def test_levy_bets_by_their_name() -> None:
    total = ts.exact_total(ts.Stable(0.5, 1.0), 10)
    for x in (30.0, 1e6, 1e30):
        assert total.sf(x).value == pytest.approx(math.erf(10.0 / math.sqrt(2.0 * x)), rel=1e-12)


def random_bets(rng: np.random.Generator) -> tuple[ts.Payoff, Fixed | Poisson | Geometric]:
    """A law with a transform, and how many bets follow it."""
    a, c = rng.uniform(0.3, 3), 10 ** rng.uniform(-1, 1)
    laws = [
        ts.Lomax(a, c), ts.Pareto(a, c), ts.Exponential(c), ts.Weibull(0.5, c), ts.LogNormal(0, rng.uniform(0.3, 2.5)),
        ts.Weibull(rng.uniform(0.2, 0.95), c),
        ts.Mixture([ts.Constant(0), ts.Constant(c), ts.Pareto(a, c)], [0.4, 0.3, 0.3]),
    ]  # fmt: skip
    law = ts.ZeroInflated(laws[rng.integers(7)], rng.choice([0.0, 0.3, 0.65, 0.95]))
    n = int(10 ** rng.uniform(0.3, 3.5))
    return law, (Fixed(n), Poisson(float(n)), Geometric(1 / n))[rng.integers(3)]


@pytest.mark.parametrize("seed", range(30))
def test_all_ways_of_inversion_agree_within_their_stated_errors(seed: int) -> None:
    rng = np.random.default_rng(seed)
    law, count = random_bets(rng)
    found = kinds_of([(law, count)])
    far = law.isf(min(0.5, 10 ** rng.uniform(-6, 0) / count.mean))
    x = far + count.mean * law.isf(0.6) * rng.uniform(0, 1.5) + 0.01
    pieces = None if found is None else pieces_at(found[1], x)
    if pieces is None:
        return
    with np.errstate(all="ignore"):
        answers = [way() for way in _ways(pieces, 1, False)]
    answers = [each for each in answers if each.error < 1e-3 and _possible(each, 1)]
    for one, other in itertools.combinations(answers, 2):
        assert abs(one.value - other.value) <= one.error + other.error
