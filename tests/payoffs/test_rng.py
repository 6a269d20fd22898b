import numpy as np
import pytest

from tailsim.errors import ArgumentError
from tailsim.payoffs import Pareto
from tailsim.payoffs._rng import seed_of


def test_a_whole_number_and_its_seed_sequence_are_the_same_seed():
    assert seed_of(0) == 0
    assert seed_of(10**50) == 10**50
    assert seed_of(np.int32(5)) == 5
    assert seed_of(np.random.SeedSequence(12)) == 12


def test_none_never_repeats():
    assert len({seed_of(None) for _ in range(100)}) == 100


def test_spawned_sequences_differ_and_repeat():
    spawned = [seed_of(child) for child in np.random.SeedSequence(1).spawn(20)]
    assert spawned == [seed_of(child) for child in np.random.SeedSequence(1).spawn(20)]
    assert len({*spawned, 1}) == 21
    assert all(seed < 2**128 for seed in spawned)


def test_a_sequence_of_several_numbers_is_not_its_first():
    assert seed_of(np.random.SeedSequence([3, 4])) not in (3, seed_of(np.random.SeedSequence([3, 5])))


@pytest.mark.parametrize("bits", [np.random.PCG64, np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_a_generator_gives_128_bits_and_moves_on(bits):
    generator = np.random.Generator(bits(1))
    seeds = [seed_of(generator) for _ in range(50)]
    assert len(set(seeds)) == 50
    assert seeds == [seed_of(g) for g in [np.random.Generator(bits(1))] for _ in range(50)]
    for shift in (0, 32, 64, 96):
        words = [seed >> shift & 0xFFFFFFFF for seed in seeds]
        assert np.bitwise_or.reduce(words) == 0xFFFFFFFF
        assert np.bitwise_and.reduce(words) == 0


@pytest.mark.parametrize("bad", [-1, 1.0, "1", True, np.bool_(True), [1], np.array(3.0), object()], ids=repr)
def test_anything_else_is_refused(bad):
    with pytest.raises(ArgumentError, match="rng must be None, a whole number"):
        seed_of(bad)


def test_a_legacy_random_state_is_refused_with_its_successor():
    with pytest.raises(ArgumentError, match="default_rng"):
        seed_of(np.random.RandomState(1))


def test_shapes_of_draws():
    law = Pareto(1.5)
    assert type(law.rvs(rng=1)) is float
    assert law.rvs(rng=1) == law.rvs(3, rng=1)[0]
    assert law.rvs(0, rng=1).shape == (0,)
    assert law.rvs((2, 3), rng=1).shape == (2, 3)
    assert np.array_equal(law.rvs((2, 3), rng=1).ravel(), law.rvs(6, rng=1))
    assert law.rvs((), rng=1).shape == ()


def test_two_draws_with_one_generator_differ():
    generator = np.random.default_rng(1)
    assert not np.array_equal(Pareto(1.5).rvs(5, rng=generator), Pareto(1.5).rvs(5, rng=generator))
