"""A/B programmes: figures of Azevedo et al., closed forms for a Gaussian prior, mpmath for Student's."""

import math

import mpmath
import numpy as np
import pytest
from scipy import special, stats

import tailsim as ts

from .laws import Gauss, Student


def program(prior, **given):
    return ts.ABProgram(prior, **{"noise_sd": 1.0, "n_users": 100.0, "n_ideas": 10, **given})


def gaussian(m, t, n, s=1.0):
    """f, t* for a prior N(m, t**2)."""
    p = t * t / math.sqrt(t * t + s * s / n)
    return p * stats.norm.pdf(m / p) + m * stats.norm.cdf(m / p) - max(m, 0), -m * s / (t * t * math.sqrt(n))


@pytest.mark.parametrize(
    ("a", "n", "value", "threshold"), [(1.31, 1, 0.997118, 0.67091), (3.5, 0.01, 6.02705e-4, 3.08452)]
)
def test_azevedo_2020_student_prior(a, n, value, threshold):
    p = program(ts.StudentT(a, -1))
    assert p.production(n) == pytest.approx(value, rel=1e-6)
    assert p.launch_t(n) == pytest.approx(threshold, abs=5e-6)


@pytest.mark.parametrize(
    ("prior", "size", "per_user", "threshold"),
    [(ts.Normal(-1), 1.04166, 0.0251439, 0.9798), (ts.StudentT(5, -1), 0.29165, 0.120762, None)],
    ids=["gaussian", "student 5"],
)
def test_azevedo_2020_best_test_size(prior, size, per_user, threshold):
    p = program(prior)
    best = p.best_test_size()
    assert best == pytest.approx(size, abs=6e-6)
    assert p.production(best) / best == pytest.approx(per_user, rel=3e-6)
    if threshold is not None:
        assert p.launch_t(best) == pytest.approx(threshold, rel=1e-5)


@pytest.mark.parametrize("m", [-1.0, 0.0, 0.7])
@pytest.mark.parametrize("n", [0.02, 1.0, 37.0, 1e5])
def test_gaussian_prior_in_closed_form(m, n):
    p = program(Gauss(m, 1.3), noise_sd=2.0)
    value, threshold = gaussian(m, 1.3, n, 2.0)
    assert p.production(n) == pytest.approx(value, rel=1e-9)
    assert p.launch_t(n) == pytest.approx(threshold, rel=1e-8, abs=1e-12)
    exact = program(ts.Normal(m, 1.3), noise_sd=2.0)
    assert exact.production(n) == pytest.approx(value, rel=1e-9)
    assert exact.shrink([-3.0, 9.0], n) == pytest.approx(p.shrink([-3.0, 9.0], n), rel=1e-9)
    weight = 1.69 / (1.69 + 4 / n)
    assert p.shrink([-3.0, 0.0, 9.0], n) == pytest.approx(m + weight * (np.array([-3.0, 0.0, 9.0]) - m), rel=1e-9)


@pytest.mark.parametrize(("a", "n"), [(1.31, 1e-4), (1.31, 1.0), (1.31, 300.0), (2.0, 0.1), (3.5, 0.01)])
def test_student_prior_against_mpmath(a, n):
    """The value at the threshold, and that the posterior mean there is zero, by another quadrature."""
    p, noise = program(Student(a, -1)), n**-0.5
    bar = p.launch_t(n) * noise
    with mpmath.workdps(20):
        c = mpmath.gamma((a + 1) / 2) / mpmath.sqrt(a * mpmath.pi) / mpmath.gamma(mpmath.mpf(a) / 2)
        reach = [k * noise for k in (0.3, 1, 3, 10)]
        end = bar + 60 * max(noise, 1)
        near = {
            bar,
            -1.0,
            0.0,
            end,
            *(bar + r for r in reach),
            *(bar - r for r in reach),
            *(-1 + k for k in (-30, -5, 5, 30)),
        }
        cuts = [-mpmath.inf, *sorted(near)]

        def density(d):
            return c * (1 + (d + 1) ** 2 / a) ** (-(a + 1) / 2)

        def integral(weight, size=lambda d: d):
            return mpmath.quad(lambda d: size(d) * density(d) * weight((d - bar) / noise), cuts)

        above = c * a / (a - 1) * (1 + (end + 1) ** 2 / a) ** ((1 - a) / 2) - special.stdtr(a, -(end + 1))
        value = float(integral(mpmath.ncdf) + above)
        balance = integral(mpmath.npdf) / integral(mpmath.npdf, abs)
    assert p.production(n) == pytest.approx(value, rel=1e-8)
    assert abs(balance) < 1e-8


