"""Strict mathematics: log, log1p, exp, expm1, powers and the normal quantile for whole tiles.

Only + - * /, sqrt, fma with one rounding and integer operations, so every CPU gives the same bits;
branch-free, so loops over these functions vectorise. Minimax polynomials by the Remez exchange and
rationals by reweighted least squares; errors are those of the coefficients as stored, and
tests/kernels/test_coefficients.py checks them.

Coefficients travel as an argument, never as literals, which would be broadcast again in every pass.
An argument ``bias`` carries the exponent offset: BIAS, or BIAS + 54 for a subnormal scaled by 2^54.
"""

import math

import numpy as np

from ._jit import inline
from .bits import bits_of, double_of, fma, pick_gt

_U = np.uint64
_SQRT_HALF = _U(0x3FE6A09E667F3BCD)
_TO_EXPONENT = _U(0x4000000000000000 - 0x3FE6A09E667F3BCD)
_MANTISSA = _U(0x000FFFFFFFFFFFFF)
_MAGIC_BITS, _S52, _ONE = _U(0x4330000000000000), _U(52), _U(1)
BIAS = 4503599627370496.0 + 1024.0
_ROUND = 6755399441055744.0
_ROUND_BITS = _U(0x4338000000000000)
_EXPONENT_ONE = _U(1023)
_LN2_HIGH, _LN2_LOW, _LOG2_E = 0.6931471805599453, 2.3190468138462996e-17, 1.4426950408889634
TINY = 2.0**-1022
FAR = 21.5
ROUND = _ROUND
TABLE_END, LAST_OCTAVE = 2.0**-32, _U(1023 - 32)  # where the cells of a tabulated quantile end
BELOW_HALF = 0.5 - 2.0**-54

# log2(z) = s * poly(s^2), s = (z - 1) / (z + 1), on [sqrt(1/2), sqrt(2)]: 2^-56 relative
_LOG2 = (
    2.8853900817779268, 0.9617966939259899, 0.5770780163454409, 0.41219858585708946,
    0.3205985333413726, 0.2623344309095755, 0.22091114605318604, 0.213677777741508,
)  # fmt: skip
# 2^r on [-1/2, 1/2]: 2^-55.5
_EXP2 = (
    1.0, 0.6931471805599453, 0.24022650695910133, 0.05550410866482174, 0.009618129107593411, 0.0013333558146379372,
    0.00015403530457996537, 1.5252733867259353e-05, 1.3215434852367794e-06, 1.0178046556585502e-07,
    7.0738548680588965e-09, 4.457375856296441e-10,
)  # fmt: skip
# (ln z - 2 s) / s^3 in s^2: 2^-58
_LN = (
    0.6666666666666734, 0.3999999999941483, 0.28571428742373706, 0.22222198572999685, 0.18183564396716795,
    0.1531404761562435, 0.14795987341860703,
)  # fmt: skip
# (log2 z / s - 2 / ln 2) / s^2 in s^2, for the logarithm in two parts: 2^-61 of the logarithm
_LOG2_TAIL = (
    0.9617966939259756, 0.5770780163556753, 0.41219858307736873, 0.3205989040962074, 0.26230757618986117,
    0.22198878243399353, 0.19115907188436834, 0.1911738615653767,
)  # fmt: skip
_TWO_LOG2_E_LOW = 4.0710547481862066e-17
# z / (1 - 2 v) = P(w) / Q(w), w = -ln(4 v (1 - v)), for v >= 2^-32: 2^-52.9
_NORMAL_P = (
    1.2533141373155003, 0.630410726903227, 0.18641687822979527, 0.04067210401277706, 0.006682961539148,
    0.000861428040520133, 8.803868091760974e-05, 7.087234766521021e-06, 4.4654121993412975e-07,
    2.2036918728463536e-08, 8.317171089938375e-10, 1.4485683212093666e-11, 2.739618114497129e-13,
    4.966609317810355e-16,
)  # fmt: skip
_NORMAL_Q = (
    1.0, 0.24119559816145586, 0.07256225212427496, 0.012946500763227094, 0.0017772147564494342,
    0.00022677286194768597, 1.734624233128825e-05, 1.4878923417952808e-06, 6.631956240243311e-08,
    3.6643257089740003e-09, 7.477008299712562e-11, 1.6655277276444566e-12, 1.274695136126569e-14, 0.0,
)  # fmt: skip
# z as a rational of sqrt(-ln v), for v < 2^-32: 2^-53.9
_DEEP_P = (
    -3.207195158635656, -11.878520452629532, 4.005235423952514, 13.453679392384178, 4.851394852417616,
    0.5457797042923186, 0.020494963814266434, 0.00020513913658250856,
)  # fmt: skip
_DEEP_Q = (
    1.0, 7.933567350754281, 10.285033857337782, 3.4676827419801852, 0.38641456329514623, 0.014492514854166107,
    0.0001450542516001685, 2.07861695466582e-12,
)  # fmt: skip

