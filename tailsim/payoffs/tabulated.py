"""Any continuous law whose inverse survival function somebody else computes, from a table."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from .. import _check
from ..errors import ArgumentError, ArgumentTypeError
from . import _portable as portable
from . import _quantiles
from ._shape import Floats
from ._tabulated import FromTable

_V0 = 0.375  # where the ratio of a law without ends is centred
_DEPTHS = np.concatenate([np.arange(1.0, 64.0), np.arange(64.0, 1001.0, 8.0)])
_LOW_DEPTH = 40.0  # octaves of 1 - v that an inverse survival function alone can tell apart
_ROUGH = 1e-3  # an error of the table that no use can want


@dataclass(frozen=True, slots=True)
class Tabulated(FromTable):
    """A law drawn from a table of its quantiles; made by ``from_scipy`` and ``from_isf``.

    Draws are ``isf``. Their bits are the same on every processor where those of the function they were made from are.

    Attributes
    ----------
    label : str
        What it was made from.
    support : tuple of float
        The smallest interval that holds every payoff.
    tail_index, left_tail_index : float
        As stated, else as the quantiles grow; inf for a tail lighter than any power.
    error : float
        The worst relative error of the table against the function, where it was probed between nodes.
    tail_floor, left_tail_floor : float
        The smallest exceedance, and probability from below, down to which the function was found right (2**-1000 at
        best). Beyond it quantiles go on as the power law that they follow there.
    """

    label: str
    support: tuple[float, float] = field()
    tail_index: float = field()
    left_tail_index: float = field()
    error: float = field()
    tail_floor: float = field()
    left_tail_floor: float = field()
    table: _quantiles.Built = field(repr=False, compare=False)

    def _built(self) -> _quantiles.Built:
        return self.table

    def _place(self) -> tuple[float, float]:
        return 0.0, 1.0


class _Source(NamedTuple):
    """Quantiles at u from above and below, and how to check them."""

    label: str
    upper: Callable[[Floats], Floats]
    lower: Callable[[Floats], Floats]
    above: Callable[[Any], Any] | None
    below: Callable[[Any], Any] | None
    low_depth: float


class _End:
    """One side: log2 of the ratio at depths, followed beyond the floor by its last slope."""

    def __init__(
        self,
        quantile: Callable[[Floats], Floats],
        ratio: Callable[[Floats, Floats], Floats],
        check: Callable[[Any], Any] | None,
        deepest: float,
    ) -> None:
        self._quantile, self._ratio = quantile, ratio
        depth = _DEPTHS[deepest >= _DEPTHS]
        u = 2.0**-depth
        x = quantile(u)
        with np.errstate(all="ignore"):
            y = self._log(u, x)
            good = np.isfinite(x) & np.isfinite(y)
            if check is not None:
                good &= np.abs(np.asarray(check(x), dtype=np.float64) / u - 1.0) < 1e-6
        bad = np.flatnonzero(~good)
        last = (bad[0] if bad.size else depth.size) - 1
        self.depth = float(depth[max(last, 0)])
        self.enough = last >= 4
        a, b, c = (max(int(np.searchsorted(depth, self.depth * part)), 0) for part in (0.5, 0.75, 1.0))
        near, far = ((y[j] - y[i]) / (depth[j] - depth[i]) if j > i else 0.0 for i, j in ((a, b), (b, c)))
        self.slope = float(far)
        self.index = math.inf if far <= 0.0 or far < 0.85 * near else float(1.0 / far)

    def _log(self, u: Floats, x: Floats) -> Floats:
        return portable.ln(self._ratio(u, x)) / portable.LN2

    def __call__(self, depth: Floats) -> Floats:
        d = np.minimum(depth, self.depth)
        u = portable.exp(-portable.LN2 * d)
        return self._log(u, self._quantile(u)) + self.slope * (depth - d)


def _called(name: str, function: Callable[[Any], Any]) -> Callable[[Floats], Floats]:
    """The function for arrays, asked one by one where it takes no arrays."""

    def call(u: Floats) -> Floats:
        with np.errstate(all="ignore"):
            try:
                x = np.asarray(function(u), dtype=np.float64)
                if x.shape != u.shape:
                    raise TypeError
            except (TypeError, ValueError):
                try:
                    x = np.array([float(function(float(p))) for p in u])
                except (TypeError, ValueError):
                    raise ArgumentTypeError(
                        f"{name} must turn a probability into a number, and did not at {float(u[0])!r}."
                    ) from None
        return x

    return call


def _checked(name: str, upper: Callable[[Floats], Floats]) -> None:
    """Refuse what is no inverse survival function of a continuous law on the body."""
    p = np.concatenate(
        [2.0 ** -np.arange(16.0, 1.0, -1.0), np.arange(33.0, 64.0) / 64, 1 - 2.0 ** -np.arange(7.0, 17.0)]
    )
    x = upper(p)
    if np.isnan(x).any():
        raise ArgumentError(f"{name} must give a number at every probability, got nan at {float(p[np.isnan(x)][0])!r}.")
    steps = np.diff(x)
    if (steps > 0.0).any():
        at = int(np.argmax(steps > 0.0))
        raise ArgumentError(
            f"{name} must not rise with the probability of exceedance, got {float(x[at])!r} at {float(p[at])!r} and "
            f"{float(x[at + 1])!r} at {float(p[at + 1])!r}; a quantile function from below is lambda v: ppf(1 - v)."
        )
    flat = np.append(steps == 0.0, False) | ~np.isfinite(x)
    if flat.any():
        raise ArgumentError(
            f"{name} must belong to a continuous law with finite payoffs, got {float(x[flat][0])!r} at "
            f"{float(p[flat][0])!r} and beside it; use Empirical, Buckets or a Mixture with Constant for atoms."
        )


def _made(
    name: str, source: _Source, support: tuple[float, float], tails: tuple[float | None, float | None]
) -> Tabulated:
    """The law of a checked source."""
    _checked(name, source.upper)
    low, high = support
    m0, m1, centre = (1.0, 0.0, low) if math.isfinite(low) else (-1.0, 0.0, high)
    if math.isinf(low) and math.isinf(high):
        m0, m1, centre = _V0, -1.0, float(source.upper(np.array([_V0]))[0])
    up = _End(source.upper, lambda u, x: (x - centre) / (m0 + m1 * u), source.above, 1000.0)
    down = _End(source.lower, lambda u, x: (x - centre) / (m0 + m1 * (1.0 - u)), source.below, source.low_depth)
    if not (up.enough and down.enough):
        raise ArgumentError(f"{name} must be right down to probabilities of 1/32 at least, and {source.label} is not.")
    built = _quantiles.build(up, down, m0=m0, m1=m1, slopes=(up.slope, down.slope), centre=centre)
    if not built.error <= _ROUGH:
        raise ArgumentError(
            f"{name} must be smooth, and a table of {source.label} would be wrong by {built.error:.1g}; "
            "split it into parts with Spliced or Mixture."
        )
    indices = [
        math.inf if math.isfinite(end) else side.index if told is None else told
        for end, side, told in ((high, up, tails[0]), (low, down, tails[1]))
    ]
    floors = 2.0**-up.depth, 2.0**-down.depth
    return Tabulated(source.label, (low, high), indices[0], indices[1], built.error, *floors, built)


def from_isf(
    isf: Callable[[Any], Any],
    *,
    support: tuple[float, float] | None = None,
    tail_index: float | None = None,
    left_tail_index: float | None = None,
) -> Tabulated:
    """The law with this inverse survival function, tabulated.

    Parameters
    ----------
    isf : callable
        From exceedance probabilities (floats or arrays) to payoffs, in money; continuous, falling, smooth. It is asked
        from 1 - 2**-40 down to 2**-1000.
    support : tuple of float, optional
        The ends; by default isf(1) and isf(0).
    tail_index, left_tail_index : float, optional
        Where known; by default as the quantiles grow, inf where that slows down.

    Returns
    -------
    Tabulated
        With its ``error``, ``tail_floor`` and ``left_tail_floor`` stated. Below a probability of 2**-40 from below,
        which exceedances cannot tell apart, the quantiles go on as a power law.

    Raises
    ------
    ArgumentError
        The function rises, gives nan or infinities, has atoms, or is not smooth.

    Examples
    --------
    >>> law = from_isf(lambda v: v ** (-1 / 1.5), support=(1.0, float("inf")))
    >>> round(law.isf(2.0**-10), 8), round(law.tail_index, 9), law.tail_floor == 2.0**-1000
    (101.59366733, 1.5, True)
    """
    if not callable(isf):
        raise ArgumentTypeError(f"isf must be a function of the exceedance, got {_check.shown(isf)}.")
    call = _called("isf", isf)
    if support is None:
        with np.errstate(all="ignore"):
            ends = call(np.array([1.0, 0.0]))
        support = (float(ends[0]), float(ends[1]))
    label = getattr(isf, "__qualname__", type(isf).__name__)
    source = _Source(label, call, lambda u: call(1.0 - u), None, None, _LOW_DEPTH)
    return _made("isf", source, support, (tail_index, left_tail_index))


def from_scipy(frozen: Any, *, tail_index: float | None = None, left_tail_index: float | None = None) -> Tabulated:
    """A frozen continuous law of ``scipy.stats``, tabulated.

    Parameters
    ----------
    frozen : scipy.stats frozen distribution
        Such as ``scipy.stats.norm(1, 2)``. Its ``sf(isf(p))`` and ``cdf(ppf(p))`` are compared with p down to 2**-1000;
        the depth at which they part is the tail floor.
    tail_index, left_tail_index : float, optional
        Where known; by default as the quantiles grow, inf where that slows down.

    Returns
    -------
    Tabulated
        With its ``error``, ``tail_floor`` and ``left_tail_floor`` stated.

    Raises
    ------
    ArgumentError
        It is no frozen law, is discrete, gives nan, or is not smooth.

    Examples
    --------
    >>> from scipy import stats
    >>> law = from_scipy(stats.gumbel_r(1.0, 2.0))
    >>> round(law.isf(0.01), 9), law.tail_index
    (10.200298454, inf)
    """
    names = ("isf", "ppf", "sf", "cdf", "support")
    if isinstance(frozen, type) or not all(callable(getattr(frozen, n, None)) for n in names):
        raise ArgumentTypeError(
            f"frozen must be a frozen law such as scipy.stats.norm(0, 1), got {_check.shown(frozen)}."
        )
    if not hasattr(frozen, "args") or hasattr(getattr(frozen, "dist", None), "pmf"):
        raise ArgumentError(
            f"frozen must be a continuous frozen law, got {_check.shown(frozen)}; use Empirical or Buckets for atoms."
        )
    low, high = (float(end) for end in frozen.support())
    arguments = ", ".join([*map(str, frozen.args), *(f"{k}={v}" for k, v in frozen.kwds.items())])
    label = f"scipy.stats.{frozen.dist.name}({arguments})"
    source = _Source(label, _called("frozen", frozen.isf), _called("frozen", frozen.ppf), frozen.sf, frozen.cdf, 1000.0)
    return _made("frozen", source, (low, high), (tail_index, left_tail_index))
