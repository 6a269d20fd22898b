"""Where a power law starts: the exact minimum over all thresholds of the Kolmogorov-Smirnov distance.

The distance of a candidate is a maximum over its tail. One point of the tail above the best distance so far rules the
candidate out, and neighbours are ruled out by the same points: those that ruled out the last few are tried first. Where
none does, the maximum is found by bisection of the tail: between two points both distribution functions rise, so the
values at the ends bound the distance between them. Every distance is the same arithmetic as in a search of everything.
"""

import numpy as np

from ._jit import inline, jit
from .strict import BIAS, exp, exp2_coefficients, ln, ln_coefficients, normalised
from .zeta import scaled_zeta, solve_exponent

_SLACK = 1e-12  # far above the rounding of a distribution function, far below any distance
_SEGMENTS, _MEMORY, _COARSE, _STACK = 32, 8, 64, 128


def logarithms(x, coefficients, out):
    """out = ln x, for x > 0, with the same bits on any CPU."""
    lc = ln_coefficients(coefficients)
    for i in range(x.size):
        value, bias = normalised(x[i])
        out[i] = ln(value, bias, lc)


@inline
def _add(total, lost, term):
    """Neumaier's sum."""
    new = total + term
    lost += (total - new) + term if abs(total) >= abs(term) else (term - new) + total
    return new, lost


def exponents(x, logs, below, discrete, coefficients, out):
    """Tail index by maximum likelihood from each distinct value on; the last has none. ``below[x.size]`` is n."""
    c2, lc = exp2_coefficients(coefficients, 1.0), ln_coefficients(coefficients)
    n = below[x.size]
    total, lost, last = 0.0, 0.0, 0.0
    for back in range(1, x.size):
        i = x.size - 1 - back
        total, lost = _add(total, lost, (n - below[i + 1]) * (logs[i + 1] - logs[i]))
        mean_log = (total + lost) / (n - below[i])
        if discrete:
            start = 1.0 + 1.0 / (mean_log + ln(x[i] / (x[i] - 0.5), BIAS, lc))
            if x[i] < 8.0 and last > 0.0:
                start = 1.0 + last
            last = solve_exponent(mean_log, x[i], start, c2, lc) - 1.0
            out[i] = last
        else:
            out[i] = 1.0 / mean_log


@inline
def _model(i, j, x, logs, index, discrete, base, c2, lc):
    """P(X < x_j | X >= x_i)."""
    if not discrete:
        return 1.0 - exp(-index * (logs[j] - logs[i]), c2)
    s = index + 1.0
    return 1.0 - exp(-s * (logs[j] - logs[i]), c2) * (scaled_zeta(s, x[j], c2, lc)[0] / base)


@inline
def _empirical(i, j, below, n_tail):
    return (below[j] - below[i]) / n_tail


def _distance(i, best, x, logs, below, index, discrete, base, c2, lc, stack, ends):
    """(distance, where) of candidate i, or the first point found beyond ``best``."""
    m = x.size
    n_tail = float(below[m] - below[i])
    span = m - 1 - i
    n_segments = min(_SEGMENTS, span)
    largest, where = 0.0, i
    depth = 0
    low, f_low = i, 0.0
    for t in range(1, n_segments + 1):
        high = i + span * t // n_segments
        f_high = _model(i, high, x, logs, index, discrete, base, c2, lc)
        distance = abs(_empirical(i, high, below, n_tail) - f_high)
        if distance > largest:
            largest, where = distance, high
            if largest > best:
                return largest, where
        stack[depth, 0], stack[depth, 1] = low, high
        ends[depth, 0], ends[depth, 1] = f_low, f_high
        depth += 1
        low, f_low = high, f_high
    while depth > 0:
        depth -= 1
        low, high = stack[depth, 0], stack[depth, 1]
        f_low, f_high = ends[depth, 0], ends[depth, 1]
        if high - low < 2:
            continue
        above = _empirical(i, high - 1, below, n_tail) - f_low
        under = f_high - _empirical(i, low + 1, below, n_tail)
        if max(above, under) + _SLACK <= largest:
            continue
        middle = (low + high) // 2
        f = _model(i, middle, x, logs, index, discrete, base, c2, lc)
        distance = abs(_empirical(i, middle, below, n_tail) - f)
        if distance > largest:
            largest, where = distance, middle
            if largest > best:
                return largest, where
        stack[depth, 0], stack[depth, 1] = low, middle
        ends[depth, 0], ends[depth, 1] = f_low, f
        stack[depth + 1, 0], stack[depth + 1, 1] = middle, high
        ends[depth + 1, 0], ends[depth + 1, 1] = f, f_high
        depth += 2
    return largest, where


def search(x, logs, below, indices, discrete, n_candidates, coefficients):
    """(candidate, distance) of the smallest distance among the first ``n_candidates`` values, the first where equal."""
    c2, lc = exp2_coefficients(coefficients, 1.0), ln_coefficients(coefficients)
    stack, ends = np.empty((_STACK, 2), np.int64), np.empty((_STACK, 2))
    memory = np.full(_MEMORY, np.int64(-1))
    best, chosen, slot = np.inf, np.int64(-1), 0
    i = 0
    coarse = n_candidates > _COARSE
    while coarse and i < n_candidates:  # a good distance to begin with
        if indices[i] == indices[i]:
            base = scaled_zeta(indices[i] + 1.0, x[i], c2, lc)[0] if discrete else 1.0
            found = _distance(i, best, x, logs, below, indices[i], discrete, base, c2, lc, stack, ends)[0]
            if found < best:
                best, chosen = found, i
        i += max(1, (x.size - 1 - i) // _COARSE)
    for i in range(n_candidates):
        index = indices[i]
        if i == chosen or index != index:
            continue
        n_tail = float(below[x.size] - below[i])
        base = scaled_zeta(index + 1.0, x[i], c2, lc)[0] if discrete else 1.0
        out = False
        for t in range(_MEMORY):
            j = memory[(slot - t) % _MEMORY]
            if j > i:
                f = _model(i, j, x, logs, index, discrete, base, c2, lc)
                if abs(_empirical(i, j, below, n_tail) - f) > best:
                    out = True
                    break
        if out:
            continue
        found, where = _distance(i, best, x, logs, below, index, discrete, base, c2, lc, stack, ends)
        if found < best or (found == best and i < chosen):
            best, chosen = found, i
        slot = (slot + 1) % _MEMORY
        memory[slot] = where
    return chosen, best


def distance(i, x, logs, below, index, discrete, coefficients):
    """Distance of one candidate with tail index ``index``."""
    c2, lc = exp2_coefficients(coefficients, 1.0), ln_coefficients(coefficients)
    stack, ends = np.empty((_STACK, 2), np.int64), np.empty((_STACK, 2))
    base = scaled_zeta(index + 1.0, x[i], c2, lc)[0] if discrete else 1.0
    return _distance(i, np.inf, x, logs, below, index, discrete, base, c2, lc, stack, ends)[0]


logarithms = jit(logarithms)
exponents = jit(exponents)
_distance = jit(_distance)
search = jit(search)
distance = jit(distance)
