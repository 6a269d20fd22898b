"""Presets reproduce the figures of their sources."""

import hashlib
import math
from importlib.resources import files

import numpy as np
import pytest

from tailsim import presets
from tailsim.errors import ArgumentError

FALSE_ALARM = 4.9  # standard errors: a false-alarm rate of 1e-6 a comparison
PRINTED = 0.005  # the rounding and simulation error of the published probabilities


def simulated(law, n_bets, seed, n_draws=10_000_000):
    """Mean multiples of portfolios of ``n_bets``, by plain NumPy."""
    n_trials = min(n_draws // n_bets, 200_000)
    total = np.zeros(n_trials)
    for bet in range(n_bets):
        total += law.rvs(n_trials, rng=seed * 10_000 + bet)
    return total / n_bets


def sampling_error(share, n):
    """How far the share among ``n`` independent trials strays, at the stated false-alarm rate."""
    return FALSE_ALARM * math.sqrt(share * (1 - share) / n)


# law, bets, multiple, published probability of at least that multiple
PUBLISHED = [
    pytest.param(presets.neumann, 20, 1.0, 0.819, id="Neumann 2017, n=20, 1x"),
    pytest.param(presets.neumann, 20, 3.0, 0.207, id="Neumann 2017, n=20, 3x"),
    pytest.param(presets.neumann, 100, 1.0, 0.994, id="Neumann 2017, n=100, 1x"),
    pytest.param(presets.neumann, 100, 3.0, 0.293, id="Neumann 2017, n=100, 3x"),
    pytest.param(presets.crossan, 20, 3.0, 0.213, id="Crossan, n=20, 3x"),
    pytest.param(presets.crossan, 150, 3.0, 0.320, id="Crossan, n=150, 3x"),
    pytest.param(presets.venture, 10, 1.0, 0.831, id="venture, n=10, 1x"),
    pytest.param(presets.venture, 20, 1.0, 0.936, id="venture, n=20, 1x"),
    pytest.param(presets.venture, 50, 1.0, 0.995, id="venture, n=50, 1x"),
    pytest.param(presets.venture, 10, 3.0, 0.221, id="venture, n=10, 3x"),
    pytest.param(presets.venture, 30, 3.0, 0.230, id="venture, n=30, 3x"),
    pytest.param(presets.venture, 100, 3.0, 0.216, id="venture, n=100, 3x"),
    pytest.param(presets.venture, 500, 3.0, 0.188, id="venture, n=500, 3x"),
    pytest.param(presets.venture, 1000, 3.0, 0.171, id="venture, n=1000, 3x"),
]


@pytest.mark.parametrize(("preset", "n_bets", "multiple", "published"), PUBLISHED)
def test_published_probability(preset, n_bets, multiple, published):
    multiples = simulated(preset(), n_bets, seed=n_bets)
    assert np.mean(multiples >= multiple) == pytest.approx(
        published, abs=PRINTED + sampling_error(published, multiples.size)
    )


@pytest.mark.parametrize(("n_bets", "published"), [(10, 1.775), (20, 1.976), (50, 2.198)])
def test_published_median_of_venture_portfolios(n_bets, published):
    multiples = simulated(presets.venture(), n_bets, seed=n_bets)
    slack = sampling_error(0.5, multiples.size)
    assert np.mean(multiples < published - PRINTED) < 0.5 + slack
    assert np.mean(multiples < published + PRINTED) > 0.5 - slack


VENTURE_TABLE = [(1, 0.352), (5, 0.099), (10, 0.040), (20, 0.015), (50, 0.004)]


@pytest.mark.parametrize("zero", ["uniform", "low"])
@pytest.mark.parametrize("tail_index", [1.1, 1.42, 1.9])
@pytest.mark.parametrize(("multiple", "share"), VENTURE_TABLE)
def test_venture_keeps_the_correlation_ventures_table(zero, tail_index, multiple, share):
    assert presets.venture(zero, tail_index).prob_at_least(multiple) == pytest.approx(share, abs=1e-12)


def log_uniform_mean(low, high):
    return (high - low) / math.log(high / low)


@pytest.mark.parametrize(("zero", "in_first"), [("uniform", 0.5), ("low", 0.0)])
def test_venture_mean_is_the_sum_of_its_buckets(zero, in_first):
    inner = [(0.253, 1, 5), (0.059, 5, 10), (0.025, 10, 20), (0.011, 20, 50)]
    mean = 0.648 * in_first + sum(p * log_uniform_mean(a, b) for p, a, b in inner) + 0.004 * 50 * 1.42 / 0.42
    assert presets.venture(zero).mean() == pytest.approx(mean, rel=1e-12)


def test_venture_reference_filling_has_mean_2_775():
    assert presets.venture().mean() == pytest.approx(2.775, abs=0.0005)


def test_venture_first_bucket_follows_its_rule():
    assert presets.venture("uniform").cdf(0.25) == pytest.approx(0.648 / 4, abs=1e-12)
    assert presets.venture("uniform").atoms == ()
    assert presets.venture("low").atoms == ((0.0, pytest.approx(0.648, abs=1e-12)),)


def test_venture_middle_buckets_are_log_uniform():
    law = presets.venture()
    for low, high, upper in [(1, 5, 0.099), (5, 10, 0.040), (10, 20, 0.015), (20, 50, 0.004)]:
        middle = upper + (law.prob_at_least(low) - upper) / 2
        assert law.sf(math.sqrt(low * high)) == pytest.approx(middle, abs=1e-12)


@pytest.mark.parametrize("tail_index", [0.9, 1.1, 1.9])
def test_venture_tail_above_50x_is_pareto(tail_index):
    law = presets.venture(tail_index=tail_index)
    assert law.tail_index == tail_index
    assert law.sf(5000.0) == pytest.approx(0.004 * 100**-tail_index, rel=1e-12)


def test_venture_has_no_mean_at_a_tail_index_of_one():
    assert presets.venture(tail_index=1.0).mean() == math.inf


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: presets.venture("zero"), "^zero must be one of 'uniform', 'low', got 'zero'"),
        (lambda: presets.venture("loguniform"), "^zero must be one of"),
        (lambda: presets.venture(tail_index=0), "^tail_index must be a finite number above 0, got 0"),
        (lambda: presets.venture(tail_index=math.nan), "^tail_index must be a finite number above 0, got nan"),
        (lambda: presets.neumann(-1), "^tail_index must be a finite number above 0, got -1"),
        (lambda: presets.crossan("2"), "^tail_index must be a finite number above 0, got '2'"),
    ],
)
def test_bad_arguments_are_refused(call, says):
    with pytest.raises(ArgumentError, match=says):
        call()