COEFFICIENTS = np.array(_LOG2 + _EXP2 + _LN + _LOG2_TAIL + _NORMAL_P + _NORMAL_Q + _DEEP_P + _DEEP_Q)
COEFFICIENTS.flags.writeable = False


@inline
def poly8(x, c):
    """Eight coefficients, Estrin's order: short chains."""
    x2 = x * x
    low = fma(fma(c[3], x, c[2]), x2, fma(c[1], x, c[0]))
    high = fma(fma(c[7], x, c[6]), x2, fma(c[5], x, c[4]))
    return fma(high, x2 * x2, low)


@inline
def poly7(x, c):
    """Seven coefficients, Estrin's order."""
    x2 = x * x
    low = fma(fma(c[3], x, c[2]), x2, fma(c[1], x, c[0]))
    return fma(fma(c[6], x2, fma(c[5], x, c[4])), x2 * x2, low)


@inline
def poly12(x, c):
    """Twelve coefficients, Estrin's order."""
    x2 = x * x
    x4 = x2 * x2
    low = fma(fma(c[3], x, c[2]), x2, fma(c[1], x, c[0]))
    middle = fma(fma(c[7], x, c[6]), x2, fma(c[5], x, c[4]))
    high = fma(fma(c[11], x, c[10]), x2, fma(c[9], x, c[8]))
    return fma(high, x4 * x4, fma(middle, x4, low))


@inline
def poly14(x, c):
    """Fourteen coefficients, Estrin's order."""
    x2 = x * x
    x4 = x2 * x2
    low = fma(fma(c[3], x, c[2]), x2, fma(c[1], x, c[0]))
    middle = fma(fma(c[7], x, c[6]), x2, fma(c[5], x, c[4]))
    high = fma(fma(c[11], x, c[10]), x2, fma(c[9], x, c[8]))
    return fma(fma(fma(c[13], x, c[12]), x4, high), x4 * x4, fma(middle, x4, low))


@inline
def log2_coefficients(c, factor):
    """Eight coefficients of factor * log2."""
    return (c[0] * factor, c[1] * factor, c[2] * factor, c[3] * factor,
            c[4] * factor, c[5] * factor, c[6] * factor, c[7] * factor)  # fmt: skip


@inline
def exp2_coefficients(c, factor):
    """Twelve coefficients of factor * 2^r."""
    return (c[8] * factor, c[9] * factor, c[10] * factor, c[11] * factor, c[12] * factor, c[13] * factor,
            c[14] * factor, c[15] * factor, c[16] * factor, c[17] * factor, c[18] * factor, c[19] * factor)  # fmt: skip


@inline
def expm1_coefficients(c, factor):
    """Coefficients of factor * (2^r - 1) / r, padded to twelve."""
    return (c[9] * factor, c[10] * factor, c[11] * factor, c[12] * factor, c[13] * factor, c[14] * factor,
            c[15] * factor, c[16] * factor, c[17] * factor, c[18] * factor, c[19] * factor, 0.0)  # fmt: skip


@inline
def ln_coefficients(c):
    """Seven coefficients of the natural logarithm."""
    return c[20], c[21], c[22], c[23], c[24], c[25], c[26]


@inline
def log2_tail_coefficients(c):
    """Eight coefficients of the logarithm in two parts."""
    return c[27], c[28], c[29], c[30], c[31], c[32], c[33], c[34]


@inline
def normal_coefficients(c):
    """Numerator and denominator, fourteen each, for v >= 2^-32."""
    p = (c[35], c[36], c[37], c[38], c[39], c[40], c[41], c[42], c[43], c[44], c[45], c[46], c[47], c[48])
    q = (c[49], c[50], c[51], c[52], c[53], c[54], c[55], c[56], c[57], c[58], c[59], c[60], c[61], c[62])
    return p, q


@inline
def normal_deep_coefficients(c):
    """Numerator and denominator, eight each, for v < 2^-32."""
    p = (c[63], c[64], c[65], c[66], c[67], c[68], c[69], c[70])
    return p, (c[71], c[72], c[73], c[74], c[75], c[76], c[77], c[78])


@inline
def normalised(v):
    """(v, BIAS), or (v 2^54, BIAS + 54) for a subnormal v."""
    if v < TINY:
        return v * 2.0**54, BIAS + 54.0
    return v, BIAS


@inline
def split(x, bias):
    """(k, z) with x = 2^k z, z in [sqrt(1/2), sqrt(2)), for a normal x > 0."""
    t = bits_of(x) + _TO_EXPONENT
    return double_of((t >> _S52) | _MAGIC_BITS) - bias, double_of((t & _MANTISSA) + _SQRT_HALF)


@inline
def fraction(b, bits):
    """Where a double with these bits lies within its cell of 2**bits an octave, from -1/2 to 1/2."""
    return double_of(((b << bits) & _MANTISSA) | _EXPONENT_ONE << _S52) - 1.5


