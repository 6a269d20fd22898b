"""Relations between laws; those on common exceedances hold bit by bit."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tailsim.payoffs import (
    Buckets,
    BurrXII,
    Capped,
    Constant,
    Empirical,
    Exponential,
    Frechet,
    GeneralizedPareto,
    LogLogistic,
    LogNormal,
    Lomax,
    Mixture,
    Normal,
    Pareto,
    Spliced,
    Truncated,
    Uniform,
    Weibull,
    ZeroInflated,
)

V = np.concatenate([2.0 ** -np.arange(0.0, 1000.0, 7), np.linspace(0.001, 1, 500)])
indices = st.floats(1.2, 20)
scales = st.floats(1e-6, 1e6)
SCALED = [
    lambda s: Pareto(1.5, s),
    lambda s: Lomax(1.5, s),
    lambda s: Frechet(1.5, s),
    lambda s: Weibull(0.4, s),
    lambda s: Exponential(s),
    lambda s: Uniform(-s, 3 * s),
    lambda s: Constant(s),
    lambda s: Empirical([s, 3 * s, -s]),
    lambda s: ZeroInflated(Pareto(1.5, s), 0.65),
    lambda s: Mixture([Pareto(1.5, s)], [1.0]),
    lambda s: GeneralizedPareto(0.6, s, 2 * s),
    lambda s: GeneralizedPareto(-0.4, s, -s),
    lambda s: LogLogistic(1.5, s),
    lambda s: BurrXII(2, 0.8, s),
    lambda s: Normal(s, 2 * s),
    lambda s: Spliced(Lomax(3.0, s), Pareto(1.5, s), 4 * s, 0.1),
    lambda s: Truncated(Frechet(1.5, s), s, 100 * s),
    lambda s: Capped(Frechet(1.5, s), 100 * s),
    lambda s: Buckets([s, 2 * s], [0.25, 0.75], "uniform", Lomax(1.5, s) + 2 * s),
    lambda s: Buckets([s, 2 * s], [0.25, 0.75], "uniform", Pareto(1.5, 2 * s)),
]
LAWS = [*(make(1.0) for make in SCALED), LogNormal(0, 1), -Pareto(2.5), Mixture([Pareto(1.5), Uniform()], [0.5, 0.5])]


def draw(law, v=V):
    return law._draw(v, NoStream())


class NoStream:
    """A stream whose further uniforms are all one half."""

    def uniform(self, index):
        return np.full(len(index), 0.5)

    def take(self, index):
        return self


@pytest.mark.parametrize("make", SCALED)
@given(scale=scales, k=st.integers(-60, 60))
def test_scale_by_a_power_of_two_is_exact(make, scale, k):
    factor = 2.0**k
    assert np.array_equal(draw(make(scale * factor)), factor * draw(make(scale)))
    assert np.array_equal(draw(factor * make(scale)), factor * draw(make(scale)))


@given(mu=st.floats(-5, 5), sigma=st.floats(0.01, 5), k=st.integers(-60, 60))
def test_a_lognormal_times_a_power_of_two_moves_its_exponents_alone(mu, sigma, k):
    factor = 2.0**k
    assert np.array_equal(draw(factor * LogNormal(mu, sigma)), factor * draw(LogNormal(mu, sigma)))


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_p_zero_of_0_and_1_and_weights_of_0_and_1_are_the_plain_law(law):
    plain = draw(law)
    other = Pareto(0.5)
    for same in (
        ZeroInflated(law, 0.0),
        Mixture([law], [1.0]),
        Mixture([law, other], [1.0, 0.0]),
        Mixture([other, law], [0.0, 1.0]),
        1 * law,
    ):
        assert np.array_equal(draw(same), plain)
        assert np.array_equal(same.rvs(100, rng=1), law.rvs(100, rng=1))
        assert same.mean() == law.mean()
        assert same.tail_index == law.tail_index
        assert same.support == law.support
        assert same.atoms == law.atoms
        assert np.array_equal(same.isf(V), law.isf(V))
    assert np.array_equal(draw(ZeroInflated(law, 1.0)), np.zeros_like(V))
    assert ZeroInflated(law, 1.0).atoms == ((0.0, 1.0),)
    assert ZeroInflated(law, 1.0).mean() == 0.0


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_ends_beyond_the_support_and_caps_beyond_it_leave_the_plain_law(law):
    low, high = law.support
    for same in (
        Truncated(law, -np.inf, np.inf),
        Truncated(law, low, np.inf) if low < np.inf else law,
        Truncated(law, low - 1.0, high + 1.0),
        Capped(law, np.inf),
        Capped(law, high + 1.0),
        Spliced(law, Pareto(0.5), max(high, 0.0) + 1.0 if high < np.inf else 1e308, 0.0) if high < np.inf else law,
        Spliced(Uniform(low - 2.0, low - 1.0), law, low - 1.0, 1.0) if low > -np.inf else law,
    ):
        assert np.array_equal(draw(same), draw(law))
        assert np.array_equal(same.rvs(100, rng=1), law.rvs(100, rng=1))
        assert same.mean() == law.mean()
        assert same.tail_index == law.tail_index
        assert same.support == law.support
        assert same.atoms == law.atoms
        assert np.array_equal(same.isf(V), law.isf(V))


@given(p=st.floats(0.001, 0.999), t=st.floats(0.5, 20))
def test_a_law_spliced_with_itself_at_its_own_exceedance_is_itself(p, t):
    law = LogNormal(0, 1)
    same = Spliced(law, law, t, law.sf(t))
    assert same.isf(p) == pytest.approx(law.isf(p), rel=1e-12)
    assert same.mean() == pytest.approx(law.mean(), rel=1e-10)
    assert same.var() == pytest.approx(law.var(), rel=1e-9)
    assert same.pdf(t / 2) == pytest.approx(law.pdf(t / 2), rel=1e-12)


@given(low=st.floats(0, 3), width=st.floats(0.6, 50), further=st.floats(0.1, 10))
def test_truncating_twice_is_truncating_once(low, width, further):
    for law in (LogNormal(0, 1), Pareto(0.7, 0.5), ZeroInflated(LogNormal(0, 1), 0.5)):
        once = Truncated(law, low, low + width)
        twice = Truncated(Truncated(law, low, low + width + further), low - further, low + width)
        np.testing.assert_allclose(once.cdf(twice.isf(V)), once.cdf(once.isf(V)), rtol=0, atol=1e-14)


def test_the_parts_of_a_law_on_both_sides_of_a_value_make_up_the_law():
    for law in (LogNormal(0, 1), Frechet(2.5), Mixture([Pareto(2.5), Uniform()], [0.5, 0.5]), Empirical([1, 2, 2, 7])):
        t = 1.5
        above, below = Truncated(law, t), Truncated(law, high=t)
        p = law.sf(t)
        assert p * above.mean() + (1 - p) * below.mean() == pytest.approx(law.mean(), rel=1e-10)
        assert above.support[0] >= t >= below.support[1]


@given(cap=st.floats(1.01, 1e6))
def test_the_mean_of_a_capped_pareto_is_the_limited_expected_value(cap):
    """E min(X, c) = (a - c**(1 - a)) / (a - 1) for scale 1 (Klugman, Panjer and Willmot 2012, appendix A.2.3.1)."""
    for a in (0.5, 1.5, 2.5):
        assert Capped(Pareto(a), cap).mean() == pytest.approx((a - cap ** (1 - a)) / (a - 1), rel=1e-10)


def test_special_cases_of_families():
    pairs = [
        (GeneralizedPareto(0.5, 3.0), Lomax(2.0, 6.0)),
        (GeneralizedPareto(0.5, 3.0, 6.0), Pareto(2.0, 6.0)),
        (GeneralizedPareto(0.0, 3.0), Exponential(3.0)),
        (GeneralizedPareto(-1.0, 3.0, 1.0), Uniform(1.0, 4.0)),
        (BurrXII(1.0, 2.5, 3.0), Lomax(2.5, 3.0)),
        (BurrXII(1.7, 1.0, 3.0), LogLogistic(1.7, 3.0)),
        (Truncated(Exponential(), 5.0), Exponential() + 5.0),
        (Truncated(Lomax(2.5), 5.0), GeneralizedPareto(0.4, 2.4, 5.0)),
    ]
    p = 1 / (1 + np.exp(np.linspace(-30, 600, 200)))
    for one, other in pairs:
        np.testing.assert_allclose(one.isf(p), other.isf(p), rtol=1e-12)
        for what in ("mean", "var", "gini"):
            if what != "var" or one.tail_index > 2:
                assert getattr(one, what)() == pytest.approx(getattr(other, what)(), rel=1e-12)


@given(a=indices, b=indices)
@example(a=1.2, b=1.2000000000000002)
@example(a=1.2, b=1.2000000000012)
def test_payoffs_fall_with_the_tail_index_at_a_fixed_exceedance(a, b):
    """Bit by bit for indices 2**-40 apart; nearer ones differ by less than the kernel's rounding, 4 units."""
    low, high = sorted((a, b))
    near = high < low * (1 + 2.0**-40)
    for law in (Pareto, Lomax):
        more = draw(law(low))
        assert np.all(draw(law(high)) <= (more + 4 * np.spacing(more) if near else more))


