import math

import numpy as np
import pytest

from tailsim.kernels import params
from tailsim.payoffs import Buckets, Constant, Mixture, Pareto, Uniform

EDGES = [0, 1, 5, 10, 20, 50]
PROBABILITIES = [0.648, 0.253, 0.059, 0.025, 0.011, 0.004]
RULES = ["uniform", *["loguniform"] * 4]


def venture(rules=RULES, index=1.42):
    return Buckets(EDGES, PROBABILITIES, rules, Pareto(index, 50))


def test_correlation_ventures_reference_filling_has_mean_2_775():
    assert venture().mean() == pytest.approx(2.775, abs=5e-4)


def test_the_rule_of_the_first_bucket_moves_half_its_probability_in_the_mean():
    low = venture(["low", *RULES[1:]])
    assert venture().mean() - low.mean() == pytest.approx(0.648 / 2, rel=1e-12)
    assert low.atoms == ((0.0, 0.648),)


def test_probabilities_at_the_edges_are_the_tables():
    law = venture()
    above = np.cumsum(PROBABILITIES[::-1])[::-1]
    np.testing.assert_allclose(law.sf(np.array(EDGES[1:])), above[1:], rtol=1e-14)
    np.testing.assert_allclose(law.isf(above[1:]), EDGES[1:], rtol=1e-12)
    assert law.isf(0.004) == 50.0


def test_an_inf_at_the_end_of_the_edges_may_be_left_out():
    assert Buckets([*EDGES, math.inf], PROBABILITIES, RULES, Pareto(1.42, 50)) == venture()
    assert venture().edges == tuple(map(float, EDGES))


def test_one_rule_is_kept_as_one_word():
    assert Buckets([1, 2, 4], [0.5, 0.5], ["low", "low"]) == Buckets([1, 2, 4], [0.5, 0.5], "low")
    assert repr(Buckets([1, 2, 4], [0.5, 0.5])) == (
        "Buckets(edges=(1.0, 2.0, 4.0), probabilities=(0.5, 0.5), within='loguniform', tail=None)"
    )


def test_an_open_bucket_of_probability_zero_needs_no_tail():
    law = Buckets([1, 2, math.inf], [1.0, 0.0])
    assert law.support == (1.0, 2.0)
    assert law == Buckets([1, 2], [1.0, 0.0])
    assert law.tail_index == math.inf


def test_a_table_of_the_open_bucket_alone_is_its_tail():
    law = Buckets([50], [1.0], tail=Pareto(1.42, 50))
    p = 2.0 ** -np.arange(1.0, 900, 13)
    assert np.array_equal(law.isf(p), Pareto(1.42, 50).isf(p))
    assert law.gini() == pytest.approx(Pareto(1.42).gini(), rel=1e-10)
    assert law.pdf(60.0) == pytest.approx(Pareto(1.42, 50).pdf(60.0), rel=1e-12)


def test_parameters_of_the_kernel_go_from_the_top_down():
    law = Buckets([0, 1, 4], [0.5, 0.25, 0.25], ["uniform", "loguniform"], Constant(4))
    pieces = law._params(2.0)
    assert isinstance(pieces, params.Pieces)
    assert pieces.upto.tolist() == [0.25, 0.5, 1.0]
    assert pieces.top == params.Fixed(8.0)
    assert pieces.log.tolist() == [0.0, 1.0, 0.0]
    np.testing.assert_allclose(pieces.a[1:], [math.log(4), 1.0], rtol=1e-15)
    np.testing.assert_allclose(pieces.b[1:], [-math.log(4), -1.0], rtol=1e-15)
    assert pieces.scale == 2.0


def test_probabilities_whose_sums_are_rounded_still_reach_the_lowest_payoff():
    """Ten times 0.1, added up, is less than 1."""
    law = Buckets(range(11), [0.1] * 10, "uniform")
    assert law._params().upto[-1] == 1.0
    assert law._draw(np.array([1.0]), None).tolist() == [0.0]


def test_a_tail_without_a_kernel_is_drawn_by_python():
    tail = Mixture([Pareto(1.5, 2), Uniform(2, 3)], [0.5, 0.5])
    law = Buckets([1, 2], [0.5, 0.5], tail=tail)
    assert law._params() is None
    v = np.array([0.1, 0.25, 0.6, 1.0])
    from .test_mixture import Recorder

    x = law._draw(v, Recorder())
    np.testing.assert_allclose(x[:2], tail._draw(v[:2] / 0.5, Recorder()), rtol=1e-15)
    np.testing.assert_allclose(x[2:], [2.0 * 2**-0.2, 1.0], rtol=1e-12)


def test_narrow_buckets_keep_their_digits():
    law = Buckets([1, 1 + 1e-9], [1.0])
    assert law.mean() - 1 == pytest.approx(5e-10, rel=1e-5)
    assert law.std() == pytest.approx(1e-9 / math.sqrt(12), rel=1e-5)


def test_closed_moments_of_one_loguniform_bucket():
    law = Buckets([1, 100], [1.0])
    length = math.log(100)
    assert law.mean() == pytest.approx(99 / length, rel=1e-14)
    assert law.var() == pytest.approx((100**2 - 1) / (2 * length) - (99 / length) ** 2, rel=1e-12)
    assert law.partial_mean(10.0) == pytest.approx(90 / length, rel=1e-14)
    assert law.pdf(7.0) == pytest.approx(1 / (7 * length), rel=1e-14)


def test_scaling_a_table_scales_its_edges():
    law = 3 * venture()
    other = Buckets([3 * e for e in EDGES], PROBABILITIES, RULES, Pareto(1.42, 150))
    p = np.linspace(0.001, 0.999, 777)
    np.testing.assert_allclose(law.isf(p), other.isf(p), rtol=1e-13)
    assert law.mean() == pytest.approx(other.mean(), rel=1e-13)
