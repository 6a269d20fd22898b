"""What an A/B programme answers, as objects that say it in words."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allocation:
    """How to divide users among ideas; made by ``ABProgram.optimal_allocation``.

    Attributes
    ----------
    n_tests : int
        Ideas to test.
    test_size : float
        Users in each test, over both arms.
    value : float
        Expected gain of the whole programme over launching, or leaving, all ideas untested.
    launch_t : float
        The t-statistic beyond which an idea should be launched.
    n_ideas, n_users
        What there is.
    most_tests : int
        The most tests that ideas, users and the least size of a test allow.
    value_of_most : float
        What testing that many would gain.
    regime : str
        "lean" or "big".
    """

    n_tests: int
    test_size: float
    value: float
    launch_t: float
    n_ideas: int
    n_users: float
    most_tests: int
    value_of_most: float
    regime: str

    @property
    def verdict(self) -> str:
        """What to do, in a sentence or two."""
        ideas = f"{self.n_tests:,} of {self.n_ideas:,} ideas" if self.n_tests < self.n_ideas else "every idea"
        do = f"Test {ideas} on {_users(self.test_size)} each and launch what exceeds t = {self.launch_t:.3g}"
        if self.n_tests == self.most_tests:
            return f"{do}: that gains {self.value:.4g}."
        others = f"{self.most_tests:,} smaller tests would gain {self.value_of_most:.4g}"
        return f"{do}: that gains {self.value:.4g}, where {others}."

    def __repr__(self) -> str:
        head = f"Allocation(n_tests={self.n_tests}, test_size={self.test_size:.6g}, value={self.value:.6g})"
        return f"{head}: {self.verdict}"


@dataclass(frozen=True, slots=True)
class Winners:
    """The winner's curse: what launched ideas seem to be worth, and what they are; made by ``ABProgram.winners``.

    Attributes
    ----------
    n : float
        Users in each test.
    launch_t : float
        The t-statistic beyond which ideas are launched.
    share_launched : float
        Share of tested ideas that are launched.
    estimated, true : float
        Average estimate and average quality of launched ideas, in the unit of the prior.
    """

    n: float
    launch_t: float
    share_launched: float
    estimated: float
    true: float

    @property
    def overstated(self) -> float:
        """``estimated - true``."""
        return self.estimated - self.true

    @property
    def verdict(self) -> str:
        """What may be concluded, in a sentence."""
        return (
            f"After tests of {_users(self.n)}, {100 * self.share_launched:.3g}% of ideas are launched; they seem to be "
            f"worth {self.estimated:.4g} on average and are worth {self.true:.4g}, so report shrunk estimates."
        )

    def __repr__(self) -> str:
        return f"Winners(n={self.n:g}, overstated={self.overstated:.6g}): {self.verdict}"


@dataclass(frozen=True, slots=True)
class SignificanceRule:
    """What waiting for significance is worth; made by ``ABProgram.significance_rule``.

    Attributes
    ----------
    n : float
        Users in each test.
    p_value : float
        Two-sided level of the rule.
    rule_t, launch_t : float
        The t-statistics beyond which ideas are launched: by the rule, and optimally.
    value, best : float
        Value per tested idea under the rule and under the optimal threshold; negative where testing by the rule does
        worse than not testing.
    """

    n: float
    p_value: float
    rule_t: float
    launch_t: float
    value: float
    best: float

    @property
    def lost(self) -> float:
        """``best - value``, per tested idea."""
        return max(self.best - self.value, 0.0)

    @property
    def share_lost(self) -> float:
        """``lost / best``; above 1 where the rule does worse than not testing, NaN where tests are worthless."""
        return self.lost / self.best if self.best > 0.0 else math.nan

    @property
    def verdict(self) -> str:
        """What may be concluded, in a sentence."""
        rule = f"Launching at p < {self.p_value:g} (t > {self.rule_t:.3g}) after tests of {_users(self.n)}"
        if not self.best > 0.0:
            return f"{rule} changes nothing, for no such test is worth anything."
        how = "strict" if self.rule_t > self.launch_t else "generous"
        best = f"what they could gain at t > {self.launch_t:.3g}"
        return f"{rule} is too {how} and loses {100 * self.share_lost:.3g}% of {best}."

    def __repr__(self) -> str:
        return f"SignificanceRule(n={self.n:g}, p_value={self.p_value:g}, lost={self.lost:.6g}): {self.verdict}"


def _users(n: float) -> str:
    """A number of users as a sentence shows it."""
    if n == 1.0:
        return "1 user"
    return f"{n:,.0f} users" if n >= 1000.0 else f"{n:.4g} users"
