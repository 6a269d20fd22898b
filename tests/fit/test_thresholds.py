"""Rules that choose where the tail starts: against their formulas, and on laws whose tail index is known."""

import numpy as np
import pytest
from scipy import stats

import tailsim as ts
from tailsim.errors import ArgumentError
from tailsim.fit import tail_threshold
from tailsim.fit.thresholds import hill_path

PARETO = ts.Pareto(1.5).rvs(2000, rng=1)
FRECHET = np.sort(stats.invweibull(1.5).rvs(5000, random_state=3))


def test_the_path_is_hill_at_every_k() -> None:
    path = hill_path(FRECHET)
    assert path.size == 4999
    for k in (1, 10, 500, 4999):
        assert path[k - 1] == pytest.approx(ts.hill(FRECHET, k).xi, rel=1e-9)


@pytest.mark.parametrize("method", ["ks", "double_bootstrap", "stability"])
def test_a_pareto_sample_is_nearly_all_tail_and_a_frechet_sample_is_not(method: str) -> None:
    pareto, frechet = tail_threshold(PARETO, method), tail_threshold(FRECHET, method)
    assert pareto.k > 1000
    assert pareto.stable
    assert 50 < frechet.k < 2500
    assert frechet.threshold == FRECHET[-frechet.k - 1]
    assert frechet.tail_index.value == ts.hill(FRECHET, frechet.k).value
    assert abs(frechet.tail_index.value - 1.5) < 0.3


def test_the_rule_by_distance_is_the_power_law_fit() -> None:
    chosen, fit = tail_threshold(FRECHET), ts.fit_power_law(FRECHET, False)
    assert (chosen.threshold, chosen.k) == (fit.threshold, fit.n_tail - 1)


def test_stability_takes_the_largest_tail_that_agrees_with_all_smaller_ones() -> None:
    chosen = tail_threshold(FRECHET, "stability")
    xi, k = hill_path(FRECHET), np.arange(1, 5000)
    radius = np.sqrt(2.1 * np.log(np.log(5000.0)))

    def agrees(n: int) -> bool:
        smaller = slice(9, n)
        return bool(np.all(abs(xi[smaller] - xi[n - 1]) <= xi[smaller] * radius / np.sqrt(k[smaller]) + 1e-15))

    assert agrees(chosen.k)
    assert not any(agrees(n) for n in range(chosen.k + 1, 5000))


def test_the_double_bootstrap_has_a_seed() -> None:
    one, same, other = (tail_threshold(FRECHET, "double_bootstrap", n_replicates=50, rng=r) for r in (1, 1, 2))
    assert one.k == same.k
    assert one.tail_index.value != other.tail_index.value


def test_a_tail_index_that_drifts_is_said_to() -> None:
    body = np.linspace(1.0, 1.2, 300)
    chosen = tail_threshold(np.concatenate([body, 1.2 * ts.Pareto(0.5).rvs(40, rng=2)]), "ks")
    drifting = np.exp(np.sort(np.random.default_rng(1).random(4000)) ** 9 * 9)
    said = tail_threshold(drifting, "double_bootstrap", n_replicates=50)
    assert chosen.verdict.endswith(".")
    assert not said.stable or said.k < 400
    few = tail_threshold(np.concatenate([np.full(30, 1.0), 5.0 * ts.Pareto(1.0).rvs(12, rng=4)]), "ks")
    assert few.k < 20
    assert not few.stable
    assert "too few to see" in few.verdict


@pytest.mark.parametrize(
    ("data", "method", "said"),
    [
        ([1.0, 2.0, 3.0], "ks", r"^data must hold at least 20 outcomes above 0 to choose a threshold by 'ks', got 3; "),
        ([0.0] * 99, "stability", r"^data must hold at least 100 outcomes above 0 .* got 0; "),
        ([2.0] * 30, "ks", r"^data must differ for a threshold to be chosen"),
        ([1.0, np.nan], "ks", r"^data must be .* got nan"),
        (PARETO, "eye", r"^method must be one of 'ks', 'double_bootstrap', 'stability', got 'eye'\.$"),
    ],
)
def test_tail_threshold_refuses(data: object, method: str, said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        tail_threshold(data, method)  # type: ignore[arg-type]
