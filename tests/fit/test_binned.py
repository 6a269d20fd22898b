"""Power laws from bins: a closed form, the fit to the outcomes themselves, and refusals."""

import numpy as np
import pytest
from scipy import optimize

import tailsim as ts
from tailsim.errors import ArgumentError
from tailsim.fit import fit_binned_power_law

OCTAVES = [*(2.0 ** np.arange(12)), np.inf]


def binned(values: np.ndarray, edges: object) -> np.ndarray:
    return np.histogram(values, np.nan_to_num(np.asarray(edges, dtype=float), posinf=1e308))[0]


def test_octaves_have_a_closed_form() -> None:
    # the octave of a Pareto outcome is geometric; the last bin is open, so counts there enter by their survival
    counts = np.array([800, 410, 190, 104, 50, 24, 13, 6, 3, 1, 1, 0])
    fit = fit_binned_power_law(OCTAVES, counts, threshold=1.0)
    stayed, left = float(np.dot(np.arange(12), counts)), float(counts[:-1].sum())
    assert fit.tail_index.value == pytest.approx(np.log2(1 + left / stayed), rel=1e-9)
    ratio = stayed / (stayed + left)
    below = np.concatenate([[0], np.cumsum(counts[:-1])]) / counts.sum()
    assert fit.ks == pytest.approx(np.abs(below - (1 - ratio ** np.arange(12))).max(), rel=1e-9)
    # Fisher's information of a geometric count cut at 11 trials, in ln ratio
    trials = np.sum(ratio ** np.arange(11))
    error = 1 / np.sqrt(counts.sum() * trials * np.log(2.0) ** 2 * ratio / (1 - ratio))
    assert fit.tail_index.std_error == pytest.approx(error, rel=1e-9)


def test_the_likelihood_is_at_its_peak_for_uneven_bins() -> None:
    rng = np.random.default_rng(2)
    edges = np.concatenate([[1.0], 1.0 + np.cumsum(rng.exponential(1.0, 14))])
    values = rng.pareto(1.2, 3000) + 1.0
    counts = binned(values[values < edges[-1]], edges)
    fit = fit_binned_power_law(np.append(edges, np.inf), np.append(counts, (values >= edges[-1]).sum()), threshold=1.0)

    def negative(index: float) -> float:
        p = -np.diff(np.append(edges**-index, 0.0))
        return -float(np.dot(np.append(counts, (values >= edges[-1]).sum()), np.log(p)))

    best = optimize.minimize_scalar(negative, bounds=(0.3, 4.0), method="bounded", options={"xatol": 1e-11})
    assert fit.tail_index.value == pytest.approx(best.x, rel=1e-6)


def test_fine_bins_give_the_fit_to_the_outcomes() -> None:
    values = ts.Pareto(1.5).rvs(3000, rng=4)
    edges = np.append(1.004 ** np.arange(3_000), np.inf)
    fit = fit_binned_power_law(edges, binned(values, edges), threshold=1.0)
    assert fit.tail_index.value == pytest.approx(ts.fit_power_law(values, threshold=1.0).tail_index, rel=4e-3)
    assert fit.law == ts.Pareto(fit.tail_index.value, 1.0)
    assert fit.pdf_exponent == fit.tail_index.value + 1.0


def test_the_threshold_is_found_where_the_tail_starts() -> None:
    rng = np.random.default_rng(6)
    values = np.concatenate([rng.uniform(1.0, 8.0, 6000), 8.0 * (rng.pareto(1.3, 4000) + 1.0)])
    fit = fit_binned_power_law(OCTAVES, binned(values, OCTAVES))
    assert fit.threshold in (8.0, 16.0, 32.0)
    assert fit.n == 10_000
    low, high = fit.tail_index.interval
    assert low < 1.3 < high


def test_interval_covers() -> None:
    # 300 samples of 60 in octaves; at 95 % fewer than 264 cover once in a million
    hits = 0
    for seed in range(300):
        values = np.random.default_rng(seed).pareto(0.9, 60) + 1.0
        low, high = fit_binned_power_law(OCTAVES, binned(values, OCTAVES), threshold=1.0).tail_index.interval
        hits += low <= 0.9 <= high
    assert hits >= 264


@pytest.mark.parametrize(
    ("edges", "counts", "how", "said"),
    [
        ([1, 2, 4], [1, 2], {}, r"^edges must be increasing"),
        ([1, 2, 2, 4], [1, 2, 3], {}, r"^edges must be increasing"),
        ([-1, 2, 3, 4], [1, 2, 3], {}, r"^edges must be increasing"),
        ([1, 2, np.nan, 4], [1, 2, 3], {}, r"^edges must be increasing"),
        ([1, 2, 3, 4], [1, 2], {}, r"^counts must be 3 whole numbers"),
        ([1, 2, 3, 4], [1, 2, 0.5], {}, r"^counts must be 3 whole numbers"),
        ([1, 2, 3, 4], [1, -2, 3], {}, r"^counts must be 3 whole numbers"),
        ([1, 2, 3, 4], [1, 2, 3], {}, r"^counts must leave 10 outcomes in a tail of three bins"),
        ([1, 2, 3, 4], [0, 0, 0], {}, r"^counts must leave 10 outcomes"),
        ([1, 2, 3, 4], [0, 50, 0], {}, r"^counts must leave 10 outcomes"),
        ([1, 2, 3, 4], [20, 20, 30], {"threshold": 1.5}, r"^threshold must be one of the edges"),
    ],
)
def test_bins_are_refused(edges: object, counts: object, how: dict[str, float], said: str) -> None:
    with pytest.raises(ArgumentError, match=said) as caught:
        fit_binned_power_law(edges, counts, **how)  # type: ignore[arg-type]
    assert str(caught.value).endswith(".")