def test_neumann_is_thirds_of_zero_one_and_a_pareto():
    law = presets.neumann()
    assert law.atoms == ((0.0, pytest.approx(1 / 3, abs=1e-12)), (1.0, pytest.approx(1 / 3, abs=1e-12)))
    assert law.tail_index == pytest.approx(0.98, abs=1e-12)
    assert law.sf(100.0) == pytest.approx(100**-0.98 / 3, rel=1e-12)
    assert law.mean() == math.inf


def test_crossan_is_pareto_from_035_with_density_exponent_2():
    law = presets.crossan()
    assert law.support == (0.35, math.inf)
    assert law.pdf(3.5) == pytest.approx(0.35 / 3.5**2, rel=1e-12)
    assert law.mean() == math.inf


def test_weinberg_has_exactly_its_five_outcomes():
    law = presets.weinberg()
    expected = {0.0: 0.50, 1.0: 0.20, 3.0: 0.15, 10.0: 0.13, 20.0: 0.02}
    assert dict(law.atoms) == pytest.approx(expected, abs=1e-12)
    assert law.mean() == pytest.approx(2.35, rel=1e-12)
    assert law.support == (0.0, 20.0)
    assert set(np.unique(law.rvs(10_000, rng=1))) == set(expected)


def test_horsley_bridge_six_percent_of_deals_make_sixty_percent_of_returns():
    law = presets.horsley_bridge()
    assert law.tail_index == pytest.approx(1.2218, abs=5e-5)
    assert law.top_share(0.06) == pytest.approx(0.6, abs=1e-12)