@pytest.mark.parametrize("a", [1.31, 2.5])
def test_azevedo_2020_small_tests_in_a_fat_tail(a):
    """f(n) ~ a/(a-1) C (s t*)**-(a-1) n**((a-1)/2): the ratio comes to 1 as n falls."""
    p = program(Student(a, -1))
    c = special.gamma((a + 1) / 2) / special.gamma(a / 2) / math.sqrt(math.pi) * a ** (a / 2 - 1)
    ratios = [
        p.production(n) / (a / (a - 1) * c * (p.launch_t(n) / math.sqrt(n)) ** (1 - a)) for n in (1e-6, 1e-20, 1e-60)
    ]
    assert np.abs(np.array(ratios) - 1)[-1] < 0.06
    assert np.all(np.diff(np.abs(np.array(ratios) - 1)) < 0)
    assert p.launch_t(1e-60) == pytest.approx(math.sqrt(2 * (a - 1) * math.log(1e30)), rel=0.2)


@pytest.mark.parametrize("a", [1.31, 2.5, 2.999, 3.0, 3.001, 5.0, math.inf])
def test_azevedo_2020_regime_switches_at_tail_index_3(a):
    p = program(ts.Normal(-1) if math.isinf(a) else ts.StudentT(a, -1), n_ideas=1, n_users=2)
    assert p.regime == ("lean" if a < 3 else "big")
    assert p.why.startswith(p.regime)
    if a < 3 or math.isinf(a):
        assert (p.best_test_size() == 0.0) == (a < 3)


@pytest.mark.parametrize(("a", "rises"), [(2.5, True), (3.5, False)])
def test_azevedo_2020_value_per_user_of_tiny_tests(a, rises):
    sizes = np.array([1e-30, 1e-24, 1e-18])
    per_user = program(Student(a, -1)).production(sizes) / sizes
    assert np.all((np.diff(per_user) < 0) == rises)


def test_azevedo_2020_bing():
    p = program(ts.StudentT(1.31, -1), noise_sd=1000.0, n_users=1e6, n_ideas=1000)
    best = p.optimal_allocation()
    assert (best.n_tests, best.test_size) == (1000, 1000.0)
    assert best.verdict.startswith(
        "Test every idea on 1,000 users each and launch what exceeds t = 1.51: that gains 426.7"
    )


def test_sudijono_2024_value_per_user_has_several_peaks():
    p = program(ts.StudentT(2.9, -1), n_users=1.0, n_ideas=1000, min_users=1e-3)
    best = p.optimal_allocation()
    assert best.value_of_most == pytest.approx(0.181, abs=5e-4)
    assert best.value == pytest.approx(0.522, abs=5e-4)
    assert 19 * p.production(1 / 19) == pytest.approx(0.522, abs=5e-4)
    assert best.n_tests == max(range(1, 40), key=lambda k: k * p.production(1 / k)) == 18
    assert best.regime == "lean"
    assert best.verdict.endswith("where 1,000 smaller tests would gain 0.1805.")


@pytest.mark.parametrize(
    ("prior", "users", "ideas"),
    [(Student(2.9, -1), 120, 60), (Student(5, -1), 90, 7), (ts.Normal(-1), 100, 30)],
)
def test_sudijono_2024_recursion_over_whole_users(prior, users, ideas):
    """F(I, N) = max over j of F(I - 1, N - j) + f(j): sizes that differ gain nothing to speak of."""
    p = program(prior, noise_sd=math.sqrt(60.0), n_users=users, n_ideas=ideas)
    f = np.append(0.0, p.production(np.arange(1.0, users + 1)))
    best = f
    for _ in range(ideas - 1):
        best = np.array([np.max(best[: n + 1] + f[n::-1]) for n in range(users + 1)])
    found = p.optimal_allocation()
    assert found.value == pytest.approx(best[-1], rel=2e-3)
    assert found.n_tests * found.test_size == pytest.approx(users, rel=1e-12)
    assert found.value == pytest.approx(found.n_tests * p.production(found.test_size), rel=1e-9)


def test_fewest_users_bind_the_allocation_alone():
    free = program(Student(1.31, -1), n_users=100, n_ideas=50)
    bound = program(Student(1.31, -1), n_users=100, n_ideas=50, min_users=30)
    assert free.optimal_allocation().n_tests == 50
    assert bound.optimal_allocation().n_tests == 3
    assert bound.production(2.0) == free.production(2.0)
    assert bound.best_test_size() == free.best_test_size() == 0.0
    lone = program(Gauss(-1), n_users=7, n_ideas=50, min_users=7).optimal_allocation()
    assert (lone.n_tests, lone.test_size) == (1, 7.0)


