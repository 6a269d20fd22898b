"""Two rules of thumb made exact: how often a significant result is false, and how long to test before rolling out."""

import math
from dataclasses import dataclass

from .. import _check


def false_positive_risk(success_rate: float, *, significance: float = 0.05, power: float = 0.8) -> float:
    """The probability that a statistically significant improvement is none.

    Parameters
    ----------
    success_rate : float
        Share of ideas that truly improve, between 0 and 1.
    significance : float, default 0.05
        Two-sided level of the test, above 0 and below 1; half of it favours the idea by chance.
    power : float, default 0.8
        Probability that a true improvement becomes significant, above 0.

    Returns
    -------
    float
        (s/2) (1 - p) / ((s/2) (1 - p) + power p) for a success rate p at significance s.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    References
    ----------
    Kohavi, Deng and Vermeer 2022, A/B testing intuition busters, KDD.

    Examples
    --------
    >>> [round(100 * false_positive_risk(p), 2) for p in (0.33, 0.15, 0.10, 0.08)]
    [5.97, 15.04, 21.95, 26.44]
    """
    p = _check.probability("success_rate", success_rate)
    rule = "a probability strictly between 0 and 1"
    by_chance = 0.5 * _check.real("significance", significance, rule, above=0.0, below=1.0) * (1.0 - p)
    found = _check.real("power", power, "a probability above 0", above=0.0, high=1.0) * p
    return by_chance / (by_chance + found)


@dataclass(frozen=True, slots=True)
class RolloutTest:
    """How many users to test on before giving the better of two versions to all others; made by ``rollout_test``.

    Attributes
    ----------
    n_users : float
        Users there are in all.
    noise_sd, prior_sd : float
        Standard deviations of one user's response, and of a version's true mean response.
    n_per_arm : float
        Users to show each version to during the test, not rounded.
    gain : float
        Expected total response above that of rolling out either version untested.
    perfect : float
        What it would be if the better version were known from the start.
    """

    n_users: float
    noise_sd: float
    prior_sd: float
    n_per_arm: float
    gain: float
    perfect: float

    @property
    def verdict(self) -> str:
        """What to do, in a sentence."""
        share = f"{100 * self.gain / self.perfect:.3g}% of what knowing the better version would gain"
        tested = f"Test on {self.n_per_arm:,.0f} users per version ({200 * self.n_per_arm / self.n_users:.3g}% of all)"
        return f"{tested}, then give all others the version that did better, significant or not: {share}."

    def __repr__(self) -> str:
        return f"RolloutTest(n_per_arm={self.n_per_arm:.6g}, gain={self.gain:.6g}): {self.verdict}"


def rollout_test(n_users: float, *, noise_sd: float, prior_sd: float) -> RolloutTest:
    """Test & roll: the size of a test that maximises the response of all users, those in the test included.

    Parameters
    ----------
    n_users : float
        Users there are in all, above 0.
    noise_sd : float
        Standard deviation of one user's response, above 0.
    prior_sd : float
        Standard deviation of a version's true mean response, above 0; both versions have the same Gaussian prior.

    Returns
    -------
    RolloutTest
        ``.n_per_arm``, ``.gain`` and a ``.verdict``.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    References
    ----------
    Feit and Berman 2019, Test & roll: profit-maximizing A/B tests, Marketing Science
    38(6), 1038-1058.

    Examples
    --------
    >>> test = rollout_test(100_000, noise_sd=(0.68 * 0.32) ** 0.5, prior_sd=0.03)
    >>> round(test.n_per_arm)
    2284
    """
    users, noise = _check.positive("n_users", n_users), _check.positive("noise_sd", noise_sd)
    prior = _check.positive("prior_sd", prior_sd)
    ratio = (noise / prior) ** 2
    part = 0.75 * ratio
    n = 0.25 * users * ratio / (math.sqrt(0.25 * users * ratio + part * part) + part)  # the root, without cancellation
    gain = (users - 2.0 * n) * prior / math.sqrt(math.pi * (1.0 + ratio / n))
    return RolloutTest(users, noise, prior, n, gain, users * prior / math.sqrt(math.pi))
