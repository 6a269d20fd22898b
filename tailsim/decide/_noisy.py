"""What a test of n users tells about an idea: posterior means, the launch threshold and the value of testing.

Quality D follows the prior, the estimate is D plus Gaussian noise of standard deviation ``noise``. Everything is an
expectation over D alone, the estimate being integrated by hand, so that no variance has to be finite.
"""

import math
from collections.abc import Callable

import numpy as np

from .._lazy import special
from ..errors import PayoffError
from ..payoffs.base import Payoff
from ._quadrature import Floats, Under

_REACH = 40.0  # standard deviations of noise beyond which it is no double
_GRID = np.arange(-_REACH, _REACH + 1.0)
_PHI0 = 1.0 / math.sqrt(2.0 * math.pi)
_FAR = 2.0**1000
_DEEP = 30.0
_NARROW = 1e-3  # noise per spread below which differences of the survival function lose digits
_CANCELS = 1e-7  # likelihood per largest product of weight and tail below which the density is asked instead
_SHARP = 2.0**40  # estimates per noise from which on the noise is nothing
_NO_THRESHOLD = "the launch threshold lies where no double holds the prior's tail; ask for a larger n."
_LARGEST = 600.0  # where weights exceed it, the tail that they multiply is no double


def density(u: Floats) -> Floats:
    """The standard normal density."""
    return _PHI0 * np.exp(-0.5 * u * u)


