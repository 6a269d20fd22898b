"""The mean of a sample with an interval that heavy tails do not break."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from .._lazy import special
from ._unit import exponent_of, to_unit
from .estimate import Estimate
from .sample_law import SampleLaw
from .tail import Tail, origin, upper_tail
from .verdict import verdict_of_sample

Array = NDArray[np.float64]
Ends = tuple[float, float]

_SEED = 19_750_317
_DRAWS = 2000
_LIGHT_POINTS = 25
_LIGHT_SIZE = 1000
_LIGHT_VARIATION = 1.1
_LIGHT_WIDTH = 3.0


def mean_estimate(data: ArrayLike, level: float = 0.95) -> Estimate:
    """The sample mean, with the hull of several semi-parametric tail intervals and Student's.

    Each tail interval takes the largest k outcomes as Pareto: the mean is (1 - k/n) times the mean of the others plus
    k/n u a/(a - 1), u the (k + 1)-th largest and a Hill's estimate. It is drawn anew 2,000 times with k binomial,
    1/a times Gamma(k)/k and the mean of the others normal, and its outer quantiles are taken. k is 10, floor(n^(1/3)),
    floor(sqrt(n))/2 and floor(sqrt(n)), at most half the positive outcomes. Outcomes of both signs have two tails,
    measured from their median. The random numbers are fixed, so the same data give the same interval.

    Parameters
    ----------
    data : array_like, shape (n,)
        At least two independent outcomes.
    level : float
        Nominal confidence level.

    Returns
    -------
    Estimate
        ``value`` is the sample mean: it is unbiased whenever the mean exists, where the mean of the fitted tail
        explodes as its index comes near 1. An end of ``interval`` is infinite when the draws do not exclude an
        index at or below 1, and the ``verdict`` says so. ``std_error`` is infinite when Hill's estimate is at or
        below 2. Below 1,000 outcomes, where fits are wide, a side reaches at most 3 times as far as Student's if its
        exceedances over the positive outcomes' median, at least 25, vary less than 1.1 times their mean, as those
        of a light tail do.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Notes
    -----
    Measured coverage in % of the nominal 95 % interval, in brackets that of Student's alone (500 samples a cell; a
    slow test of the project prints the whole table):

    =============================  =========  ==========
    law                            n = 1,000  n = 10,000
    =============================  =========  ==========
    Pareto 1.1                     99 (25)    99 (23)
    Pareto 1.5                     97 (75)    99 (80)
    Pareto 2.5                     97 (92)    98 (95)
    95 % zeros, lognormal sigma 2  100 (68)   100 (84)
    lognormal sigma 3              100 (61)   100 (76)
    1 % Pareto 1.2 in exponential  89 (85)    81 (62)
    exponential                    96 (95)    95 (94)
    =============================  =========  ==========

    No interval for a mean is guaranteed without a bound on the tail: a rare component that the body hides is missed.

    References
    ----------
    Hill 1975, Annals of Statistics 3(5), 1163-1174. Peng 2001, Statistics and Probability Letters 52(3), 255-264, for
    the semi-parametric mean.

    Examples
    --------
    >>> import numpy as np
    >>> from tailsim.stats import mean_estimate
    >>> e = mean_estimate(np.linspace(0, 2, 1001))
    >>> round(e.value, 3), 0.95 < e.interval[0] < 1 < e.interval[1] < 1.05
    (1.0, True)
    """
    level = _check.level(level)
    data = _check.numbers("data", data, "at least two finite numbers, because one has no spread", min_size=2)
    raw = np.sort(data)
    exponent = exponent_of(raw)
    x = to_unit(raw)
    low, high = mean_interval(x, level)
    mean, sd = float(x.mean()), float(x.std(ddof=1))
    law = SampleLaw(x, 1)
    finite = min(law.tail_index, law.left_tail_index) > 2.0
    std_error = sd / math.sqrt(x.size) if finite else math.inf
    method = "hull of Pareto tails and Student t"
    verdict = verdict_of_sample(x, search=False).sentence + _open_end(low, high)
    value, std_error, low, high = (_scaled(v, exponent) for v in (mean, std_error, low, high))
    return Estimate(value, std_error, (low, high), level, method, x.size, verdict)


def _scaled(x: float, exponent: int) -> float:
    return float(np.ldexp(x, exponent))


def _open_end(low: float, high: float) -> str:
    ends = [name for name, end in (("lower", low), ("upper", high)) if math.isinf(end)]
    if not ends:
        return ""
    return f" The interval has no {' or '.join(ends)} end, because its fits do not exclude a tail index at or below 1."


def mean_interval(x: Array, level: float) -> Ends:
    """The hull for an increasing sample ``x`` of unit size."""
    n, start = x.size, origin(x)
    x = x - start
    n_positive, n_negative = n - int(np.searchsorted(x, 0.0, "right")), int(np.searchsorted(x, 0.0, "left"))
    mean = float(x.mean())
    half = float(special.stdtrit(n - 1, (1.0 + level) / 2)) * float(x.std(ddof=1)) / math.sqrt(n)
    rng = np.random.Generator(np.random.PCG64(_SEED))
    low, high = mean - half, mean + half
    for right, left in _splits(n, n_positive, n_negative):
        ends = _tail_interval(x, right, left, level, rng)
        low, high = min(low, ends[0]), max(high, ends[1])
    if _is_light(x, n_positive):
        high = min(high, mean + _LIGHT_WIDTH * half)
    if _is_light(-x[::-1], n_negative):
        low = max(low, mean - _LIGHT_WIDTH * half)
    return start + low, start + high


def _splits(n: int, n_positive: int, n_negative: int) -> list[tuple[int, int]]:
    root, cube_root = math.isqrt(n), round(n ** (1 / 3))
    cube_root -= cube_root**3 > n
    wanted = (10, cube_root, root // 2, root)
    return sorted({(min(k, n_positive // 2), min(k, n_negative // 2)) for k in wanted} - {(0, 0)})


def _tail_interval(x: Array, right: int, left: int, level: float, rng: np.random.Generator) -> Ends:
    """Outer quantiles of the mean drawn anew with ``right`` and ``left`` outermost points taken as Pareto."""
    n, draws = x.size, max(_DRAWS, math.ceil(min(50.0 / (1.0 - level), 1e5)))
    body = x[left : n - right]
    above, k_above = _drawn_tail(upper_tail(x, right), draws, rng) if right else (0.0, 0)
    below, k_below = _drawn_tail(upper_tail(-x[::-1], left), draws, rng) if left else (0.0, 0)
    k_body = np.maximum(n - k_above - k_below, 1)
    noise = float(body.std(ddof=1)) * rng.standard_normal(draws) / np.sqrt(k_body) if body.size > 1 else 0.0
    middle = (k_body / n) * (float(body.mean()) + noise)
    miss = int((1.0 - level) / 2 * draws)
    # Where both tails have an infinite mean the sum is taken as the end that is asked for.
    with np.errstate(invalid="ignore"):
        lowest = np.where(np.isinf(below), -np.inf, middle + above - below)
        highest = np.where(np.isinf(above), np.inf, middle + above - below)
    return float(np.partition(lowest, miss)[miss]), float(np.partition(highest, draws - 1 - miss)[draws - 1 - miss])


def _drawn_tail(tail: Tail, draws: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """E[X; tail] with k binomial and xi times Gamma(k)/k, and those k; infinite where xi comes to 1 or more."""
    k = rng.binomial(tail.n, tail.k / tail.n, draws).astype(np.float64)
    xi = tail.xi * rng.standard_gamma(np.maximum(k, 1.0)) / np.maximum(k, 1.0)
    mean = np.divide(tail.threshold, 1.0 - xi, out=np.full(draws, np.inf), where=xi < 1.0)
    return np.where(k > 0.0, k / tail.n * np.where(k > 0.0, mean, 0.0), 0.0), k


def _is_light(x: Array, n_positive: int) -> bool:
    """Whether the exceedances over the positive outcomes' median vary no more than an exponential's would."""
    k = n_positive // 2
    if k < _LIGHT_POINTS or x.size >= _LIGHT_SIZE:
        return False
    excess = x[-k:] - x[-k - 1]
    return bool(excess.std(ddof=1) <= _LIGHT_VARIATION * excess.mean())
