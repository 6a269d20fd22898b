"""Products: downloads of open-source packages, and how many ideas do any good."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np

from ..payoffs import Empirical


@dataclass(frozen=True, slots=True, eq=False)
class OpenSourcePopulation:
    """What is known of all packages of the npm registry, of which `open_source` is a sample.

    Attributes
    ----------
    n_packages, n_zero : int
        All packages, and those without a download in the month.
    median, mean : float
        Downloads a month.
    share_below : mapping of int to float
        Share of the packages with fewer downloads than the key.
    top_share : mapping of float to float
        Share of all downloads that go to this fraction of the packages, the most downloaded ones.
    n_for_half : int
        How many packages have half of all downloads.
    gini : float
        Gini coefficient of the downloads.
    sample_top_share : mapping of int to float
        The share of the top 1 % that samples of this size show on average: less than the population's.
    hill : mapping of int to float
        Hill's tail index by how many of the largest it is taken from: there is no single one.
    source : str
        Credit and licence.
    """

    n_packages: int
    n_zero: int
    median: float
    mean: float
    share_below: Mapping[int, float]
    top_share: Mapping[float, float]
    n_for_half: int
    gini: float
    sample_top_share: Mapping[int, float]
    hill: Mapping[int, float]
    source: str


OPEN_SOURCE_POPULATION = OpenSourcePopulation(
    n_packages=3_771_841,
    n_zero=52_209,
    median=12.0,
    mean=138_378.0,
    share_below=MappingProxyType({10: 0.443, 100: 0.821, 1_000: 0.941, 10_000: 0.976}),
    top_share=MappingProxyType({0.0001: 0.360, 0.001: 0.871, 0.01: 0.99498}),
    n_for_half=723,
    gini=0.99873,
    sample_top_share=MappingProxyType({100: 0.70, 1_000: 0.976}),
    hill=MappingProxyType({100: 2.4, 1_000: 1.6, 5_000: 0.69, 20_000: 0.48}),
    source="npm package download-counts 2.20260301.0 (MIT licence), monthly downloads, release of 1 March 2026",
)


@cache
def open_source() -> Empirical:
    """Monthly downloads of 50,000 open-source packages: every published package is a bet.

    Returns
    -------
    Empirical
        Downloads a month, resampled from a random sample of the 3,771,841 packages of the npm registry. The
        facts of all of them are in `OPEN_SOURCE_POPULATION`; a sample shows less concentration than they have.

    References
    ----------
    The npm package ``download-counts`` 2.20260301.0, release of 1 March 2026, MIT licence; how the sample was
    drawn and packed is told in ``tailsim/data/README.md``.

    Examples
    --------
    >>> open_source().median(), OPEN_SOURCE_POPULATION.median
    (12.0, 12.0)
    """
    with (files("tailsim") / "data" / "npm_downloads.npz").open("rb") as file:
        packed = np.load(file, allow_pickle=False)
        return Empirical(np.repeat(packed["values"].astype(np.float64), packed["counts"]))


IDEA_SUCCESS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "Microsoft": (1 / 3, 1 / 3),
        "Bing": (0.10, 0.20),
        "Booking": (0.10, 0.20),
        "Google Ads": (0.10, 0.20),
        "Airbnb search": (0.08, 0.08),
    }
)
"""Share of ideas that did any good in an A/B test, lowest and highest as printed, by company.

R. Kohavi, A. Deng and L. Vermeer, "A/B Testing Intuition Busters", KDD 2022, and the reports collected there.
"""
