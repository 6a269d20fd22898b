"""Every kernel against its formula in NumPy, and the tile machinery: no lane may feel its neighbours."""

import numpy as np
import pytest

from tailsim.kernels import api, fold, philox, strict
from tailsim.kernels import params as p
from tailsim.payoffs import StudentT

EMPTY = np.zeros(1)
RNG = np.random.default_rng(9)
UP = np.array([0.125, 0.375, 1.0])
PIECES = p.Pieces(
    UP,
    np.array([0.0, np.log(8.0), 2.0]),
    np.array([0.0, -np.log(4.0), -2.0]),
    np.array([0.0, 1.0, 0.0]),
    p.power(-0.5, 8.0),
)
RESAMPLE = p.Resample(np.array([9.0, 5.0, 5.0, 1.0, 0.0, -2.0]))


def pieces(v):
    """Above 8 a power, from 2 to 8 uniform in the logarithm, below 2 uniform."""
    with np.errstate(all="ignore"):
        top, middle = 8.0 * (v / 0.125) ** -0.5, 8.0 * 4.0 ** -((v - 0.125) / 0.25)
    return np.select([v <= 0.125, v <= 0.375], [top, middle], 2.0 - 2.0 * (v - 0.375) / 0.625)


def with_zeros(q, base):
    return lambda v: np.where(v <= q, base(np.minimum(v / q, 1.0)), 0.0)


def resample(v):
    return RESAMPLE.values[np.maximum(np.ceil(v * 6) - 1, 0).astype(int)]


def odds(v):
    y = np.minimum(v, 1 - 2.0**-53)
    return y / (1 - y)


def burr(v):
    """Its power of 1 - v**(1/k) by expm1, near v = 1 too."""
    return 3.0 * v ** (-1 / 3.0) * (-np.expm1(np.log(v) / 1.5)) ** (1 / 2.0)


SPLIT = p.Split(0.25, p.power(-1 / 1.5, 8.0), p.Linear(2.0, 2.0))


def split(v):
    return np.where(v <= 0.25, 8.0 * (v / 0.25) ** (-1 / 1.5), 2.0 - 2.0 * (v - 0.25) / 0.75)