@pytest.mark.parametrize("prior", [Student(2.2, 0.8), ts.Lomax(3) - 1.5, ts.Empirical([-4.0, -1.0, 0.5, 3.0])])
def test_stopping_bad_ideas_mirrors_launching_good_ones(prior):
    one, other = program(prior), program(-prior)
    for n in (0.05, 4.0):
        assert one.production(n) == pytest.approx(other.production(n), rel=1e-9)
        assert one.launch_t(n) == pytest.approx(-other.launch_t(n), rel=1e-9)
        assert one.shrink(2.0, n) == pytest.approx(-other.shrink(-2.0, n), rel=1e-9)


@pytest.mark.parametrize(
    "prior", [Student(1.31, -1), Student(3.5, 0.4), ts.Lomax(1.5) - 3, ts.ZeroInflated(Gauss(-0.1), 0.9)]
)
def test_value_grows_with_users_up_to_what_certainty_is_worth(prior):
    p = program(prior)
    values = p.production(np.geomspace(1e-3, 1e12, 16))
    certain = prior.partial_mean(0.0) - max(prior.mean(), 0.0)
    assert np.all(np.diff(values) > -1e-12 * certain)
    assert values[-1] == pytest.approx(certain, rel=1e-6)
    assert np.all(values <= certain * (1 + 1e-9))


def test_posterior_mean_of_two_points_is_bayes_rule():
    p = program(ts.Empirical([-1.0, -1.0, -1.0, 2.0]))
    y, n = np.array([-30.0, 0.3, 1.0, 30.0]), 2.0
    odds = np.exp(n * (1.5 - 3 * y)) * 3  # of -1 against 2
    assert p.shrink(y, n) == pytest.approx((2 - odds) / (1 + odds), rel=1e-12)
    assert p.launch_t(n) / math.sqrt(n) == pytest.approx(0.5 - math.log(2 / 3) / (3 * n), rel=1e-9)


def test_winners_curse_of_a_gaussian_prior():
    n, m, t = 2.0, -0.5, 1.3
    found = program(Gauss(m, t)).winners(n)
    sd = math.sqrt(t * t + 1 / n)
    bar = found.launch_t / math.sqrt(n)
    z = (bar - m) / sd
    assert found.share_launched == pytest.approx(stats.norm.sf(z), rel=1e-9)
    assert found.estimated == pytest.approx(m + sd * stats.norm.pdf(z) / stats.norm.sf(z), rel=1e-9)
    assert found.true == pytest.approx(m + t * t / sd * stats.norm.pdf(z) / stats.norm.sf(z), rel=1e-9)
    assert found.overstated > 0
    assert f"are worth {found.true:.4g}, so report shrunk estimates" in found.verdict


def test_winners_and_their_share_make_up_the_value():
    for prior in (Student(1.31, -1), Student(1.31, 1)):
        p = program(prior)
        found = p.winners(5.0)
        assert found.share_launched * found.true - max(prior.mean(), 0) == pytest.approx(p.production(5.0), rel=1e-8)


@pytest.mark.parametrize("m", [-1.0, 0.4])
def test_significance_rule_in_closed_form(m):
    n, t = 3.0, 1.2
    found = program(Gauss(m, t)).significance_rule(n)
    sd = math.sqrt(t * t + 1 / n)
    z = (1.959963984540054 / math.sqrt(n) - m) / sd
    value = m * stats.norm.sf(z) + t * t / sd * stats.norm.pdf(z) - max(m, 0)
    assert found.value == pytest.approx(value, rel=1e-9)
    assert found.best == pytest.approx(gaussian(m, t, n)[0], rel=1e-9)
    assert found.lost == pytest.approx(found.best - value, rel=1e-8)
    assert "too strict" in found.verdict
    assert program(Gauss(m, t)).significance_rule(n, p_value=0.9999).verdict.count("too generous") == (m < 0)


def test_significance_rule_costs_most_in_a_fat_tail():
    """Azevedo et al.: with small tests the best threshold is far above 2, with large ones far below."""
    p = program(Student(1.31, -1))
    assert p.launch_t(1e-6) > 1.96 > p.launch_t(10.0)
    assert p.significance_rule(0.01).rule_t == pytest.approx(1.959964, abs=1e-6)
    assert p.significance_rule(10.0).share_lost < 0.05
    at_best = p.significance_rule(1.0, p_value=2 * stats.norm.sf(p.launch_t(1.0)))
    assert at_best.lost < 1e-10


def test_ideas_that_cannot_be_good_or_bad():
    never, always = program(-ts.Lomax(3)), program(ts.Lomax(3))
    assert (never.launch_t(2.0), always.launch_t(2.0)) == (math.inf, -math.inf)
    assert never.production(2.0) == always.production(2.0) == 0.0
    with pytest.raises(ts.PayoffError, match=r"^no idea is ever launched"):
        never.winners(2.0)
    for p in (never, program(-ts.Uniform()), program(ts.Constant(-1))):
        with pytest.raises(ts.PayoffError, match=r"^no size of test is worth anything"):
            program(p.prior, n_ideas=1).best_test_size()
    assert "changes nothing" in never.significance_rule(2.0).verdict
    assert always.winners(2.0).overstated == 0.0


