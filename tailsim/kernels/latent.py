"""Latent variables: what makes the exceedances of bets hang together, from strict mathematics alone.

A latent map takes an exceedance v of a bet's own and the trial's factor, and gives the exceedance
of the bet's latent. Its far tail is computed as such, so v keeps its depth down to 2^-1074. The
normal survival function is exp(-z^2/2) times a polynomial (Shepherd and Laframboise 1981), that of
Student's t a power times a polynomial in Chebyshev's form, Gumbel's a frailty's (Marshall and Olkin 1988).
"""

import math

import numpy as np

from . import strict as m
from ._jit import inline, jit
from .bits import fma, larger, pick_gt
from .philox import TILE, _extended, lane_address

_U = np.uint64
_STEP = _U(256)
SMALLEST = 5e-324
_ATTEMPTS = 10_000

# (1 + sqrt(2) z) exp(z^2/2) P(Z > z) in t = (z - k) / (z + k), k = 3.75 sqrt(2), on [-1, .77]: 2^-53 as stored
_SURVIVAL = (
    0.6187563154189138, -0.0701202992927732, 0.0017927077427189683, 0.04113836924503849, -0.054401965070195034,
    0.04615216058147921, -0.029346699308261563, 0.014181138686583196, -0.004873289645139493, 0.0008778131514413208,
    0.00014685607983049126, -0.0001450783691359741, 2.5827040494879082e-05, 1.119702188976363e-05,
    -5.726780709764457e-06, -4.981546981287824e-07, 8.799795361474696e-07, -1.24597130412218e-08,
    -1.2871583827858159e-07, -1.2592144245225654e-09, 1.510200411316679e-08, 2.6924570653491853e-09,
)  # fmt: skip
# sin(pi x) / x in x^2 on [0, 1/2]: 2^-61
_SINE = (
    3.141592653589793, -5.167712780049969, 2.5501640398773007, -0.5992645293189447, 0.0821458865731029,
    -0.007370430505916944, 0.0004662998161898394, -2.1903497074626018e-05, 7.697826768224191e-07,
)  # fmt: skip
LATENT = np.array(_SURVIVAL + _SINE)
LATENT.flags.writeable = False
_K, _SQRT2 = 5.303300858899107, 1.4142135623730951


@inline
def _ln(x, ln_c):
    """Natural logarithm of any x > 0."""
    y, bias = m.normalised(x)
    return m.ln(y, bias, ln_c)


@inline
def _normal(v, c):
    """z with P(Z > z) = v for one v in (0, 1]."""
    ln_c = m.ln_coefficients(c)
    if v < 1e-9:
        y, bias = m.normalised(v)
        return m.normal_quantile_deep(y, bias, ln_c, m.normal_deep_coefficients(c))
    w = m.normal_variable(v, ln_c) if v < 1.0 else 2.0 * m.FAR
    if w < m.FAR:
        return m.normal_quantile(v, w, m.normal_coefficients(c))
    return -m.normal_quantile_deep(larger(1.0 - v, 2.0**-54), m.BIAS, ln_c, m.normal_deep_coefficients(c))


@inline
def _survival_coefficients(d):
    low = (d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7])
    middle = (d[8], d[9], d[10], d[11], d[12], d[13], d[14])
    return low, middle, (d[15], d[16], d[17], d[18], d[19], d[20], d[21])


@inline
def _normal_sf(z, e, d):
    """P(Z > z), relative also in the far tail."""
    x = abs(z)
    t = (x - _K) / (x + _K)
    t2 = t * t
    t4 = t2 * t2
    low, middle, high = d
    p = fma(t4 * t2 * t, m.poly7(t, high), m.poly7(t, middle))
    p = fma(t4 * t4, p, m.poly8(t, low))
    h = x * x
    lost = fma(x, x, -h)
    upper = m.exp(-0.5 * h, e) * fma(-0.5, lost, 1.0) * (p / fma(_SQRT2, x, 1.0))
    return pick_gt(z, 0.0, upper, 1.0 - upper)


def sinpi(x, d):
    """sin(pi x) for x in [0, 1/2]."""
    s = x * x
    p = d[30]
    for k in range(29, 21, -1):
        p = fma(p, s, d[k])
    return x * p