@given(a=indices, scale=scales)
def test_pareto_less_its_scale_is_lomax(a, scale):
    np.testing.assert_allclose(draw(Pareto(a, scale)) - scale, draw(Lomax(a, scale)), rtol=1e-12, atol=1e-15 * scale)


@given(a=indices, b=indices, p=st.floats(1e-6, 1))
def test_concentration_falls_with_the_tail_index(a, b, p):
    low, high = sorted((a, b))
    for law in (Pareto, Lomax, Frechet):
        assert law(high).gini() <= law(low).gini() * (1 + 1e-14)
        assert law(high).top_share(p) <= law(low).top_share(p) * (1 + 1e-12)


@pytest.mark.parametrize("law", [law for law in LAWS if law.support[0] >= 0], ids=repr)
@given(c=st.floats(1e-3, 1e3))
def test_adding_a_constant_multiplies_gini_by_mean_over_mean_plus_c(law, c):
    assert (law + c).gini() == pytest.approx(law.gini() * law.mean() / (law.mean() + c), rel=1e-9)


@given(values=st.lists(st.floats(0, 1e6), min_size=1, max_size=40).filter(any))
def test_duplicating_every_outcome_leaves_shares_alone(values):
    once, twice = Empirical(values), Empirical(values * 2)
    n = len(values)
    assert 0 <= once.gini() <= 1 - 1 / n + 1e-15
    assert twice.gini() == pytest.approx(once.gini(), abs=1e-12)
    for p in (0.1, 0.5, 0.77):
        assert twice.top_share(p) == pytest.approx(once.top_share(p), rel=1e-12)
        assert twice.lorenz(p) == pytest.approx(once.lorenz(p), abs=1e-12)


@given(values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), p=st.floats(2.0**-60, 1 - 2.0**-53))
def test_empirical_quantiles_are_those_of_counting(values, p):
    law = Empirical(values)
    n = len(values)
    expected = min(x for x in values if sum(y > x for y in values) / n <= p)
    assert law.isf(p) == expected
    assert law.ppf(p) == min(x for x in values if sum(y <= x for y in values) / n >= p)
    assert law.sf(expected) <= p


@given(factor=st.floats(-100, 100).filter(lambda f: abs(f) > 1e-3), shift=st.floats(-100, 100))
def test_affine_moments(factor, shift):
    law = factor * ZeroInflated(Pareto(3.5), 0.25) + shift
    base = ZeroInflated(Pareto(3.5), 0.25)
    assert law.mean() == pytest.approx(factor * base.mean() + shift, rel=1e-12, abs=1e-12)
    assert law.std() == pytest.approx(abs(factor) * base.std(), rel=1e-12)
    u = law.isf(0.3)
    slack = 1e-12 * (1 + abs(shift / factor))  # a large shift takes digits from the payoff
    assert law.sf(u) <= 0.3 * (1 + slack)
    assert law.prob_at_least(u) >= 0.3 * (1 - slack)