CASES = [
    (p.power(-1 / 1.5, 2.0), lambda v: 2.0 * v ** (-1 / 1.5)),
    (p.power(-2.0, 2.0), lambda v: 2.0 * v**-2.0),
    (p.power_minus_one(-1 / 1.5, 2.0), lambda v: 2.0 * np.expm1(-np.log(v) / 1.5)),
    (p.power_minus_one(-2.0, 2.0), lambda v: 2.0 * np.expm1(-2.0 * np.log(v))),
    (p.NegLog(3.0), lambda v: -3.0 * np.log(v)),
    (p.NegLogPower(0.7, 3.0), lambda v: 3.0 * (-np.log(v)) ** 0.7),
    (p.NegLog1pPower(-0.7, 3.0), lambda v: 3.0 * (-np.log1p(-np.minimum(v, 1 - 2.0**-53))) ** -0.7),
    (p.Linear(5.0, 7.0), lambda v: 5.0 - 7.0 * v),
    (p.Fixed(4.0), lambda v: np.full_like(v, 4.0)),
    (RESAMPLE, resample),
    (PIECES, pieces),
    (p.WithZeros(0.35, p.power(-1 / 1.5, 2.0)), with_zeros(0.35, lambda v: 2.0 * v ** (-1 / 1.5))),
    (p.WithZeros(0.5, p.WithZeros(0.25, p.NegLog(1.0))), with_zeros(0.125, lambda v: -np.log(v))),
    (p.WithZeros(0.5, PIECES), with_zeros(0.5, pieces)),
    (p.Odds(p.power(-1 / 1.5, 2.0)), lambda v: 2.0 * odds(v) ** (-1 / 1.5)),
    (p.Odds(p.power(-3.0, 2.0)), lambda v: 2.0 * odds(v) ** -3.0),
    (p.PowerProduct(p.SafePowerMinusOne(1 / 1.5, 1.0), p.SafePower(0.5, 1.0), p.power(-1 / 3.0, 3.0)), burr),
    (p.Moved(2.0, 3.0, p.NegLog(1.0)), lambda v: 3.0 - 2.0 * np.log(v)),
    (p.Capped(3.0, p.NegLog(1.0)), lambda v: np.minimum(-np.log(v), 3.0)),
    (
        p.Within(2.0**-1000, 2.0**-900, 0.0, 690.0, p.NegLog(1.0)),
        lambda v: np.minimum(900 * np.log(2) - np.log(v + 2.0**-100), 690.0),
    ),
    (p.Within(0.125, 0.5, 0.75, 2.0, p.NegLog(1.0)), lambda v: np.clip(-np.log(0.125 + 0.5 * v), 0.75, 2.0)),
    (SPLIT, split),
    (
        p.Split(0.5, p.Moved(1.0, 5.0, SPLIT), p.Within(0.0, 0.5, 0.0, 4.0, SPLIT)),
        lambda v: np.where(
            v <= 0.5, 5.0 + split(np.minimum(2 * v, 1.0)), np.minimum(split(np.maximum(v - 0.5, 1e-300)), 4.0)
        ),
    ),
    (p.WithZeros(0.5, SPLIT), with_zeros(0.5, split)),
    (p.WithZeros(1.0, p.Fixed(4.0)), lambda v: np.full_like(v, 4.0)),
    (p.WithZeros(0.0, p.Fixed(4.0)), np.zeros_like),
]
NORMAL = (p.ExpNormal(0.5, 2.0), None)  # against mpmath in test_strict.py, as is Gaussian
GAUSSIAN = (p.Gaussian(0.5, 2.0), None)
TABLES = [(StudentT(1.5, 1.0)._params(2.0), None), (StudentT(0.2)._params(), None)]  # in tests/payoffs/test_student.py
IDS = [type(c[0]).__name__ + str(i) for i, c in enumerate(CASES)]
every_kernel = pytest.mark.parametrize(
    "params",
    [c[0] for c in [*CASES, NORMAL, GAUSSIAN, *TABLES]],
    ids=[*IDS, "ExpNormal", "Gaussian", "Table", "LogTable"],
)


def exceedances(n):
    """Most in the bulk; some beyond 2^-32, some subnormal, some 1: in every tile of 1,024."""
    rng = np.random.default_rng(n)
    v = rng.random(n)
    v[rng.random(n) < 0.02] = 2.0**-60
    v[rng.random(n) < 0.02] = 2.0**-1060
    v[rng.random(n) < 0.02] = 1.0
    v[rng.random(n) < 0.02] = 1 - 2.0**-53
    return np.maximum(v, 2.0**-1074)


@pytest.mark.parametrize(("params", "formula"), CASES, ids=IDS)
def test_kernel_equals_its_formula(params, formula):
    v = exceedances(3000)
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(api.isf(params, v), formula(v), rtol=1e-12, atol=1e-15)


@every_kernel
def test_no_lane_feels_its_neighbours(params):
    """Shortcuts that look at a whole tile change no bit of another lane."""
    v = exceedances(2500)
    x = api.isf(params, v)
    one_by_one = np.array([api.isf(params, v[i : i + 1])[0] for i in range(0, v.size, 3)])
    assert np.array_equal(x[::3], one_by_one)
    order = np.random.default_rng(1).permutation(v.size)
    assert np.array_equal(api.isf(params, v[order]), x[order])


@pytest.mark.parametrize("n", [0, 1, 1023, 1024, 1025, 4097])
def test_any_length(n):
    v = exceedances(max(n, 1))[:n]
    assert np.array_equal(api.isf(p.NegLog(1.0), v), [api.isf(p.NegLog(1.0), v[i : i + 1])[0] for i in range(n)])


def test_any_shape_and_layout_and_no_change_of_the_input():
    v = exceedances(24).reshape(2, 3, 4)
    v.flags.writeable = False
    x = api.isf(p.NegLog(1.0), v)
    assert x.shape == (2, 3, 4)
    assert np.array_equal(api.isf(p.NegLog(1.0), v.T), x.T)
    assert np.array_equal(api.isf(p.NegLog(1.0), v[:, ::2]), x[:, ::2])


