"""The search of all thresholds is exact: the same candidate and distance as trying every point of every tail."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import zeta

from tailsim.fit.distinct import Distinct

RNG = np.random.default_rng(20090101)
SAMPLES = {
    "pareto": RNG.pareto(1.5, 1500) + 1.0,
    "lognormal": np.exp(2.0 * RNG.standard_normal(1500)),
    "uniform": RNG.random(1500),
    "spread over 600 orders": np.exp(RNG.uniform(-690, 690, 400)),
    "a few values": RNG.choice([0.5, 1.0, 2.0, 3.0, 50.0], 300),
    "rounded": np.ceil(RNG.pareto(0.8, 1500) * 20),
    "two regimes": np.concatenate([RNG.random(800) + 0.5, 2.0 * (RNG.pareto(1.1, 700) + 1.0)]),
    "exact quantiles": (np.arange(1, 1001) / 1001.0) ** (-1 / 1.5),
}


def distances(sample: Distinct, discrete: bool, min_tail: int) -> list[float]:
    """By the definition, in NumPy, for every candidate."""
    x, below, n = sample.x, sample.below, sample.n
    found = []
    for i, index in enumerate(sample.indices(discrete)[:-1]):
        if n - below[i] < min_tail:
            break
        if discrete:
            law = 1.0 - zeta(index + 1.0, x[i:]) / zeta(index + 1.0, x[i])
        else:
            law = 1.0 - np.exp(-index * (np.log(x[i:]) - np.log(x[i])))
        found.append(float(np.max(np.abs((below[i:-1] - below[i]) / (n - below[i]) - law))))
    return found


def check(values: np.ndarray, discrete: bool, min_tail: int) -> None:
    sample = Distinct.of(values)
    wanted = distances(sample, discrete, min_tail)
    place, index, ks = sample.search(discrete, min_tail)
    if not wanted:
        assert (place, ks) == (-1, np.inf)
        return
    assert ks == pytest.approx(min(wanted), rel=1e-9, abs=1e-12)
    assert wanted[place] == pytest.approx(min(wanted), rel=1e-9, abs=1e-12)
    assert index == sample.indices(discrete)[place]


@pytest.mark.parametrize("min_tail", [2, 10])
@pytest.mark.parametrize("name", SAMPLES)
def test_search_is_exact(name: str, min_tail: int) -> None:
    check(SAMPLES[name], False, min_tail)


@pytest.mark.parametrize("min_tail", [2, 10])
@pytest.mark.parametrize("tail_index", [0.6, 1.4, 3.0])
def test_discrete_search_is_exact(tail_index: float, min_tail: int) -> None:
    check(RNG.zipf(tail_index + 1.0, 1000).astype(float), True, min_tail)


@given(st.lists(st.integers(1, 40), min_size=2, max_size=60), st.booleans(), st.integers(2, 12))
def test_search_is_exact_with_any_ties(values: list[int], discrete: bool, min_tail: int) -> None:
    check(np.array(values, dtype=float), discrete, min_tail)


def test_exponents_are_maximum_likelihood() -> None:
    values = SAMPLES["two regimes"]
    sample = Distinct.of(values)
    found = sample.indices(False)
    for i in (0, 700, 1300, 1490):
        tail = values[values >= sample.x[i]]
        assert found[i] == pytest.approx(tail.size / np.log(tail / sample.x[i]).sum(), rel=1e-12)
    assert np.isnan(found[-1])


def test_discrete_exponents_are_the_peak_of_the_zeta_likelihood() -> None:
    sample = Distinct.of(RNG.zipf(2.2, 500).astype(float))
    found = sample.indices(True)
    for i in (0, 3, 10):
        s = found[i] + 1.0 + np.array([-1e-4, 0.0, 1e-4])
        mean_log = sample.mean_log(i) + np.log(sample.x[i])
        left, top, right = -s * mean_log - np.log(zeta(s, sample.x[i]))
        # the vertex of the parabola through three values of the log likelihood
        assert abs(0.5 * (left - right) / (left - 2 * top + right)) < 1e-3


def test_the_search_reads_few_points_of_many() -> None:
    """A million outcomes would take hours point by point; the definition is checked at the candidate found."""
    values = np.random.default_rng(3).pareto(1.5, 1_000_000) + 1.0
    sample = Distinct.of(values)
    place, index, ks = sample.search(False, 10)
    law = 1.0 - np.exp(-index * sample.tail_logs(place))
    seen = (sample.below[place:-1] - sample.below[place]) / sample.n_tail(place)
    assert ks == pytest.approx(np.abs(seen - law).max(), abs=1e-12)
    assert index == pytest.approx(1.5, rel=0.02)