def test_extreme_sizes():
    p = program(ts.StudentT(1.31, -1))
    assert p.production(1e-300) == pytest.approx(2.01381542e-47, rel=1e-8)
    assert p.production(1e300) == pytest.approx(p.prior.partial_mean(0.0), rel=1e-9)
    assert program(ts.StudentT(5, -1)).production(1e-300) == 0.0  # 1e-600 in truth
    with pytest.raises(ts.PayoffError, match=r"^the launch threshold lies where no double holds the prior's tail"):
        program(ts.StudentT(5, -1)).launch_t(1e-300)


def test_an_estimate_beyond_the_prior_is_refused():
    assert program(ts.Normal(-1)).shrink(1e6, 1.0) == 0.5 * (1e6 - 1)
    assert program(Gauss(-1)).shrink(60.0, 1.0) == pytest.approx(29.5, rel=1e-9)
    with pytest.raises(ts.PayoffError, match=r"^an estimate of 1e\+06 with a standard error of 1 is so far from"):
        program(Gauss(-1)).shrink(1e6, 1.0)
    for y in (1e3, 1e6):  # y + density' / density to first order
        assert program(Student(1.31, -1)).shrink(y, 1.0) - y == pytest.approx(-2.31 / y, rel=5e-3)


def test_prior_mean_of_zero():
    p = program(Gauss(0.0))
    assert p.launch_t(3.0) == pytest.approx(0.0, abs=1e-12)
    assert p.best_test_size() == 0.0
    assert "mean is 0" in p.why


@pytest.mark.parametrize("name", ["noise_sd", "n_users", "min_users"])
@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf, "1", None, True])
def test_numbers_must_be_above_zero(name, value):
    with pytest.raises(ts.ArgumentError, match=rf"^{name} must be a finite number above 0, got"):
        program(Gauss(-1), **{name: value})


@pytest.mark.parametrize("value", [0, 1.5, math.nan, "3", None])
def test_n_ideas_must_be_whole(value):
    with pytest.raises(ts.ArgumentError, match=r"^n_ideas must be a whole number of at least 1, got"):
        program(Gauss(-1), n_ideas=value)


@pytest.mark.parametrize("method", ["production", "launch_t", "shrink", "winners", "significance_rule"])
@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf, "1", None])
def test_sizes_must_be_above_zero(method, value):
    p = program(Gauss(-1))
    call = (lambda: p.shrink(1.0, value)) if method == "shrink" else (lambda: getattr(p, method)(value))
    with pytest.raises(ts.ArgumentError, match=r"^n must be "):
        call()


def test_other_refusals():
    with pytest.raises(ts.ArgumentError, match=r"^min_users must be at most n_users = 2, got 3; no test is possible"):
        program(Gauss(-1), n_users=2, min_users=3)
    with pytest.raises(ts.ArgumentError, match=r"^prior must be a payoff law, got 3"):
        program(3)
    for prior in (Student(1, -1), -ts.Pareto(0.9)):
        with pytest.raises(ts.UndefinedMomentError, match=r"^prior must have a finite mean, got"):
            program(prior)
    with pytest.raises(ts.ArgumentError, match=r"^estimate must be finite numbers"):
        program(Gauss(-1)).shrink(math.nan, 1.0)
    with pytest.raises(ts.ArgumentError, match=r"^p_value must be a probability strictly between 0 and 1"):
        program(Gauss(-1)).significance_rule(1.0, p_value=1)


def test_a_lognormal_prior_has_its_best_size_where_its_local_tail_index_is_about_3():
    """Big by its infinite tail index, but what is small lies eight decades below the spread."""
    p = program(ts.LogNormal(0, 2) - 20)
    best = p.best_test_size()
    assert p.regime == "big"
    assert 1e-10 < best < 1e-7
    per_user = p.production(best) / best
    sizes = best * np.array([1e-4, 0.1, 0.8, 1.25, 10.0, 1e4])
    assert np.all(p.production(sizes) / sizes < per_user)


@pytest.mark.slow
def test_best_size_is_global():
    """Rare, far better ideas make a second peak at far smaller sizes; which one is higher depends on how rare."""
    near, far = (
        program(ts.Mixture([ts.Normal(-1), ts.Normal(1e5, 1e4)], [1 - p, p])).best_test_size() for p in (1e-17, 1e-6)
    )
    assert near == pytest.approx(1.0417, rel=0.01)
    assert far < 1e-6