def test_resampling_gives_every_value_its_share():
    v = (np.arange(600) + 0.5) / 600
    values, counts = np.unique(api.isf(RESAMPLE, v), return_counts=True)
    assert dict(zip(values.tolist(), counts.tolist(), strict=True)) == {
        -2.0: 100,
        0.0: 100,
        1.0: 100,
        5.0: 200,
        9.0: 100,
    }
    assert api.isf(RESAMPLE, np.array([2.0**-1074, 1.0])).tolist() == [9.0, -2.0]


@every_kernel
def test_payoffs_do_not_rise_with_the_exceedance(params):
    x = api.isf(params, np.sort(exceedances(3000)))
    assert (x[1:] <= x[:-1]).all()


@pytest.mark.parametrize("build", [p.power, p.power_minus_one])
def test_payoffs_do_not_rise_with_the_tail_index(build):
    """Bit by bit, for tail indices apart by 1e-12 or more, relatively."""
    v = exceedances(3000)
    indices = np.array([0.3, 0.3 * (1 + 1e-12), 0.8, 1.0, 1.0 + 1e-12, 1.1, 1.5, 1.5 * (1 + 1e-12), 2.0, 3.0, 20.0])
    x = np.array([api.isf(build(-1.0 / a, 1.0), v) for a in indices])
    assert (x[1:] <= x[:-1]).all()


@pytest.mark.parametrize("k", [-900, -3, 5, 40])
@pytest.mark.parametrize(
    "build", [p.power, p.power_minus_one, lambda e, s: p.NegLogPower(-e, s), lambda e, s: p.NegLog(s)]
)
def test_a_power_of_two_in_the_scale_moves_the_exponent_alone(build, k):
    v = exceedances(2000)
    v = v[v > 2.0**-100]
    x = api.isf(build(-0.7, 3.0), v)
    assert np.array_equal(api.isf(build(-0.7, 3.0 * 2.0**k), v), x * 2.0**k)


def folded(params, need, compact, keys, block, n_bets):
    state = np.zeros((fold.STATE_ROWS, philox.BLOCK))
    state[fold.LARGEST] = -np.inf
    block, first = np.uint64(block), np.uint64(3)
    fold.run(params, strict.COEFFICIENTS, keys, block, first, n_bets, need, compact, p.scratch_rows(params), state)
    return state


@pytest.mark.parametrize("q", [0.05, 0.35, 0.9])
@pytest.mark.parametrize(
    "base", [p.power(-1 / 1.5, 2.0), p.ExpNormal(0.0, 1.0), PIECES, p.WithZeros(0.5, p.NegLog(1.0))]
)
def test_compacting_and_blending_give_the_same_bits(base, q):
    keys = philox.round_keys((1, 2))
    compact, blended = (folded(p.WithZeros(q, base), 1.0, way, keys, 7, 5) for way in (True, False))
    compact[fold.LARGEST] = np.maximum(compact[fold.LARGEST], 0.0)
    assert np.array_equal(compact, blended)


@every_kernel
def test_folding_equals_naive_columns(params):
    """Total in the order of the bets, largest, and bets that pay at least ``need``."""
    keys = philox.round_keys((1, 2))
    x = api.isf(params, api.Rows(keys, 7, 3).exceedances(6))
    total = np.zeros(philox.BLOCK)
    with np.errstate(over="ignore"):
        for row in x:
            total += row
    state = folded(params, 1.0, False, keys, 7, 6)
    assert np.array_equal(state[fold.TOTAL], total)
    assert np.array_equal(state[fold.LARGEST], x.max(axis=0))
    assert np.array_equal(state[fold.WINS], (x >= 1.0).sum(axis=0))
    rows = np.zeros_like(state)
    rows[fold.LARGEST] = -np.inf
    fold.fold_rows(np.ascontiguousarray(x), 1.0, rows)
    assert np.array_equal(rows, state)
