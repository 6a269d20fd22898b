"""The resampled law with a fitted tail, against formulas written out."""

import numpy as np
import pytest
from scipy import stats

from tailsim import fit
from tailsim.errors import ArgumentError
from tailsim.payoffs import Empirical, Pareto, Spliced

SKETCH = [0.0] * 50 + [float(2**i) for i in range(8)] * 10  # 130 outcomes, 80 of them above 0


def test_resampled_with_tail_is_the_sample_below_and_pareto_above() -> None:
    x = Pareto(1.3).rvs(400, rng=3)
    law = fit.resampled_with_tail(x)
    threshold = np.sort(x)[-21]
    assert law == Spliced(Empirical(x), Pareto(fit.hill(x, 20).value, threshold), threshold, 20 / 400)
    below = np.quantile(x, [0.1, 0.5, 0.9])
    np.testing.assert_allclose(law.sf(below), Empirical(x).sf(below), rtol=1e-12)
    assert law.sf(10 * threshold) == pytest.approx(0.05 * 10**-law.tail_index, rel=1e-12)


def test_draws_reach_beyond_the_largest_seen_as_often_as_the_tail_says() -> None:
    x = (np.arange(1, 1001) / 1001.0) ** (-1 / 1.5)
    law = fit.resampled_with_tail(x, 50)
    n, p = 400_000, law.sf(x.max())
    hits = int(np.count_nonzero(law.rvs(n, rng=11) > x.max()))
    assert stats.binom.sf(hits - 1, n, p) > 5e-7
    assert stats.binom.cdf(hits, n, p) > 5e-7
    assert hits > 0


def test_the_tail_is_capped_at_half_of_what_is_above_zero() -> None:
    assert fit.tail_size(SKETCH) == 11
    assert fit.tail_size([0.0] * 380 + list(range(1, 25))) == 12


def test_another_tail_index_moves_the_tail_alone() -> None:
    x = Pareto(1.3).rvs(400, rng=3)
    fitted, other = fit.resampled_with_tail(x), fit.resampled_with_tail(x, tail_index=0.9)
    assert other.tail == Pareto(0.9, fitted.threshold)
    assert (other.body, other.threshold, other.p_tail) == (fitted.body, fitted.threshold, fitted.p_tail)


@pytest.mark.parametrize(
    ("values", "how", "named"),
    [
        (np.arange(1.0, 100.0), {}, "values must be at least 100"),
        ([0.0] * 1000 + [1.0, 2.0] * 9, {}, "values must be at least 100, 20 of them above 0"),
        ([2.0] * 400, {}, "must differ"),
        (np.arange(1.0, 400.0), {"k": 9}, "k must be"),
        (np.arange(1.0, 12.0), {"k": 11}, "k must be"),
        (np.arange(1.0, 400.0), {"tail_index": 0.0}, "tail_index must be"),
        ([1.0, np.inf], {}, "values must be"),
    ],
)
def test_resampled_with_tail_refuses(values: object, how: dict[str, float], named: str) -> None:
    with pytest.raises(ArgumentError, match=named):
        fit.resampled_with_tail(values, **how)  # type: ignore[arg-type]