@inline
def ln(x, bias, c):
    """Natural logarithm, 1 ulp, relative also near x = 1."""
    k, z = split(x, bias)
    f = z - 1.0
    s = f / (2.0 + f)
    w = s * s
    half = 0.5 * f * f
    return fma(k, _LN2_HIGH, f - (half - fma(s, half + w * poly7(w, c), k * _LN2_LOW)))


@inline
def minus_log1p(v, c):
    """-log(1 - v), relative also for tiny v; the bits that 1 - v loses are put back."""
    u = 1.0 - v
    lost = (1.0 - u) - v
    return -ln(u, BIAS, c) - lost / u


@inline
def scaled(x, r):
    """x * 2^n for the rounded integer held in r = n + 1.5 * 2^52, in two steps so that nothing wraps."""
    n = bits_of(r) - _ROUND_BITS
    half = ((n + _U(4096)) >> _ONE) - _U(2048)
    rest = n - half
    return x * double_of((half + _EXPONENT_ONE) << _S52) * double_of((rest + _EXPONENT_ONE) << _S52)


@inline
def scaled_minus_one(y, r, mantissa, shift, scale):
    """scale * (2^n (1 + y) - 1) where r = n + shift as in ``scaled`` and scale = mantissa * 2^shift."""
    n = (r - _ROUND) - shift
    base = scaled(1.0, min(n, 100.0) + _ROUND)
    near = fma(y, base, base - 1.0) * scale
    return pick_gt(n, 99.0, scaled(fma(y, mantissa, mantissa), r), near)  # there the one is lost anyway


@inline
def scale_parts(scale):
    """(mantissa in [1, 2), shift) with scale = mantissa * 2^shift."""
    x, bias = normalised(scale)
    bits = bits_of(x)
    return double_of((bits & _MANTISSA) | _EXPONENT_ONE << _S52), float(bits >> _S52) - 1023.0 - (bias - BIAS)


@inline
def limited(exponent):
    """An exponent whose products with a logarithm stay finite; beyond it every power is 0, 1 or inf."""
    return min(max(exponent, -1e290), 1e290)


@inline
def exp(y, c):
    """e^y, 1.5 ulp; inf and 0 where they belong. ``c`` from exp2_coefficients."""
    y = min(max(y, -800.0), 800.0)
    r = fma(y, _LOG2_E, _ROUND)
    n = r - _ROUND
    rest = fma(n, -_LN2_LOW, fma(n, -_LN2_HIGH, y))
    return scaled(poly12(rest * _LOG2_E, c), r)


@inline
def power_reduce(v, exponent, bias, a):
    """(r, n) with v**exponent = 2^(n + r); ``a`` holds exponent * log2. For |exponent| <= 1."""
    k, z = split(v, bias)
    s = (z - 1.0) / (z + 1.0)
    y = s * poly8(s * s, a)
    n = fma(exponent, k, y) + _ROUND
    return fma(exponent, k, _ROUND - n) + y, n


@inline
def power_scale(x, n):
    """x * 2^n by adding to the exponent: the result must be a normal number."""
    return double_of(bits_of(x) + (bits_of(n) << _S52))


@inline
def safe_power_reduce(v, exponent, bias, shift, a):
    """(r, n + shift) as power_reduce for any exponent: log2 in two parts, the sum clamped to +-1100."""
    k, z = split(v, bias)
    d = z + 1.0
    f = z - 1.0
    s = f / d
    s_low = (fma(-s, d, f) - s * (z - (d - 1.0))) / d
    w = s * s
    high = s * 2.8853900817779268
    low = fma(s, 2.8853900817779268, -high)
    low = fma(s * w, poly8(w, a), fma(s_low, 2.8853900817779268, fma(s, _TWO_LOG2_E_LOW, low)))
    p = exponent * k
    q = exponent * high
    p_low = fma(exponent, k, -p)
    q_low = fma(exponent, high, -q)
    rest = p_low + q_low + exponent * low  # the cubic term of the logarithm is in here: not small for a large exponent
    n = (min(max(p + (q + rest), -4000.0), 4000.0) + _ROUND) - _ROUND
    r = ((p - n) + q) + rest
    return min(max(r, -0.75), 0.75), min(max(n + shift, -1100.0), 1100.0) + _ROUND


@inline
def normal_variable(v, ln_c):
    """w = -ln(4 v (1 - v)), the variable of the rational; above FAR the deep formula takes over."""
    return -ln(4.0 * v * (1.0 - v), BIAS, ln_c)


@inline
def normal_quantile(v, w, pq):
    """z with P(Z > z) = v, 5 ulp, from w = normal_variable(v) at most FAR."""
    return (1.0 - 2.0 * v) * (poly14(w, pq[0]) / poly14(w, pq[1]))


@inline
def normal_quantile_deep(v, bias, ln_c, pq):
    """z with P(Z > z) = v for v < 2^-32 (scaled by 2^54 where ``bias`` says so)."""
    r = math.sqrt(-ln(v, bias, ln_c))
    return poly8(r, pq[0]) / poly8(r, pq[1])