@inline
def _normals(v, z, c):
    """Normal quantiles of exceedances v[:1024 at most] into z."""
    ln_c, pq = m.ln_coefficients(c), m.normal_coefficients(c)
    far = False
    for i in range(_U(v.size)):
        z[i] = m.normal_variable(v[i], ln_c)
        far |= not z[i] < m.FAR
    for i in range(_U(v.size)):
        z[i] = m.normal_quantile(v[i], z[i], pq)
    if far:
        for i in range(v.size):
            if v[i] < 1e-9 or v[i] > 1.0 - 1e-9:
                z[i] = _normal(v[i], c)


def normals(v, z, c):
    """Standard normal values z of exceedances v, of one length."""
    for start in range(0, v.size, TILE):
        part = slice(start, min(start + TILE, v.size))
        _normals(v[part], z[part], c)


def survivals(z, v, c, d):
    """Exceedances v of standard normal values z, never below the smallest double."""
    e, q = m.exp2_coefficients(c, 1.0), _survival_coefficients(d)
    for i in range(_U(z.size)):
        v[i] = larger(_normal_sf(z[i], e, q), SMALLEST)


def combined(z, factor, on_factor, own):
    """z = on_factor * factor + own * z, lane by lane."""
    for i in range(_U(z.size)):
        z[i] = fma(on_factor, factor[i], own * z[i])


def correlate(root, z):
    """Rows of z (bets, lanes), independent, become root @ z in place; sums in the order of the columns."""
    total = np.empty(TILE)
    for start in range(0, z.shape[1], TILE):
        part = slice(start, min(start + TILE, z.shape[1]))
        for i in range(z.shape[0] - 1, -1, -1):
            mine = z[i, part]
            for k in range(_U(mine.size)):
                total[k] = root[i, i] * mine[k]
            for j in range(i):
                weight, other = root[i, j], z[j, part]
                for k in range(_U(mine.size)):
                    total[k] = fma(weight, other[k], total[k])
            for k in range(_U(mine.size)):
                mine[k] = total[k]


@inline
def _clenshaw(h, s, x):
    """sum h[k] T_k(s[i]) into x[i]: one coefficient after the other for all lanes, so that lanes go side by side."""
    b1, b2 = np.zeros(s.size), np.zeros(s.size)
    for k in range(h.size - 1, 0, -1):
        term = h[k]
        for i in range(_U(s.size)):
            b = fma(2.0 * s[i], b1[i], term - b2[i])
            b2[i] = b1[i]
            b1[i] = b
    for i in range(_U(s.size)):
        x[i] = fma(s[i], b1[i], h[0] - b2[i])


@inline
def _student_tile(z, ln_w, v, half_df, h, c):
    e, ln_c = m.exp2_coefficients(c, 1.0), m.ln_coefficients(c)
    s, ln_x = np.empty(z.size), np.empty(z.size)
    for i in range(_U(z.size)):
        w = m.exp(max(ln_w[i], -690.0), e)
        total = fma(z[i], z[i], w)
        s[i] = 2.0 * (w / total / (1.0 + abs(z[i]) / math.sqrt(total))) - 1.0
        ln_x[i] = min(ln_w[i] - m.ln(total, m.BIAS, ln_c), 0.0)
    _clenshaw(h, s, v)
    for i in range(_U(z.size)):
        upper = m.exp(half_df * ln_x[i], e) * v[i]
        v[i] = larger(pick_gt(z[i], 0.0, upper, 1.0 - upper), SMALLEST)


def student_survivals(z, ln_w, v, half_df, h, c):
    """Exceedances of z / sqrt(w / df) under Student's t, for w of chi-square df, given as its logarithm.

    With x = w / (w + z^2) and y = 1 - sqrt(1 - x) the upper tail is x^(df/2) h(y), h in Chebyshev's form on [0, 1].
    """
    for start in range(0, z.size, TILE):
        part = slice(start, min(start + TILE, z.size))
        _student_tile(z[part], ln_w[part], v[part], half_df, h, c)


