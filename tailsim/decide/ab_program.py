"""A/B programmes whose ideas have fat tails: how many ideas to test, how large, and when to launch."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from .._lazy import special
from ..errors import ArgumentError, PayoffError, UndefinedMomentError
from ..payoffs import Normal
from ..payoffs._shape import put, reals, shaped
from ..payoffs.base import Payoff, check_law
from ._noisy import Noisy
from .ab_answers import Allocation, SignificanceRule, Winners
from .ab_sizes import peaks

_SIZES = "finite numbers above 0"
_LEAN = 3.0
_SMALLEST = 1e-12  # sizes searched, in units of the size whose noise is the spread of the prior
_LOOSE = 1e-7  # the value of a test is flat in its threshold at the best one


@dataclass(frozen=True, slots=True)
class ABProgram:
    """Ideas of uncertain quality, tested on a limited number of users.

    An idea's quality D (its true lift, signed) follows ``prior``. A test of n users, over both arms, estimates it with
    Gaussian noise of variance noise_sd**2 / n; an idea is launched when its posterior mean is positive.

    Parameters
    ----------
    prior : Payoff
        The law of an idea's quality, per user or in any other unit; of finite mean.
    noise_sd : float
        Standard deviation of one user's contribution to the estimate, in the unit of the prior, above 0.
    n_users : float
        Users to divide among tests.
    n_ideas : int
        Ideas that could be tested.
    min_users : float, default 1
        Fewest users that a test can have, at most ``n_users``.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    UndefinedMomentError
        If the prior has no finite mean: every test would then be worth an infinite amount.

    References
    ----------
    Azevedo, Deng, Montiel Olea, Rao and Weyl 2020, A/B testing with fat tails, Journal of Political Economy 128(12),
    4614-4672. Sudijono, Ejdemyr, Lal and Tingley 2024, Optimizing returns from experimentation programs.

    Examples
    --------
    >>> from tailsim.payoffs import Lomax
    >>> program = ABProgram(Lomax(2) - 2, noise_sd=1, n_users=10, n_ideas=40)
    >>> program.regime
    'lean'
    >>> f"{program.production(0.5):.6f} {program.launch_t(0.5):.6f} {program.shrink(4.0, 0.5):.6f}"
    '0.272197 1.226577 2.889725'
    >>> program.optimal_allocation().verdict
    'Test 10 of 40 ideas on 1 user each and launch what exceeds t = 0.999: that gains 2.978.'
    """

    prior: Payoff
    noise_sd: float
    n_users: float
    n_ideas: int
    min_users: float = 1
    _mean: float = field(init=False, repr=False, compare=False)
    _plain: Noisy = field(init=False, repr=False, compare=False)
    _side: Noisy = field(init=False, repr=False, compare=False)  # the prior, turned round where its mean is positive

    def __post_init__(self) -> None:
        check_law("prior", self.prior)
        ideas = _check.integer("n_ideas", self.n_ideas, "a whole number of at least 1", low=1)
        users = _check.positive("n_users", self.n_users)
        least = _check.positive("min_users", self.min_users)
        if least > users:
            raise ArgumentError(
                f"min_users must be at most n_users = {users:g}, got {least:g}; no test is possible otherwise."
            )
        put(self, noise_sd=_check.positive("noise_sd", self.noise_sd), n_users=users, n_ideas=ideas, min_users=least)
        if min(self.prior.tail_index, self.prior.left_tail_index) <= 1.0:
            raise UndefinedMomentError(
                f"prior must have a finite mean, got {self.prior!r}, where every test is worth an infinite amount; "
                "use a prior with tail indices above 1, or cap what an idea can be worth."
            )
        mean, plain = self.prior.mean(), Noisy(self.prior)
        put(self, _mean=mean, _plain=plain, _side=Noisy(-self.prior) if mean > 0.0 else plain)

    def _noise(self, n: float) -> float:
        return self.noise_sd / math.sqrt(n)

    @property
    def _sign(self) -> float:
        return -1.0 if self._mean > 0.0 else 1.0

    def _value(self, n: float) -> float:
        """The production function at one size."""
        noise = self._noise(n)
        try:
            bar = self._side.launch_estimate(noise, _LOOSE)
        except PayoffError:
            if noise > self._side.under.spread:
                return 0.0  # what exceeds a threshold beyond all doubles is worth less than the smallest of them
            raise
        return max(self._side.launched(bar, noise), 0.0)

    def production(self, n: ArrayLike) -> Any:
        """Value of testing one idea on ``n`` users before deciding: f(n) = E[max(E[D | estimate], 0)] - max(E[D], 0).

        Parameters
        ----------
        n : float or array
            Users in the test, over both arms; any numbers above 0.

        Returns
        -------
        float or ndarray
            In the unit of the prior, in the shape of n; by quadrature, to a relative error of about 1e-9.

        References
        ----------
        Azevedo et al. 2020, on the production function.
        """
        return shaped(lambda x: np.array([self._value(size) for size in x.tolist()]), _sizes(n))

    def launch_t(self, n: ArrayLike) -> Any:
        """The t-statistic, estimate over its standard error, beyond which launching an idea pays.

        Parameters
        ----------
        n : float or array
            Users in the test; any numbers above 0.

        Returns
        -------
        float or ndarray
            In the shape of n; inf where no idea can be good, -inf where none can be bad.

        References
        ----------
        Azevedo et al. 2020, on the launch threshold.
        """

        def threshold(size: float) -> float:
            noise = self._noise(size)
            return self._sign * self._side.launch_estimate(noise) / noise

        return shaped(lambda x: np.array([threshold(size) for size in x.tolist()]), _sizes(n))

    def shrink(self, estimate: ArrayLike, n: float) -> Any:
        """What an idea with this estimate is worth on average: E[D | estimate], free of the winner's curse.

        Parameters
        ----------
        estimate : float or array
            Estimated quality, in the unit of the prior.
        n : float
            Users in the test.

        Returns
        -------
        float or ndarray
            Posterior means, in the shape of ``estimate``.

        Raises
        ------
        PayoffError
            If an estimate is so far from the prior that no double holds its likelihood.
        """
        noise = self._noise(_check.positive("n", n))
        x = reals("estimate", estimate, "finite numbers", -1e300, 1e300)
        if isinstance(self.prior, Normal):
            weight = 1.0 / (1.0 + (noise / self.prior.sd) ** 2)
            return shaped(lambda e: self._mean + weight * (e - self._mean), x)
        seen = Noisy(self.prior, deep=True)
        return shaped(lambda e: np.array([seen.shrunk(one, noise) for one in e.tolist()]), x)

    @property
    def regime(self) -> str:
        """Either "lean" (tail index below 3: test every idea, however small the tests) or "big" (few large tests)."""
        return "lean" if self.prior.tail_index < _LEAN else "big"

    @property
    def why(self) -> str:
        """The reason for the regime, in a sentence or two."""
        a = self.prior.tail_index
        if self.regime == "lean":
            text = (
                f"lean: the tail index {a:.3g} is below 3, so the first users of a test are worth the most, "
                "because rare ideas are so good that even a noisy test shows them."
            )
        else:
            index = "is infinite" if math.isinf(a) else f"{a:.3g} is not below 3"
            text = (
                f"big: the tail index {index}, so the smallest tests are worth next to nothing per user, because they "
                "can hardly show an idea good enough to change the decision; best_test_size() says what is small."
            )
        return text if self._mean < 0.0 else f"{text} {self._otherwise()}"

    def _otherwise(self) -> str:
        """What a prior mean that is not negative changes."""
        if self._mean == 0.0:
            return (
                "This prior's mean is 0, where any evidence changes the decision: then small tests are worth the most."
            )
        return (
            "This prior's mean is positive, so tests serve to stop bad ideas, and how small they may be depends on "
            f"its left tail, of index {self.prior.left_tail_index:.3g}."
        )

    def best_test_size(self) -> float:
        """The size x > 0 of one test that maximises its value per user, f(x) / x, over all sizes.

        Returns
        -------
        float
            Users, not rounded; 0.0 where smaller tests are always worth more per user, as in a lean regime.

        Raises
        ------
        PayoffError
            If no test is worth anything, as where every idea is bad.

        Notes
        -----
        f(x) / x may have several peaks: sizes are searched globally, then refined.
        """
        if self._mean == 0.0 or self._side.under.law.tail_index < _LEAN:
            return 0.0
        spread = self._side.under.spread or abs(self._mean)
        start = (self.noise_sd / spread) ** 2
        most = self._side.under.law.partial_mean(0.0)  # what a perfect test is worth bounds every other
        low, known = start * _SMALLEST, self._value(start) / start
        while most > 0.0 and low > start * _SMALLEST**5:
            high = most / known if known > 0.0 else start * (start / low)
            found = peaks(self._value, low, max(high, 10.0 * low))
            size, value = max(found, key=lambda peak: peak[1] / peak[0])
            if value > 0.0 and size > 1.01 * low:
                return size
            low, known = low * _SMALLEST, max(known, value / size)
        raise PayoffError("no size of test is worth anything, for this prior leaves the decision as it is.")

    def optimal_allocation(self) -> Allocation:
        """How many ideas to test on how many users each, all tests alike.

        Returns
        -------
        Allocation
            ``.n_tests``, ``.test_size``, ``.value`` of the programme, ``.launch_t`` and a ``.verdict``.

        Notes
        -----
        The size maximises f(x) / x among sizes from ``n_users / n_ideas`` (and ``min_users``) up to ``n_users``, and
        the number of tests is made whole on the better side. The unrestricted maximum of f(x) / x can be far from
        the best where it is smaller than ``n_users / n_ideas``.

        References
        ----------
        Sudijono et al. 2024, here with the restriction to feasible sizes.
        """
        users, most = self.n_users, self._most_tests()
        sizes = [users] if most == 1 else [size for size, _ in peaks(self._value, users / most, users)]
        counts = {min(max(whole(users / x), 1), most) for x in sizes for whole in (math.floor, math.ceil)} | {1, most}
        values = {k: k * self._value(users / k) for k in sorted(counts)}
        n_tests = max(values, key=lambda k: values[k])
        size = users / n_tests
        return Allocation(
            n_tests=n_tests,
            test_size=size,
            value=values[n_tests],
            launch_t=self.launch_t(size),
            n_ideas=self.n_ideas,
            n_users=users,
            value_of_most=values[most],
            most_tests=most,
            regime=self.regime,
        )

    def _most_tests(self) -> int:
        """The largest number of tests that the ideas, the users and the least size allow."""
        return min(self.n_ideas, max(math.floor(self.n_users / self.min_users * (1.0 + 1e-12)), 1))

    def winners(self, n: float) -> Winners:
        """How much the ideas that are launched after tests of ``n`` users are overestimated.

        Parameters
        ----------
        n : float
            Users in each test.

        Returns
        -------
        Winners
            Averages over launched ideas: ``.estimated`` and ``.true`` quality, ``.share_launched``, a ``.verdict``.
        """
        size = _check.positive("n", n)
        noise, t = self._noise(size), self.launch_t(size)
        if t == math.inf:
            raise PayoffError("no idea is ever launched, for none can be good under this prior.")
        if t == -math.inf:
            return Winners(size, t, 1.0, self._mean, self._mean)
        rate, luck = self._plain.launch_rate(t * noise, noise)
        if rate == 0.0:
            raise PayoffError(f"ideas are launched after tests of {size:g} users with a chance no double holds.")
        true = self._plain.launched(t * noise, noise) / rate
        return Winners(size, t, rate, true + luck / rate, true)

    def significance_rule(self, n: float, *, p_value: float = 0.05) -> SignificanceRule:
        """What launching only significant improvements, two-sided p below ``p_value``, is worth at most and costs.

        Parameters
        ----------
        n : float
            Users in each test.
        p_value : float, default 0.05
            Between 0 and 1.

        Returns
        -------
        SignificanceRule
            ``.value`` under the rule, ``.best`` under the optimal threshold, ``.lost`` and a ``.verdict``.
        """
        size = _check.positive("n", n)
        p = _check.real("p_value", p_value, "a probability strictly between 0 and 1", above=0.0, below=1.0)
        noise, bar = self._noise(size), -float(special.ndtri(0.5 * p))
        value = self._side.launched(self._sign * bar * noise, noise)
        return SignificanceRule(size, p, bar, self.launch_t(size), value, self._value(size))

    def plot(self, *, ax: Any = None) -> Any:
        """Gain of the programme against the number of ideas tested; see ``plotting.plot_ab_program``."""
        from .. import plotting

        return plotting.plot_ab_program(self, ax=ax)

    def __repr__(self) -> str:
        head = f"ABProgram({self.prior!r}, noise_sd={self.noise_sd:g}, n_users={self.n_users:g}"
        return f"{head}, n_ideas={self.n_ideas:,}, min_users={self.min_users:g}): {self.why}"


def _sizes(n: ArrayLike) -> Any:
    return reals("n", n, _SIZES, 5e-324, np.finfo(np.float64).max)
