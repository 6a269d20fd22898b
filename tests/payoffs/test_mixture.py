import math

import numpy as np
import pytest
from scipy import stats

from tailsim.payoffs import Constant, Exponential, Mixture, Pareto, Uniform, ZeroInflated


class Recorder:
    """A stream that notes what is asked of it and answers with fixed uniforms."""

    def __init__(self, level=0, asked=None):
        self.level = level
        self.asked = [] if asked is None else asked

    def uniform(self, index):
        self.asked.append((self.level, list(index)))
        return np.full(len(index), 2.0**-500)

    def take(self, index):
        return Recorder(self.level + 1, self.asked)


def test_each_component_gets_its_part_of_the_exceedances_in_order():
    law = Mixture([Constant(1), Constant(2), Constant(3)], [0.25, 0.25, 0.5])
    v = np.array([[1e-300, 0.25, 0.2500001], [0.5, 0.6, 1.0]])
    assert law._draw(v, Recorder()).tolist() == [[1, 1, 2], [2, 3, 3]]


def test_the_exceedance_within_a_component_is_stretched_to_the_unit_interval():
    law = Mixture([Uniform(0, 1), Uniform(10, 11)], [0.5, 0.5])
    assert law._draw(np.array([0.125, 0.5, 0.75, 1.0]), Recorder()).tolist() == [0.75, 0.0, 10.5, 10.0]


def test_the_first_component_reaches_as_deep_as_v_and_later_ones_ask_the_stream():
    law = Mixture([Pareto(2.0), Pareto(2.0, 4.0)], [0.5, 0.5])
    stream = Recorder()
    v = np.array([2.0**-700, 0.7, 0.5 + 2.0**-40, 0.5 + 2.0**-22])
    x = law._draw(v, stream)
    assert x[0] == pytest.approx(math.sqrt(2.0**699), rel=1e-12)
    assert stream.asked == [(0, [2, 3])]
    limit = 2.0**-19
    assert x[2] == x[3] == pytest.approx(4 / math.sqrt(limit * 2.0**-500), rel=1e-12)


def test_a_component_of_tiny_weight_takes_its_whole_exceedance_from_the_stream():
    law = Mixture([Constant(1), Pareto(2.0)], [1 - 1e-9, 1e-9])
    stream = Recorder()
    x = law._draw(np.array([1 - 2.0**-40, 1.0]), stream)
    assert stream.asked == [(0, [0, 1])]
    assert np.all(x == Pareto(2.0).isf(2.0**-500))


def test_mixtures_within_mixtures_take_fresh_uniforms():
    law = Mixture([Constant(0), Mixture([Constant(1), Pareto(2.0)], [0.5, 0.5])], [0.5, 0.5])
    stream = Recorder()
    law._draw(np.array([0.75 + 2.0**-50]), stream)
    assert [level for level, _ in stream.asked] == [1]


def test_deep_draws_of_a_later_component_follow_their_law():
    """Dyadic counts of the second component's exceedances across the limit; rate 1e-6 over 40 counts."""
    n = 2**22
    law = Mixture([Constant(0.5), Pareto(1.0)], [0.5, 0.5])
    x = law.rvs(n, rng=5)
    for j in range(1, 41):
        count = int(np.sum(x > 2.0**j))
        p = 0.5 * 2.0**-j
        assert 2 * min(stats.binom.cdf(count, n, p), stats.binom.sf(count - 1, n, p)) > 1e-6 / 40


def test_weights_that_miss_1_by_a_little_are_divided_by_their_sum():
    law = Mixture([Exponential(), Pareto(1.5)], [0.3, 0.7 + 5e-10])
    assert math.fsum(law.weights) == 1.0
    assert Mixture([Exponential(), Pareto(1.5)], [0.1, 0.9]).weights == (0.1, 0.9)


def test_mixtures_compare_and_hash_by_value():
    one = Mixture([Exponential(), Pareto(1.5)], np.array([0.5, 0.5]))
    assert one == Mixture((Exponential(1), Pareto(1.5, 1)), [0.5, 0.5])
    assert hash(one) == hash(Mixture((Exponential(1), Pareto(1.5, 1)), [0.5, 0.5]))
    assert one != Mixture([Pareto(1.5), Exponential()], [0.5, 0.5])


def test_atoms_of_components_add_up():
    law = Mixture([ZeroInflated(Pareto(1.5), 0.5), Constant(0), Constant(7)], [0.5, 0.25, 0.25])
    assert law.atoms == ((0.0, 0.5), (7.0, 0.25))


def test_neumann_2017_a_deal_of_three_thirds():
    """1/3 zero, 1/3 one, 1/3 Pareto of density exponent 1.98: no mean, and a median of one."""
    law = Mixture([Constant(0), Constant(1), Pareto(1.98 - 1)], [1 / 3] * 3)
    assert law.mean() == math.inf
    assert law.prob_at_least(1.0) == pytest.approx(2 / 3, rel=1e-15)
    assert law.isf(1 / 6) == pytest.approx(2 ** (1 / 0.98), rel=1e-12)