def gumbel_survivals(v, ln_m, inverse, c):
    """v = 1 - exp(-(E / M)^inverse) for E = -log(1 - v) and the frailty M, given as its logarithm; in place."""
    e, grow, ln_c = m.exp2_coefficients(c, 1.0), m.expm1_coefficients(c, 1.0), m.ln_coefficients(c)
    for i in range(_U(v.size)):
        hazard = m.minus_log1p(pick_gt(v[i], 1.0 - 2.0**-53, 1.0 - 2.0**-53, v[i]), ln_c)
        hazard = m.exp(inverse * (_ln(hazard, ln_c) - ln_m[i]), e)
        v[i] = larger(_minus_expm1(min(hazard, 800.0), grow), SMALLEST)


@inline
def _minus_expm1(y, grow):
    """1 - exp(-y) for y in [0, 800], relative also for tiny y."""
    r = fma(-y, m._LOG2_E, m._ROUND)
    n = r - m._ROUND
    rest = fma(n, -m._LN2_LOW, fma(n, -m._LN2_HIGH, -y)) * m._LOG2_E
    base = m.scaled(1.0, r)
    small = -rest * m.poly12(rest, grow)
    return small if n == 0.0 else fma(base, small, 1.0 - base)


def minus_logs(v, x, c):
    """x = -log(v) for v in (0, 1]."""
    ln_c = m.ln_coefficients(c)
    for i in range(v.size):
        x[i] = -_ln(v[i], ln_c)


def minus_logs_of_rest(v, x, c):
    """x = -log(1 - v) for v in [0, 1)."""
    ln_c = m.ln_coefficients(c)
    for i in range(v.size):
        x[i] = m.minus_log1p(v[i], ln_c)


def chi_squares(ln_w, df, keys, block, tag, c):
    """Logarithms of chi-square variates, one a lane of a block: Marsaglia and Tsang 2000, each attempt its own tags.

    A gamma variate of shape a is one of a + 1 times u^(1/a), so that its lower tail is as deep as u.
    """
    ln_c = m.ln_coefficients(c)
    shape = 0.5 * df
    d = shape + 2.0 / 3.0
    slope = 1.0 / math.sqrt(9.0 * d)
    for lane in range(ln_w.size):
        pair, half = lane_address(_U(lane))
        u = _extended(keys, pair, half, block, _U(0), tag)
        here = tag
        for _ in range(_ATTEMPTS):
            x = _normal(_extended(keys, pair, half, block, _U(0), here + _STEP), c)
            limit = _extended(keys, pair, half, block, _U(0), here + _U(2) * _STEP)
            here += _U(2) * _STEP
            t = 1.0 + slope * x
            if t > 0.0:
                ln_t = _ln(t, ln_c)
                if _ln(limit, ln_c) < 0.5 * x * x + d * (1.0 - t * t * t + 3.0 * ln_t):
                    break
        ln_w[lane] = _ln(2.0 * d, ln_c) + 3.0 * ln_t + _ln(u, ln_c) / shape


def frailties(ln_m, index, keys, block, tag, c, d):
    """Logarithms of positive stable variates with E exp(-s M) = exp(-s^index): Kanter 1975, Chambers et al. 1976."""
    ln_c = m.ln_coefficients(c)
    for lane in range(ln_m.size):
        pair, half = lane_address(_U(lane))
        end = _extended(keys, pair, half, block, _U(0), tag)  # pi times it is the distance of the angle from pi
        own = _extended(keys, pair, half, block, _U(0), tag + _STEP)
        angle = larger(1.0 - end, 2.0**-54)
        wait = m.minus_log1p(min(own, 1.0 - 2.0**-53), ln_c)
        whole = _ln(sinpi(end if end < 0.5 else angle, d), ln_c)
        part = index * angle
        part = part if part < 0.5 else (1.0 - index) + index * end
        rest = (1.0 - index) * angle
        rest = rest if rest < 0.5 else index + (1.0 - index) * end
        ratio = _ln(sinpi(rest, d), ln_c) - _ln(wait, ln_c)
        ln_m[lane] = _ln(sinpi(part, d), ln_c) + ((1.0 - index) * ratio - whole) / index


sinpi = jit(sinpi)
normals = jit(normals)
survivals = jit(survivals)
combined = jit(combined)
correlate = jit(correlate)
minus_logs = jit(minus_logs)
minus_logs_of_rest = jit(minus_logs_of_rest)
student_survivals = jit(student_survivals)
gumbel_survivals = jit(gumbel_survivals)
chi_squares = jit(chi_squares)
frailties = jit(frailties)
