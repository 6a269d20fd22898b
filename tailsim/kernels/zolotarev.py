"""Zolotarev's integral of a stable law, as payoffs/_zolotarev.py states it: both probabilities and a slope.

``h`` holds stability, beta, power, least log g, width of the angle, distances of sines' arguments from pi at either
end, log cos(a theta0), and flags: P(X > x) is the integral of exp(-g); a light tail; stability 1.
"""

import math

import numpy as np

from ._jit import inline, jit
from .strict import BIAS, COEFFICIENTS, exp, exp2_coefficients, ln, ln_coefficients, minus_log1p

A, BETA, POWER, LEAST, WIDTH, LEFT, RIGHT, COS, MORE, LIGHT, WHOLE = range(11)
REACH, STEEPEST, WIDEST = 45.0, 1e13, 0.8
_PI, _PI_LOW = 3.141592653589793, 1.2246467991473532e-16
_LOG_2_OVER_PI = -0.4515827052894548
_SIN = tuple((-1) ** k / math.factorial(2 * k + 1) for k in range(1, 10))
_COS = tuple((-1) ** k / math.factorial(2 * k) for k in range(1, 11))


@inline
def _sin(x):
    """Sine on [0, pi]."""
    y = x if x <= 0.5 * _PI else (_PI - x) + _PI_LOW
    w = y * y
    p = _SIN[8]
    for k in range(7, -1, -1):
        p = p * w + _SIN[k]
    return y + y * (w * p)


@inline
def _cos(x):
    """Cosine on [0, pi / 2]."""
    w = x * x
    p = _COS[9]
    for k in range(8, -1, -1):
        p = p * w + _COS[k]
    return 1.0 + w * p


@inline
def _log_v(s, h, ln_c, e2):
    """log g where the variable is 0; the angle is a logistic function of s."""
    e = exp(-abs(s), e2)
    near, far = h[WIDTH] * e / (1.0 + e), h[WIDTH] / (1.0 + e)
    psi, phi = (near, far) if s < 0.0 else (far, near)
    a, b = h[A], h[BETA]
    if h[WHOLE] > 0.0:
        if s < 0.0:
            up, tangent = 0.5 * _PI * (1.0 - b) + b * psi, -_cos(psi) / _sin(psi)
        else:
            up, tangent = 0.5 * _PI * (1.0 + b) - b * phi, _cos(phi) / _sin(phi)
        return _LOG_2_OVER_PI + ln(up / _sin(near), BIAS, ln_c) + up * tangent / b
    if s < 0.0:
        one, two, three = _sin(h[LEFT] + psi), _sin(a * psi), _sin(h[LEFT] + (1.0 - a) * psi)
    else:
        one, two, three = _sin(phi), _sin(h[RIGHT] + a * phi), _sin(h[RIGHT] + (a - 1.0) * phi)
    return (h[COS] + a * ln(one / two, BIAS, ln_c)) / (a - 1.0) + ln(three / one, BIAS, ln_c)


@inline
def _centre(scale, h, ln_c, e2):
    """s with log g = 0 for this scale; 0 where there is none. g rises with s, or falls where MORE is set."""
    low, high = -700.0, 700.0
    for _ in range(62):
        middle = 0.5 * (low + high)
        if (_log_v(middle, h, ln_c, e2) + scale < 0.0) != (h[MORE] > 0.0):
            low = middle
        else:
            high = middle
    return 0.0 if abs(low) > 690.0 else 0.5 * (low + high)


def _mass(variable, h, nodes, weights, above, below, slope, c):
    ln_c, e2 = ln_coefficients(c), exp2_coefficients(c, 1.0)
    more = h[MORE] > 0.0
    for i in range(variable.size):
        scale = h[POWER] * variable[i]
        log_least = h[LEAST] + scale
        least = exp(min(log_least, 700.0), e2) if h[LIGHT] > 0.0 else 0.0
        moved = scale - ln(1.0 + least, BIAS, ln_c)
        centre = _centre(moved, h, ln_c, e2)
        steep = abs(_log_v(centre + 1e-6, h, ln_c, e2) - _log_v(centre - 1e-6, h, ln_c, e2)) / 2e-6 * (1.0 + least)
        steep = min(max(steep, 1.0), STEEPEST)
        kept, lost, change = 0.0, 0.0, 0.0
        for side in (-1.0, 1.0):
            edge, width, count = 0.0, min(WIDEST, 0.5 / steep), 0
            while edge < REACH:
                for k in range(nodes.size):
                    s = centre + side * (edge + width * nodes[k])
                    log_g = _log_v(s, h, ln_c, e2) + scale
                    e = exp(-abs(s), e2)
                    weight = weights[k] * width * e / ((1.0 + e) * (1.0 + e))
                    g = exp(min(log_g, 700.0), e2)
                    rest = g
                    if h[LIGHT] > 0.0:
                        d = max(log_g - log_least, 0.0)
                        if d > 3.0:
                            rest = g - least
                        else:
                            rest = least * (exp(d, e2) - 1.0) if d > 0.1 else least * d * _growth(d)
                    kernel = exp(-rest, e2)
                    kept += kernel * weight
                    lost += (1.0 - exp(-g, e2) if g > 0.1 else g * _growth(-g)) * weight
                    change += g * kernel * weight
                edge += width
                count += 1
                if count >= 8:
                    width = min(WIDEST, 2.0 * width)
        log_kept = ln(kept, BIAS, ln_c) - least if kept > 0.0 else -math.inf
        log_lost = ln(lost, BIAS, ln_c) if lost > 0.0 else -math.inf
        change = ln(change, BIAS, ln_c) - least if change > 0.0 else -math.inf
        # the larger of the two shares, when its bulk is out of reach
        if (centre > 0.0) != more:
            if lost < 0.3:
                log_kept = -minus_log1p(lost, ln_c)
        elif log_kept < -1.2:
            log_lost = -minus_log1p(exp(log_kept, e2), ln_c)
        above[i], below[i] = (log_kept, log_lost) if more else (log_lost, log_kept)
        # kept + lost = 1, so their logit has the slope change / (kept lost)
        slope[i] = -abs(h[POWER]) * exp(min(change - log_kept - log_lost, 700.0), e2)


@inline
def _growth(d):
    """(e^d - 1) / d for small d."""
    p = 1.0
    for k in range(12, 1, -1):
        p = 1.0 + p * d / k
    return p


_mass = jit(_mass)


def mass(variable, h, nodes, weights):
    """Logarithms of the shares above and below each value of the variable, and the derivative of their difference."""
    out = np.empty((3, variable.size))
    _mass(np.ascontiguousarray(variable), h, nodes, weights, out[0], out[1], out[2], COEFFICIENTS)
    return out
