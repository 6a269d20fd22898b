"""The uniform of an address is Philox4x32-10, and no bit of it is lost on the way to an exceedance."""

import numpy as np
import pytest
from scipy import stats

import tailsim as ts
from tailsim.kernels import api, philox
from tailsim.payoffs._rng import seed_of

from . import reference

U = np.uint64
# Random123, kat_vectors: counter, key, output, words low to high
KNOWN = [
    ([0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    (
        [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
        [0xA4093822, 0x299F31D0],
        [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
    ),
]
ADDRESSES = [(0, 0, 0, 0), (1, 2, 3, 256), (3, 5, 7, 0), (2, 2**32 - 1, 9_999_999, 512)]  # tile, block, bet, tag


def fill(keys, tile, block, bet, tag=0):
    v = np.empty(1024)
    deep = philox.fill(v, keys, U(block), U(tile), U(bet), U(tag))
    return v, deep


def at(keys, block, bet, lanes, tag=0):
    v = np.empty(len(lanes))
    philox.at(v, keys, U(block), U(bet), np.asarray(lanes, dtype=U), U(tag))
    return v


def flat(pairs):
    """Round keys as the kernels take them."""
    return np.array([word for pair in pairs for word in pair], dtype=U)


@pytest.mark.parametrize(("counter", "key", "output"), KNOWN)
def test_random123_known_answers(counter, key, output):
    assert list(reference.philox(counter, reference.round_keys(key))) == output
    kernel = api.known_answer(np.array(counter, np.uint32), np.array(key, np.uint32))
    assert kernel.dtype == np.uint32
    assert kernel.tolist() == output
    assert ts.testing.philox(counter, key).tolist() == output


def test_compiled_philox_equals_the_reference_on_random_counters():
    rng = np.random.default_rng(1)
    for _ in range(200):
        counter, key = rng.integers(0, 2**32, 4), rng.integers(0, 2**32, 2)
        expected = reference.philox(counter.tolist(), reference.round_keys(key.tolist()))
        assert api.known_answer(counter.astype(np.uint32), key.astype(np.uint32)).tolist() == list(expected)


@pytest.mark.parametrize(("tile", "block", "bet", "tag"), ADDRESSES)
def test_a_tile_holds_the_exceedances_of_its_addresses(tile, block, bet, tag):
    key = (123, 456)
    v, deep = fill(philox.round_keys(key), tile, block, bet, tag)
    pairs = reference.round_keys(key)
    expected = [reference.exceedance_at(tile * 1024 + i, block, bet, pairs, tag) for i in range(1024)]
    assert np.array_equal(v, expected)
    assert deep is bool((v < 2.0**-32).any())


@pytest.mark.parametrize(("tile", "block", "bet", "tag"), ADDRESSES)
def test_one_by_one_equals_the_tile(tile, block, bet, tag):
    keys = philox.round_keys((7, 8))
    v, _ = fill(keys, tile, block, bet, tag)
    lanes = tile * 1024 + np.arange(1024)
    assert np.array_equal(at(keys, block, bet, lanes, tag), v)
    assert np.array_equal(at(keys, block, bet, lanes[::-7], tag), v[::-7])


def test_a_block_is_its_tiles_and_its_bets():
    keys = philox.round_keys((7, 8))
    v = api.Rows(keys, 3, 5).exceedances(2)
    tiles = [np.concatenate([fill(keys, tile, 3, bet)[0] for tile in range(4)]) for bet in (5, 6)]
    assert np.array_equal(v, tiles)


def crafted_keys(lane, block, bet, *, both):
    """Round keys under which the first word of a lane (its leading half, or ``both``) is zero.

    The last round key is added to the leading half; the trailing half is zero where the word that
    the last round multiplies is, to which the last round key but one is added.
    """
    pair, half = reference.pair_and_half(lane)
    pairs = [list(k) for k in reference.round_keys((11, 12))]
    if both:
        words = reference.philox((pair, block, bet, 0), pairs[:9])
        # word 1 comes from x2 after nine rounds, word 3 from x0
        pairs[8][1 - half] ^= words[0 if half else 2]
    words = reference.philox((pair, block, bet, 0), pairs)
    pairs[9][half] ^= words[2 * half]
    return pairs


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("lane", [0, 255, 256, 1023, 1024 + 600, 4095])
def test_a_lane_whose_first_word_is_zero_is_drawn_deeper(lane, both):
    block, bet = 6, 21
    pairs = crafted_keys(lane, block, bet, both=both)
    pair, half = reference.pair_and_half(lane)
    words = reference.philox((pair, block, bet, 0), pairs)[2 * half : 2 * half + 2]
    assert words[0] == 0
    assert (words[1] == 0) is both

    tile = lane // 1024
    v, deep = fill(flat(pairs), tile, block, bet)
    expected = [reference.exceedance_at(tile * 1024 + i, block, bet, pairs) for i in range(1024)]
    assert deep is True
    assert v[lane % 1024] < (2.0**-64 if both else 2.0**-32)
    assert np.array_equal(v, expected)
    assert np.array_equal(at(flat(pairs), block, bet, [lane]), v[[lane % 1024]])


@pytest.mark.parametrize("both", [None, False, True])
@pytest.mark.parametrize("lane", [0, 256, 1024 + 600, 4095])
def test_walking_along_the_bets_gives_the_same_exceedances(lane, both):
    """Two lanes of a pair, seven bets from the fifteenth on; the one in the middle is made to be deep."""
    keys = philox.round_keys((7, 8)) if both is None else flat(crafted_keys(lane, 6, 18, both=both))
    pair, half = reference.pair_and_half(lane)
    one, other = np.empty(8), np.empty(8)
    deep = philox.along(one, other, keys, U(6), U(pair), U(15), 8)
    lanes = [lane - 256, lane] if half else [lane, lane + 256]
    expected = np.array([at(keys, 6, bet, lanes, 0) for bet in range(15, 23)])
    assert np.array_equal(np.stack([one, other], axis=1), expected)
    assert deep is (both is not None)


def test_mending_touches_only_lanes_below_the_depth_of_one_word():
    keys = philox.round_keys((7, 8))
    v, _ = fill(keys, 1, 2, 3)
    spoiled = v.copy()
    spoiled[[0, 77, 1023]] = 2.0**-33  # mended from their words, which hold more
    spoiled[500] = 0.25  # not mended, though wrong
    philox._mend(spoiled, keys, U(2), U(1), U(3), U(0))
    assert spoiled[500] == 0.25
    spoiled[500] = v[500]
    assert np.array_equal(spoiled, v)


def random_rows(rng, n):
    """Rows of 17 words whose first set bit lies at any depth, with every length of what follows."""
    words = np.zeros((n, 17), dtype=U)
    for row in words:
        depth = int(rng.integers(0, 17))
        row[depth:] = rng.integers(0, 2**64, 17 - depth, dtype=U)
        row[depth] >>= U(rng.integers(0, 64))
        row[depth] &= ~U(0) << U(rng.integers(0, 64))
    return words


def test_words_become_the_nearest_double_at_any_depth():
    words = random_rows(np.random.default_rng(2), 5000)
    expected = [reference.exceedance(row.tolist()) for row in words]
    assert np.array_equal(api.words_to_v(words), expected)


def test_words_at_the_edges_of_rounding():
    ties = [
        (1 << 63) + (1 << 10),  # half way between two doubles below 1 but for the bit that is set
        (1 << 63) - (1 << 10),
        (1 << 64) - 1,  # rounds to 1
        (1 << 64) - (1 << 10),
        (1 << 64) - (1 << 11) - 1,
        (1 << 32) - 1,
        1 << 32,
        (1 << 32) + 1,
    ]
    rows = [[w, 1 << 63] + [0] * 15 for w in ties]
    # the same patterns further down, and about the smallest normal and subnormal numbers
    rows += [[0] * d + [w, (1 << 63) | 5] + [0] * (15 - d) for d in range(1, 16) for w in ties]
    rows += [[0] * 15 + [1 << k, 0] for k in range(64)] + [[0] * 16 + [w] for w in (0, 1, 1 << 14, 3 << 13, 1 << 63)]
    expected = [reference.exceedance(row) for row in rows]
    assert np.array_equal(api.words_to_v(np.array(rows, dtype=U)), expected)
    assert 1.0 in expected
    assert 2.0**-1074 in expected


def test_a_row_that_ends_too_early_has_no_exceedance():
    for row in ([0], [0, 0], [5], [0, 0, (1 << 32) - 1]):
        assert reference.exceedance(row) is None
        assert np.isnan(api.words_to_v(np.array([row], dtype=U)))
    with pytest.raises(ts.ArgumentError, match=r"^words.*\.$"):
        ts.testing.transform(ts.Pareto(1.1), [0, 0])


def test_transform_is_the_inverse_survival_function_of_the_words():
    rows = [[1 << 63, 0, 0], [1 << 54, 0, 0], [3, 1 << 40, 0], [0, 0, 1 << 63]]
    v = [reference.exceedance(row) for row in rows]
    assert v[:2] == [0.5, 2.0**-10]
    assert np.array_equal(ts.testing.transform(ts.Pareto(1.1), rows), ts.Pareto(1.1).isf(v))
    assert ts.testing.transform(ts.Pareto(1.1), rows[0]).shape == (1,)


def test_no_two_addresses_share_a_word():
    """Exceedances of 307,200 unlike addresses: two equal ones by chance have probability 5e-5; the seeds are fixed."""
    drawn = [
        fill(philox.round_keys(api.key_of(seed)), tile, block, bet, tag)[0][::4]
        for seed in (0, 1, 2, 2**64, 2**127)
        for tile in range(4)
        for block in (0, 1, 2**32 - 1)
        for bet in (0, 1, 65_536, 9_999_999)
        for tag in (0, 1, 256, 257, 512)
    ]
    values = np.concatenate(drawn)
    assert len(np.unique(values)) == len(values)


def test_streams_of_a_law_never_repeat_the_payoffs_own_words():
    keys = philox.round_keys(api.key_of(1))
    index = np.arange(2 * 4096)
    stream = api.Stream(api.Rows(keys, 3, 5))
    first = api.Rows(keys, 3, 5).exceedances(2).reshape(-1)
    second, third = stream.uniform(index), stream.take(index).uniform(index)
    values = np.concatenate([first, second, third])
    assert len(np.unique(values)) == len(values)
    assert np.array_equal(stream.take(index[100:200]).uniform(np.array([3, 7])), third[[103, 107]])
    assert np.array_equal(stream.uniform(index[4090:4100]), second[4090:4100])


def test_rng_none_never_repeats():
    seeds = {seed_of(None) for _ in range(2000)}
    assert len(seeds) == 2000
    assert min(seeds) < 2**127 < max(seeds)
    assert ts.Pareto(1.5).rvs() != ts.Pareto(1.5).rvs()


def test_keys_of_seeds_differ():
    keys = {tuple(api.key_of(seed).tolist()) for seed in [*range(2000), *(2**k for k in range(11, 128))]}
    assert len(keys) == 2000 + 117


def test_exceedances_are_uniform_down_to_the_last_dyadic_count():
    """n = 4,194,304: DKW for the body, exact binomial counts beyond 2^-j for the tail, 1e-6 for all together.

    Sees a shift of the distribution function of .0014, and every cap at 2^-19 or above.
    """
    keys = philox.round_keys(api.key_of(20))
    v = np.concatenate([api.Rows(keys, block, 0).exceedances(64).reshape(-1) for block in range(16)])
    n = v.size
    grid = np.arange(1, 1025) / 1024
    gap = np.abs(np.searchsorted(np.sort(v), grid, side="right") / n - grid).max()
    assert gap < np.sqrt(np.log(2 / 5e-7) / (2 * n))
    for j in range(1, 31):
        k = int(np.count_nonzero(v <= 2.0**-j))
        assert stats.binomtest(k, n, 2.0**-j).pvalue > 5e-7 / 30
