"""Likelihood ratios of a power law to its rivals."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._lazy import special
from .families import RIVALS, Fitted

FAMILIES = tuple(RIVALS)
NESTED = frozenset({"truncated_power_law"})
_CLEAR = 0.1


@dataclass(frozen=True, slots=True)
class Comparison:
    """Power law against a rival, both at their maximum likelihood above the same threshold.

    Attributes
    ----------
    family : str
        The rival.
    raw : float
        Log likelihood of the power law less that of the rival; above 0 the power law fits better.
    normalised : float
        ``raw`` over its standard deviation sqrt(n) sd of the single log ratios: a standard normal deviate where both
        are as near to the truth. 0 where the two laws are the same.
    p_value : float
        Chance of a ratio as far from 0 where both are as near: two-sided by Vuong's test, or by Wilks's where the
        power law is a case of the rival.
    nested : bool
        Whether the power law is a case of the rival, which then never fits worse.
    parameters : dict of str to float
        The rival's, in the unit of the data.
    verdict : str
        One clause in words.
    """

    family: str
    raw: float
    normalised: float
    p_value: float
    nested: bool
    parameters: dict[str, float]
    verdict: str


def likelihood_ratio(counts: NDArray[np.int64], power: NDArray[np.float64], rival: Fitted) -> Comparison:
    """The ratio from ln densities at the distinct outcomes and how often each occurs."""
    nested = rival.name in NESTED
    ratios = power - rival.log_density
    n = int(counts.sum())
    raw = float(np.dot(counts, ratios))
    spread = math.sqrt(n * float(np.dot(counts, (ratios - raw / n) ** 2)) / n)
    same = rival.is_power_law or spread <= 1e-12 * max(1.0, abs(raw))
    normalised = 0.0 if same else raw / spread
    if same:
        p = 1.0
    elif nested:
        p = float(special.erfc(math.sqrt(max(-raw, 0.0))))
    else:
        p = float(special.erfc(abs(normalised) / math.sqrt(2.0)))
    said = _verdict(rival, raw, normalised, p)
    return Comparison(rival.name, raw, normalised, p, nested, dict(rival.parameters), said)


def _verdict(rival: Fitted, raw: float, normalised: float, p: float) -> str:
    name = rival.name.replace("_", " ")
    article = "an" if name[0] in "aeiou" else "a"
    if rival.is_power_law:
        return f"{article} {name} fits no better than its limit, the power law itself"
    numbers = f"normalised ratio {normalised:.2f}, p {p:.2g}"
    if p > _CLEAR:
        return f"{article} {name} fits about as well ({numbers})"
    return f"{article} {name} fits {'worse' if raw > 0.0 else 'better'} ({numbers})"
