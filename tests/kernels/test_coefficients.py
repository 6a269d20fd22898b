"""The coefficients of the strict mathematics: how good they are, rounded to doubles, and found again from nothing."""

import mpmath as mp
import numpy as np
import pytest

from tailsim.kernels import strict

mp.mp.prec = 160
HALF = mp.mpf(1) / 2
# s**2 for s = (z - 1) / (z + 1), z from sqrt(1/2) to sqrt(2)
MOST = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2


def log2_over_s(w):
    """log2((1 + s) / (1 - s)) / s as a function of w = s**2."""
    s = mp.sqrt(w)
    return 2 / mp.log(2) if w == 0 else mp.log((1 + s) / (1 - s), 2) / s


def log_rest(w):
    """(ln((1 + s) / (1 - s)) - 2 s) / s**3."""
    return mp.mpf(2) / 3 if w == 0 else (log2_over_s(w) * mp.log(2) - 2) / w


def log2_tail(w):
    return 2 / (3 * mp.log(2)) if w == 0 else (log2_over_s(w) - 2 / mp.log(2)) / w


def exp2_slope(r):
    """(2**r - 1) / r."""
    return mp.log(2) if r == 0 else mp.expm1(r * mp.log(2)) / r


def polynomial(coefficients, x):
    value = mp.mpf(0)
    for c in reversed(coefficients):
        value = value * x + mp.mpf(c)
    return value


def worst(error, low, high, n=1500):
    """log2 of the largest error on a Chebyshev grid."""
    middle, half = (mp.mpf(low) + high) / 2, (mp.mpf(high) - low) / 2
    return float(mp.log(max(abs(error(middle - half * mp.cos(mp.pi * i / n))) for i in range(n + 1)), 2))


def test_log2_polynomial():
    assert worst(lambda w: polynomial(strict._LOG2, w) / log2_over_s(w) - 1, 0, MOST) < -55.9


def test_exp2_polynomial():
    assert strict._EXP2[:2] == (1.0, float(mp.log(2)))
    assert worst(lambda r: polynomial(strict._EXP2, r) / mp.mpf(2) ** r - 1, -HALF, HALF) < -55.4


def test_expm1_polynomial_shares_the_coefficients():
    """2**r - 1 = r * poly(r) with the same table: relative also where r is tiny."""
    assert worst(lambda r: polynomial(strict._EXP2[1:], r) / exp2_slope(r) - 1, -HALF, HALF) < -53.4


def test_natural_log_polynomial():
    """The error that the polynomial leaves in ln z, relative to ln z."""
    assert worst(lambda w: w * (polynomial(strict._LN, w) - log_rest(w)) / (2 + w * log_rest(w)), 0, MOST) < -58


def test_two_part_log_polynomial():
    """Relative to log2 z, beside the leading term that is kept in two parts."""
    assert worst(lambda w: w * (polynomial(strict._LOG2_TAIL, w) - log2_tail(w)) / log2_over_s(w), 0, MOST) < -61.4
    lead = mp.mpf(2.8853900817779268) + mp.mpf(strict._TWO_LOG2_E_LOW)
    assert abs(lead - 2 / mp.log(2)) < mp.mpf(2) ** -106


def test_split_constants():
    assert abs(mp.mpf(strict._LN2_HIGH) + mp.mpf(strict._LN2_LOW) - mp.log(2)) < mp.mpf(2) ** -106
    assert float(1 / mp.log(2)) == strict._LOG2_E


def normal_error(z):
    v = mp.erfc(z / mp.sqrt(2)) / 2
    w = -mp.log(4 * v * (1 - v))
    ratio = polynomial(strict._NORMAL_P, w) / polynomial(strict._NORMAL_Q, w)
    return (1 - 2 * v) * ratio / z - 1


def deep_error(z):
    r = mp.sqrt(-mp.log(mp.erfc(z / mp.sqrt(2)) / 2))
    return polynomial(strict._DEEP_P, r) / polynomial(strict._DEEP_Q, r) / z - 1


