"""Groups of bets borrow strength: small ones from all, large ones hardly."""

import math

import numpy as np
import pytest

import tailsim as ts
from tailsim.errors import DataError
from tailsim.fit.groups import _beta


def past(sizes, scales, indices, zeros, seed=1):
    """Zero-inflated Pareto outcomes by group."""
    x, names = [], []
    for i, (n, scale, index, zero) in enumerate(zip(sizes, scales, indices, zeros, strict=True)):
        law = ts.ZeroInflated(ts.Pareto(index, scale), zero)
        x.append(law.rvs(n, rng=100 * seed + i))
        names += [f"g{i:02d}"] * n
    return np.concatenate(x), names


@pytest.fixture(scope="module")
def unlike():
    """Twelve groups whose scales, indices and zeros differ; the last has six bets."""
    sizes = [400] * 11 + [6]
    scales = np.exp(np.linspace(-1, 1, 12))
    indices, zeros = np.linspace(1.2, 2.4, 12), np.linspace(0.3, 0.8, 12)
    x, names = past(sizes, scales, indices, zeros)
    return ts.fit_payoff(x, group=names), x, np.array(names)


def test_a_large_group_keeps_its_own(unlike):
    fit, x, names = unlike
    for i, name in enumerate(sorted(fit.groups)[:-1]):
        group = fit.groups[name]
        assert group.n == 400
        assert group.p_zero == pytest.approx(np.mean(x[names == name] == 0), abs=0.03)
        assert group.weight > 0.97
        low, high = np.quantile([law.tail_index for law in group.uncertain.laws], [0.0005, 0.9995])
        assert low < np.linspace(1.2, 2.4, 12)[i] < high


def test_six_bets_lie_between_their_own_and_those_of_all(unlike):
    fit, x, names = unlike
    six = fit.groups["g11"]
    own = x[names == "g11"]
    share, everyone = np.mean(own == 0), np.mean(x == 0)
    assert min(share, everyone) < six.p_zero < max(share, everyone) or share == everyone
    assert six.weight < min(fit.groups[f"g{i:02d}"].weight for i in range(11))
    sizes = [law.p_zero for law in six.uncertain.laws]
    large = [law.p_zero for law in fit.groups["g00"].uncertain.laws]
    assert np.std(sizes) > 3 * np.std(large)


def test_groups_alike_are_pooled():
    x, names = past([50] * 20, [1.0] * 20, [1.5] * 20, [0.5] * 20)
    fit = ts.fit_payoff(x, group=names)
    zeros = [group.p_zero for group in fit.groups.values()]
    own = [np.mean(x[np.array(names) == name] == 0) for name in fit.groups]
    assert np.std(zeros) < 0.4 * np.std(own)
    assert np.std([group.scale for group in fit.groups.values()]) < 0.2
    assert np.std([group.tail_index for group in fit.groups.values()]) < 0.15


def test_pooling_beats_no_pooling_on_small_groups():
    """Squared error of the share of zeros over 60 groups of six: shrunk against each one's own (James and Stein)."""
    rng = np.random.default_rng(3)
    true = rng.beta(6, 6, 60)
    x, names = past([6] * 60, [1.0] * 60, [1.5] * 60, true)
    fit = ts.fit_payoff(x, group=names)
    own = np.array([np.mean(x[np.array(names) == name] == 0) for name in fit.groups])
    shrunk = np.array([group.p_zero for group in fit.groups.values()])
    assert np.mean((shrunk - true) ** 2) < 0.7 * np.mean((own - true) ** 2)


def test_the_beta_prior_makes_the_counts_most_likely():
    """Against beta-binomial probabilities by products, on a grid of sizes."""
    zeros, n = np.array([2.0, 9.0, 5.0, 1.0, 10.0, 4.0]), np.full(6, 12.0)
    a, b = _beta(zeros, n)
    mean = (zeros.sum() + 0.5) / (n.sum() + 1)
    assert a / (a + b) == pytest.approx(mean, rel=1e-12)

    def likelihood(size):
        p, q = mean * size, (1 - mean) * size
        each = [
            math.prod(p + i for i in range(int(k)))
            * math.prod(q + i for i in range(12 - int(k)))
            / math.prod(size + i for i in range(12))
            for k in zeros
        ]
        return math.log(math.prod(each))

    grid = np.geomspace(0.1, 1e4, 300)
    assert likelihood(a + b) == pytest.approx(max(likelihood(s) for s in grid), abs=1e-3)


def test_a_group_simulates(unlike):
    fit, _, _ = unlike
    run = ts.simulate(ts.Portfolio.of(fit.groups["g11"].uncertain, 10), n_trials=2000, rng=1)
    assert run.failure_rate().value > 0.3


def test_without_zeros_no_group_has_any():
    x = ts.Pareto(1.5).rvs(300, rng=2)
    fit = ts.fit_payoff(x, group=np.repeat(["a", "b", "c"], 100))
    assert all(group.p_zero == 0.0 for group in fit.groups.values())


def test_groups_need_finished_bets():
    x = ts.Pareto(1.5).rvs(300, rng=2)
    with pytest.raises(DataError, match="group needs finished bets only"):
        ts.fit_payoff(x, group=["a"] * 150 + ["b"] * 150, still_open=x > 5)
