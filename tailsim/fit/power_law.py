"""Power-law tails by Clauset, Shalizi and Newman: where the tail starts, and its exponent."""

import math

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from ..errors import DataError
from ..stats.tail import FEW_POINTS
from .distinct import Distinct, Floats
from .power_law_fit import PowerLawFit

_ROUNDING = 0.1  # of a standard error: less than this the treatment of whole numbers does not matter


def fit_power_law(
    data: ArrayLike, discrete: bool | None = None, *, threshold: float | None = None, min_tail: int = FEW_POINTS
) -> PowerLawFit:
    """Fit a power law to the tail of outcomes; the start of the tail is found by the Kolmogorov-Smirnov distance.

    Parameters
    ----------
    data : array_like, shape (n,)
        Outcomes, none negative; zeros count as outcomes below every threshold.
    discrete : bool, optional
        Whether outcomes are whole numbers, fitted by the zeta distribution. By default they are taken for so where all
        are whole and that moves the exponent by more than a tenth of its standard error; ``decision`` says what was
        done and why.
    threshold : float, optional
        Start of the tail; by default the outcome with the smallest distance between the tail seen and fitted.
    min_tail : int
        Fewest outcomes a threshold may leave in the tail, at least 2. The published search has no such limit (2), and
        then at times takes the largest three for the tail.

    Returns
    -------
    PowerLawFit
        ``.threshold .pdf_exponent .tail_index .ks .n_tail .std_error .interval .compare(family) .p_value()``.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule: ``data`` negative, NaN or infinite, or not whole with ``discrete`` True.
    DataError
        If fewer than ``min_tail`` outcomes are above zero, or fewer than two of them differ.

    Notes
    -----
    The distance is the largest difference, over the outcomes x of the tail, between the share of the tail strictly
    below x and P(X < x), so that the first term is 0 at the threshold. All distinct outcomes are tried; the search is
    exact, with the answer of trying every point of every tail, and takes milliseconds for 20,000 outcomes.

    References
    ----------
    Clauset, Shalizi and Newman 2009, SIAM Review 51(4), 661-703: equations 3.1 to 3.6 and 3.9.

    Examples
    --------
    >>> import tailsim as ts
    >>> fit = ts.fit_power_law(ts.Pareto(1.5).rvs(2000, rng=1))
    >>> f"{fit.tail_index:.1f}, lognormal rejected: {fit.compare('lognormal').p_value < 0.05}"
    '1.5, lognormal rejected: False'
    """
    values = _outcomes(data)
    min_tail = _check.integer("min_tail", min_tail, "a whole number of at least 2", low=2)
    given = None if threshold is None else _check.positive("threshold", threshold)
    positive = values[values > 0.0]
    if positive.size < min_tail:
        raise DataError(
            f"data must hold at least {min_tail} outcomes above 0 for a power law, got {positive.size} of "
            f"{values.size}; describe so few by their quantiles."
        )
    sample = Distinct.of(positive, given)
    if discrete is not None:
        _check.instance("discrete", discrete, (bool, np.bool_), "None, True or False")
    whole = bool(np.all(positive == np.floor(positive)) and (given is None or given == math.floor(given)))
    if discrete and not whole:
        raise DataError("data must be whole numbers, and so the threshold, for discrete=True; leave it None or False.")
    chosen, decision = (bool(discrete), "as asked") if discrete is not None else _decide(sample, whole, given, min_tail)
    place, index, ks = _found(sample, chosen, given, min_tail)
    n_tail = sample.n_tail(place)
    error = index / math.sqrt(n_tail)
    how = (chosen, decision, given is not None, min_tail)
    return PowerLawFit(float(sample.x[place]), index + 1.0, index, ks, n_tail, values.size, error, *how, sample, place)


def _outcomes(data: ArrayLike) -> Floats:
    """Outcomes, none negative."""
    values = _check.numbers("data", data)
    if values.min() < 0.0:
        i = int(np.argmax(values < 0.0))
        instead = "a tail of gains is that of numpy.maximum(data, 0)"
        raise _check.refuse("data", f"outcomes of 0 or more (position {i} is not)", float(values[i]), instead)
    return values


def _found(sample: Distinct, discrete: bool, given: float | None, min_tail: int) -> tuple[int, float, float]:
    """(place, tail index, distance) of the threshold given, or of the best one."""
    if given is None:
        place, index, ks = sample.search(discrete, min_tail)
        if place < 0:
            raise DataError(
                f"data must hold at least two different values among its tails of {min_tail} outcomes or more, got "
                f"{sample.x.size} different values above 0; there is no tail to fit."
            )
        return place, index, ks
    place = int(np.searchsorted(sample.x, given))
    if sample.n_tail(place) < min_tail or sample.x[-1] == given:
        n_tail = sample.n_tail(place)
        raise DataError(
            f"threshold must leave at least {min_tail} outcomes in the tail, and one above it, got {given:g}, which "
            f"leaves {n_tail}; lower it."
        )
    return (place, *sample.at(place, discrete))


def _decide(sample: Distinct, whole: bool, given: float | None, min_tail: int) -> tuple[bool, str]:
    """Whether outcomes are fitted as whole numbers, and why."""
    if not whole:
        return False, "fitted as continuous: not all outcomes are whole numbers"
    smooth, stepped = (_found(sample, discrete, given, min_tail) for discrete in (False, True))
    moved = abs(stepped[1] - smooth[1])
    matters = smooth[0] != stepped[0] or moved > _ROUNDING * stepped[1] / math.sqrt(sample.n_tail(stepped[0]))
    exponents = f"pdf exponent {stepped[1] + 1:.4f} as whole numbers, {smooth[1] + 1:.4f} as continuous"
    if matters:
        return True, f"fitted as whole numbers, as all outcomes are: {exponents}"
    return False, f"fitted as continuous: outcomes are whole numbers, too large for that to matter ({exponents})"