def test_idea_success_rates_are_ordered_and_read_only():
    assert presets.IDEA_SUCCESS["Airbnb search"] == (0.08, 0.08)
    assert presets.IDEA_SUCCESS["Microsoft"] == pytest.approx((1 / 3, 1 / 3))
    assert all(0 < low <= high < 1 for low, high in presets.IDEA_SUCCESS.values())
    with pytest.raises(TypeError):
        presets.IDEA_SUCCESS["ours"] = (1.0, 1.0)


# --- the sample of open-source packages ---------------------------------------------------------------

POPULATION = presets.OPEN_SOURCE_POPULATION


def packed():
    """The shipped file as (values, counts)."""
    with (files("tailsim") / "data" / "npm_downloads.npz").open("rb") as file:
        arrays = np.load(file, allow_pickle=False)
        return arrays["values"], arrays["counts"]


def pack(downloads):
    """How the shipped file was made from a table with one number of downloads a row."""
    values, counts = np.unique(downloads, return_counts=True)
    return values.astype("uint32"), counts.astype("uint16")


def sample():
    values, counts = packed()
    return np.repeat(values.astype(float), counts)


def test_the_shipped_file_is_the_packed_sample():
    shuffled = np.random.default_rng(1).permutation(sample())
    for made, shipped in zip(pack(shuffled), packed(), strict=True):
        assert made.dtype == shipped.dtype
        np.testing.assert_array_equal(made, shipped)


def test_the_sample_is_the_one_that_was_drawn():
    downloads = sample()
    assert (downloads.size, downloads.sum(), downloads.max()) == (50_000, 5_399_860_552, 539_419_483)
    digest = hashlib.sha256("\n".join(f"{x:.0f}" for x in downloads).encode()).hexdigest()
    assert digest == "de893b12c0be9f48bc672a688b27f0048e52762a577f061432f2552e6d982c5f"


def test_open_source_resamples_exactly_the_sample():
    law = presets.open_source()
    downloads = sample()
    assert law.mean() == pytest.approx(downloads.mean(), rel=1e-12)
    assert law.median() == 12.0 == POPULATION.median
    for x in (0.0, 9.0, 12.0, 1e6):
        assert law.cdf(x) == pytest.approx(np.mean(downloads <= x), abs=1e-12)
    assert np.isin(law.rvs(10_000, rng=1), downloads).all()


@pytest.mark.parametrize("below", POPULATION.share_below)
def test_the_sample_agrees_with_the_shares_of_the_population(below):
    share = POPULATION.share_below[below]
    slack = sampling_error(share, 50_000) + 0.0005  # the facts are printed to three digits
    assert np.mean(sample() < below) == pytest.approx(share, abs=slack)


def test_the_sample_agrees_with_the_share_of_packages_without_downloads():
    share = POPULATION.n_zero / POPULATION.n_packages
    slack = sampling_error(share, 50_000)
    assert np.mean(sample() == 0) == pytest.approx(share, abs=slack)


def test_the_sample_understates_the_concentration_of_the_population():
    law = presets.open_source()
    assert law.gini() < POPULATION.gini
    for fraction, share in POPULATION.top_share.items():
        assert law.top_share(fraction) < share
    assert POPULATION.sample_top_share[100] < POPULATION.sample_top_share[1_000] < POPULATION.top_share[0.01]


def test_the_facts_of_the_population_are_credited_and_read_only():
    assert "download-counts 2.20260301.0 (MIT licence)" in POPULATION.source
    assert (POPULATION.n_packages, POPULATION.n_for_half, POPULATION.mean) == (3_771_841, 723, 138_378.0)
    with pytest.raises(AttributeError):
        POPULATION.gini = 0.5
    with pytest.raises(TypeError):
        POPULATION.hill[10] = 1.0


def test_credit_and_licence_travel_with_the_data():
    notice = (files("tailsim") / "data" / "README.md").read_text(encoding="utf-8")
    assert "download-counts" in notice
    assert "Permission is hereby granted, free of charge" in notice
    assert 'THE SOFTWARE IS PROVIDED "AS IS"' in notice