def test_normal_rational_in_the_body():
    edge = mp.mpf("6.342")  # w = FAR
    assert mp.erfc(edge / mp.sqrt(2)) / 2 < mp.exp(-strict.FAR) / 4
    assert worst(normal_error, mp.mpf(10) ** -12, edge, 600) < -52.8


def test_normal_rational_in_the_tail():
    assert mp.erfc(mp.mpf("38.48") / mp.sqrt(2)) / 2 < mp.mpf(2) ** -1074
    assert worst(deep_error, mp.mpf("6.33"), mp.mpf("38.48"), 600) < -53.8


def test_one_table_holds_all_of_them():
    parts = ("_LOG2", "_EXP2", "_LN", "_LOG2_TAIL", "_NORMAL_P", "_NORMAL_Q", "_DEEP_P", "_DEEP_Q")
    assert np.array_equal(strict.COEFFICIENTS, np.concatenate([getattr(strict, name) for name in parts]))
    assert [len(getattr(strict, name)) for name in parts] == [8, 12, 7, 8, 14, 14, 8, 8]


def exchange(f, low, high, degree, weight):
    """Best polynomial under a weighted maximum norm, by Remez' second algorithm: (coefficients, error)."""
    n = degree + 2
    grid = [low + (high - low) * (1 - mp.cos(mp.pi * i / (20 * n))) / 2 for i in range(20 * n + 1)]
    values, weights = [f(x) for x in grid], [weight(x) for x in grid]
    points = [10 + 20 * i for i in range(n)]
    for _ in range(30):
        system = mp.matrix(n, n)
        right = mp.matrix(n, 1)
        for i, k in enumerate(points):
            for j in range(degree + 1):
                system[i, j] = grid[k] ** j
            system[i, degree + 1], right[i] = (-1) ** i / weights[k], values[k]
        *c, level = mp.lu_solve(system, right)
        errors = [w * (y - polynomial(c, x)) for x, y, w in zip(grid, values, weights, strict=True)]
        points, most = extremes(errors, n), max(map(abs, errors))
        if most < abs(level) * mp.mpf("1.001"):
            break
    return c, most


def extremes(errors, n):
    """Positions of n errors of alternating sign, as large as can be."""
    runs = [0]
    for i, e in enumerate(errors):
        if (e > 0) != (errors[runs[-1]] > 0):
            runs.append(i)
        elif abs(e) > abs(errors[runs[-1]]):
            runs[-1] = i
    while len(runs) > n:
        runs.pop(0 if abs(errors[runs[0]]) < abs(errors[runs[-1]]) else -1)
    return runs


@pytest.mark.parametrize(
    ("f", "low", "high", "table", "weight", "stated"),
    [
        (log2_over_s, mp.mpf(0), MOST, strict._LOG2, lambda w: mp.mpf(1), -58),
        (log_rest, mp.mpf(0), MOST, strict._LN, lambda w: w + mp.mpf(10) ** -6, -58),
        (log2_tail, mp.mpf(0), MOST, strict._LOG2_TAIL, lambda w: w + mp.mpf(10) ** -6, -65),
        (exp2_slope, -HALF, HALF, strict._EXP2[1:], lambda r: abs(r) + mp.mpf(10) ** -3, -58),
    ],
    ids=["log2", "ln", "log2 tail", "exp2"],
)
def test_polynomials_are_the_minimax_ones(f, low, high, table, weight, stated):
    """No polynomial of the degree does much better, but for what rounding its coefficients costs."""
    _, best = exchange(f, low, high, len(table) - 1, weight)
    assert mp.log(best, 2) < stated
    ours = mp.mpf(2) ** worst(lambda x: weight(x) * (polynomial(table, x) - f(x)), low, high)
    rounding = sum(abs(mp.mpf(c)) * max(abs(low), abs(high)) ** i for i, c in enumerate(table)) * mp.mpf(2) ** -53
    assert ours < 1.3 * best + rounding * max(weight(low), weight(high))