class Noisy:
    """A prior seen through Gaussian noise, by quadrature."""

    def __init__(self, prior: Payoff, *, deep: bool = False) -> None:
        self.under = Under(prior, deep=deep)
        points = self.under.points
        with np.errstate(all="ignore"):
            at = np.unique(np.append(points, 0.0))
            self._at = at
            self._log_tail = np.log(np.minimum(prior.prob_at_least(at), np.asarray(prior.cdf(at))))

    def _peak(self, estimate: float, noise: float) -> tuple[float, float, float]:
        """Where likelihood times tail is largest, the tail's logarithm there, and the end that doubles cut, or NaN."""
        x = np.append(self._at, estimate)
        with np.errstate(all="ignore"):
            own = np.log(np.minimum(self.under.sf(x[-1:]), self.under.cdf(x[-1:])))
            log_tail = np.append(self._log_tail, own)
            size = _log_ratio(x, 0.0, estimate, noise) + log_tail
        size = np.where(np.isnan(size), -np.inf, size)
        best = int(np.argmax(size))
        low, high = self.under.law.support
        end = math.nan
        felt = size + np.log1p(np.abs(x))  # what it adds to the mean
        if math.isinf(high) and not felt[-2] <= felt[best] - _DEEP:
            end = float(self._at[-1])
        elif math.isinf(low) and not felt[0] <= felt[best] - _DEEP:
            end = float(self._at[0])
        return float(x[best]), float(log_tail[best]), end

    def posterior_mean(self, estimate: float, noise: float, centre: float) -> float:
        """E[D | estimate] - centre; the centre is 0 where its sign matters, the estimate where noise is small.

        Where the posterior lies beyond what doubles hold of the prior, the last of its points stands for it.
        """
        peak, top, end = self._peak(estimate, noise)
        if not math.isnan(end):
            return end - centre

        def weight(d: Floats) -> Floats:
            return np.exp(np.minimum(_log_ratio(d, peak, estimate, noise) - top, _LARGEST))

        def pull(d: Floats) -> Floats:
            return (estimate - d) / noise / noise

        cuts = estimate + noise * _GRID
        low, high = min(estimate, 0.0) - _REACH * noise, max(estimate, 0.0) + _REACH * noise
        window = self.under.within(cuts, low, high)
        total = window.expect(weight, lambda d: weight(d) * pull(d))
        if self.under.discrete or (total > _CANCELS and noise > _NARROW * self.under.spread):
            first = window.expect(
                lambda d: (d - centre) * weight(d), lambda d: weight(d) * (1.0 + (d - centre) * pull(d))
            )
        else:
            total = self.under.expect_near(weight, cuts=cuts, low=low, high=high)
            first = self.under.expect_near(lambda d: (d - centre) * weight(d), cuts=cuts, low=low, high=high)
        if not total > 0.0:
            raise PayoffError(
                f"no double holds the likelihood of an estimate of {estimate:.6g} under {self.under.law!r}."
            )
        return first / total

    def shrunk(self, estimate: float, noise: float) -> float:
        """E[D | estimate], refused where the prior's tail is no double there."""
        if not math.isnan(self._peak(estimate, noise)[2]):
            raise PayoffError(
                f"an estimate of {estimate:.6g} with a standard error of {noise:.6g} is so far from {self.under.law!r} "
                "that no double holds its likelihood; check their units, or take a prior with a heavier tail."
            )
        return estimate + self.posterior_mean(estimate, noise, estimate)

    def launch_estimate(self, noise: float, tolerance: float = 1e-13) -> float:
        """The estimate at which the posterior mean is zero; inf or -inf where none, or any, is enough."""
        low, high = self.under.law.support
        if high <= 0.0 or float(self.under.sf(np.zeros(1))[0]) == 0.0:
            return math.inf
        if low >= 0.0:
            return -math.inf
        bar = noise * _root(lambda t: self.posterior_mean(t * noise, noise, 0.0), tolerance)
        law, points = self.under.law, self.under.points
        if (math.isfinite(law.tail_index) and bar > points[-1]) or (
            math.isfinite(law.left_tail_index) and bar < points[0]
        ):
            raise PayoffError(_NO_THRESHOLD)  # a power tail decides there, and is no double
        return bar

    def launched(self, estimate: float, noise: float) -> float:
        """E[D; an estimate at or above ``estimate``]: what is gained by launching from there on."""
        if math.isinf(estimate):
            return 0.0 if estimate > 0.0 else self.under.law.mean()
        if abs(estimate) > _SHARP * noise:
            return float(self.under.law.partial_mean(estimate))

        def chance(d: Floats) -> Floats:
            return np.asarray(special.ndtr((d - estimate) / noise))

        end = self.under.panel_end(estimate + 10.0 * noise)
        return self.under.within(estimate + noise * _GRID, estimate - _REACH * noise, end).expect(
            lambda d: d * chance(d),
            lambda d: chance(d) + d / noise * density((d - estimate) / noise),
            linear_above=True,
        )

    def launch_rate(self, estimate: float, noise: float) -> tuple[float, float]:
        """P(estimates at or above a bar), and E[noise in the estimate; estimate at or above the bar]."""

        def u(d: Floats) -> Floats:
            return (d - estimate) / noise

        window = self.under.within(estimate + noise * _GRID)
        rate = window.expect(lambda d: np.asarray(special.ndtr(u(d))), lambda d: density(u(d)) / noise)
        luck = window.expect(lambda d: noise * density(u(d)), lambda d: -u(d) * density(u(d)))
        return rate, luck


def _log_ratio(d: Floats, other: float, estimate: float, noise: float) -> Floats:
    """Logarithm of the likelihood of d against that of ``other``."""
    return (d - other) / noise * ((estimate - 0.5 * (d + other)) / noise)


def _root(rising: Callable[[float], float], tolerance: float) -> float:
    """The zero of an increasing function, searched outwards from 0."""
    from scipy.optimize import brentq

    at, value, step = 0.0, rising(0.0), 0.25
    while value != 0.0:
        then = at - math.copysign(step, value)
        other = rising(then)
        if (other > 0.0) != (value > 0.0):
            return float(brentq(rising, min(at, then), max(at, then), xtol=tolerance, rtol=max(tolerance, 1e-13)))
        if not math.isfinite(other) or step > _FAR:
            raise PayoffError(_NO_THRESHOLD)
        at, value, step = then, other, 4.0 * step
    return at
