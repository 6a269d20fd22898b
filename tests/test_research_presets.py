"""Inventions, experiments and stocks reproduce the figures of their sources."""

import numpy as np
import pytest

import tailsim as ts
from tailsim.errors import ArgumentError


@pytest.mark.parametrize(
    ("concentration", "share", "index", "sigma"), [("low", 0.48, 1.4679, 1.2314), ("high", 0.93, 1.0325, 2.7573)]
)
def test_scherer_harhoff_2000_top_tenth(concentration, share, index, sigma):
    pareto, lognormal = (ts.presets.scherer_harhoff(concentration, family) for family in ("pareto", "lognormal"))
    assert pareto.tail_index == pytest.approx(index, abs=5e-5)
    assert lognormal.sigma == pytest.approx(sigma, abs=5e-5)
    assert [law.top_share(0.1) for law in (pareto, lognormal)] == pytest.approx([share, share], rel=1e-9)


def test_azevedo_2020_bing_tail_index():
    law = ts.presets.bing_experiments(scale=0.02, loc=-0.01)
    assert (law.tail_index, law.left_tail_index) == (1.31, 1.31)
    assert law.median() == -0.01
    assert law.mean() == pytest.approx(-0.01, abs=1e-12)
    with pytest.raises(ts.UndefinedMomentError):
        law.gini()


def test_bessembinder_2018_four_percent_make_all_net_wealth():
    law = ts.presets.bessembinder()
    assert law.sf(0.0) == pytest.approx(0.426, rel=1e-12)
    assert law.mean() == pytest.approx(1.0, rel=1e-9)
    assert law.partial_mean(law.isf(0.04)) == pytest.approx(1.0, rel=1e-9)
    assert law.partial_mean(law.isf(90 / 25_300)) == pytest.approx(0.5, rel=1e-9)
    assert law.partial_mean(law.isf(0.1)) > 1.0  # net shares exceed one: the rest lost money


def test_bessembinder_firms_show_it_as_simulated():
    """Shares of gains above 0 among 100,000 firms; false alarm 1e-6."""
    net = ts.presets.bessembinder().rvs(100_000, rng=2)
    assert abs(np.mean(net > 0) - 0.426) < 4.9 * np.sqrt(0.426 * 0.574 / net.size)


def test_unknown_words_are_refused():
    with pytest.raises(ArgumentError, match="concentration must be one of 'low', 'high'"):
        ts.presets.scherer_harhoff("middle")
    with pytest.raises(ArgumentError, match="family must be one of 'pareto', 'lognormal'"):
        ts.presets.scherer_harhoff("low", "weibull")
