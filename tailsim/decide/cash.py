"""Bets take time and pay later: whether the cash lasts until the first hit, and what it is all worth today."""

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ..dependence import _tags
from ..engine.blocks import conducted, never
from ..engine.parallel import over_blocks
from ..engine.plan import BLOCK, Run, run_of
from ..engine.trials import parameters_of
from ..kernels import api
from ..kernels.philox import round_keys
from ..payoffs._rng import RngLike, seed_of
from ..payoffs.base import Payoff
from ..portfolio import Bet
from ..stats.estimate import Estimate
from ..stats.intervals import proportion, quantile_estimate

Floats = NDArray[np.float64]
MAX_STARTS = 2_000
_NET, _OUT, _HIT, _STARTED = range(4)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CashFlow:
    """Cash over time, trial by trial; made by ``cash_flow``.

    Attributes
    ----------
    n_trials, seed : int
        Trials, and what reproduces them.
    net_values : ndarray, shape (n_trials,)
        All money received less all money spent, each discounted to the start.
    out_at : ndarray, shape (n_trials,)
        Year in which a bet was due and the cash did not pay for it; inf where that never happened.
    hit_at : ndarray, shape (n_trials,)
        Year in which the first hit paid, also after the last start; inf where there was none.
    n_started : ndarray of int, shape (n_trials,)
        Bets started.
    """

    n_trials: int
    seed: int
    net_values: Floats
    out_at: Floats
    hit_at: Floats
    n_started: NDArray[np.int64]

    def _share(self, which: NDArray[np.bool_]) -> Estimate:
        return proportion(int(np.count_nonzero(which)), self.n_trials)

    @property
    def prob_out(self) -> Estimate:
        """Chance that the cash runs out within the years."""
        return self._share(np.isfinite(self.out_at))

    @property
    def prob_out_before_hit(self) -> Estimate:
        """Chance that the cash runs out before the first hit has paid."""
        return self._share(self.out_at < self.hit_at)

    @property
    def prob_hit(self) -> Estimate:
        """Chance that some bet started is a hit, whenever it pays."""
        return self._share(np.isfinite(self.hit_at))

    @property
    def prob_gain(self) -> Estimate:
        """Chance that the net value is above 0."""
        return self._share(self.net_values > 0.0)

    @property
    def median_net_value(self) -> Estimate:
        """Net value that half of the trials stay at or below, in money of the start."""
        return quantile_estimate(self.net_values, 0.5)

    def net_value_quantile(self, q: float) -> Estimate:
        """Net value that a share ``q`` of the trials stays at or below."""
        return quantile_estimate(self.net_values, _check.real("q", q, "a probability", above=0.0, below=1.0))

    @property
    def median_runway(self) -> float:
        """Year by which half of the trials have run out of cash; inf where fewer do."""
        return float(np.sort(self.out_at)[(self.n_trials - 1) // 2])

    @property
    def median_wait(self) -> float:
        """Year by which half of the trials have had a hit paid; inf where fewer do."""
        return float(np.sort(self.hit_at)[(self.n_trials - 1) // 2])

    def __repr__(self) -> str:
        return "\n".join(
            [
                f"CashFlow over {self.n_trials:,} trials",
                f"  out of cash: {self.prob_out}",
                f"  out of cash before the first hit: {self.prob_out_before_hit}",
                f"  some hit: {self.prob_hit}",
                f"  median net value: {self.median_net_value}",
            ]
        )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a block needs to know."""

    run: Run
    starts_per_year: float
    duration: float | Payoff
    cash: float
    years: float
    burn: float
    discount_rate: float
    need: float
    n_trials: int
    keys: NDArray[np.uint64]

    def discounted(self, year: Any) -> Any:
        """What a unit of money of that year is worth at the start."""
        return (1.0 + self.discount_rate) ** -np.asarray(year, dtype=np.float64)

    def burned(self, until: Floats) -> Floats:
        """All burn until a year, discounted."""
        rate = math.log1p(self.discount_rate)
        return self.burn * (until if rate == 0.0 else -np.expm1(-rate * until) / rate)

    def durations(self, block: int, first: int, rows: int) -> Floats:
        """Years that bets take, shape (rows, 4096)."""
        if not isinstance(self.duration, Payoff):
            return np.full((rows, BLOCK), self.duration)
        v = api.Rows(self.keys, block, first).exceedances(rows, _tags.DURATION)
        return np.asarray(self.duration.isf(v))


def _block(plan: _Plan, block: int) -> Floats:
    """Net value, year out of cash, year of the first hit and bets started, shape (4, 4096)."""
    run, lanes = plan.run, np.arange(BLOCK)
    arriving = np.zeros((run.n_bets + 1, BLOCK))
    cash, net = np.full(BLOCK, plan.cash), np.zeros(BLOCK)
    out, hit, started = np.full(BLOCK, math.inf), np.full(BLOCK, math.inf), np.zeros(BLOCK)
    j = 0
    for x in conducted(run, plan.keys, block, parameters_of(run, plan.keys, block)):
        for payoff, took in zip(x, plan.durations(block, j, len(x)), strict=True):
            year = j / plan.starts_per_year
            cash += arriving[j]
            if j:
                cash -= plan.burn / plan.starts_per_year
            out = np.where(np.isinf(out) & (cash < run.stake), year, out)
            on = np.isinf(out)
            started += on
            cash -= np.where(on, run.stake, 0.0)
            paid_at = year + took
            gain = payoff * plan.discounted(paid_at) - run.stake * plan.discounted(year)
            net += np.where(on, gain, 0.0)
            hit = np.where(on & (payoff >= plan.need), np.minimum(hit, paid_at), hit)
            # the first start at or after the payoff can use it; a bet cannot pay for itself
            due = np.maximum(np.ceil(paid_at * plan.starts_per_year - 1e-9), j + 1.0)
            usable = on & (due <= run.n_bets - 1.0)
            arriving[due[usable].astype(np.intp), lanes[usable]] += payoff[usable]
            j += 1
    return np.array([net - plan.burned(np.minimum(out, plan.years)), out, hit, started])


def _blocks(plan: _Plan, first: int, n_blocks: int, stopped: Any = never) -> tuple[int, Floats] | None:
    """First block and the columns of some blocks, side by side; None when stopped."""
    columns = []
    for block in range(first, first + n_blocks):
        if stopped():
            return None
        columns.append(_block(plan, block))
    return first, np.concatenate(columns, axis=1)


def cash_flow(
    bet: Bet | Payoff,
    starts_per_year: float,
    *,
    duration: float | Payoff,
    cash: float,
    years: float,
    burn: float = 0.0,
    discount_rate: float = 0.0,
    multiple: float = 10.0,
    n_trials: int = 20_000,
    n_workers: int | None = None,
    rng: RngLike = None,
) -> CashFlow:
    """Start bets one after the other from a stock of cash that their payoffs refill, until it runs out.

    A bet starts every ``1 / starts_per_year`` years, the first at once, as long as the cash pays its stake; from the
    first time that it does not, nothing is started and no more is burned. Bets under way pay all the same.

    Parameters
    ----------
    bet : Bet or Payoff
        The bet that is repeated.
    starts_per_year : float
        Bets a year, above 0; at most 2,000 in all years.
    duration : float or Payoff
        Years from a bet's start to its payoff, at least 0: a number, or a law that each bet draws from on its own.
    cash : float
        Money at the start, at least 0.
    years : float
        How long bets are started, above 0.
    burn : float, default 0
        Money a year that is spent beside the stakes, evenly.
    discount_rate : float, default 0
        Yearly rate: money of year t is worth (1 + rate)**-t of money at the start.
    multiple : float, default 10
        A bet is a hit when it pays at least this many times its stake.
    n_trials : int, default 20,000
        Simulated worlds, at most 10,000,000.
    n_workers, rng
        As in ``simulate``; the bets have the luck that ``simulate`` gives them.

    Returns
    -------
    CashFlow

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Examples
    --------
    >>> import tailsim as ts
    >>> bet = ts.ZeroInflated(ts.Constant(20), p_zero=0.9)
    >>> found = ts.cash_flow(bet, 4, duration=2, cash=10, years=5, rng=1)
    >>> round(float(found.prob_out_before_hit), 1), round(0.9**3, 1)  # three bets have paid when the tenth is made
    (0.7, 0.7)
    """
    _check.instance("bet", bet, (Bet, Payoff), "a Bet or a payoff law")
    bet = Bet(bet) if isinstance(bet, Payoff) else bet
    rate, years = _check.positive("starts_per_year", starts_per_year), _check.positive("years", years)
    at_least_0 = "a finite number of at least 0"
    if not isinstance(duration, Payoff):
        duration = _check.real("duration", duration, f"{at_least_0}, or a law", low=0.0)
    elif duration.support[0] < 0.0:
        raise _check.refuse("duration", "a law of years of at least 0", duration)
    cash, burn = (_check.real(name, x, at_least_0, low=0.0) for name, x in (("cash", cash), ("burn", burn)))
    discount = _check.real("discount_rate", discount_rate, "a yearly rate of at least 0", low=0.0)
    n_trials = _check.integer("n_trials", n_trials, "a whole number from 1 to 10,000,000", low=1, high=10**7)
    n_bets = math.ceil(rate * years - 1e-9) if rate * years <= MAX_STARTS else MAX_STARTS + 1
    if n_bets > MAX_STARTS:
        raise _check.refuse("starts_per_year", f"at most {MAX_STARTS:,} starts in all years", starts_per_year)
    need, seed = _check.positive("multiple", multiple) * bet.stake, seed_of(rng)
    run, keys = run_of(bet, 0, n_bets, hurdle=1.0), round_keys(api.key_of(seed))
    plan = _Plan(run, rate, duration, cash, years, burn, discount, need, n_trials, keys)
    return _collected(plan, seed, n_workers)


def _collected(plan: _Plan, seed: int, n_workers: int | None) -> CashFlow:
    """All blocks, in order."""
    columns = np.empty((4, plan.n_trials))

    def add(part: tuple[int, Floats] | None) -> None:
        if part is not None:
            first = part[0] * BLOCK
            n = min(part[1].shape[1], plan.n_trials - first)
            columns[:, first : first + n] = part[1][:, :n]

    if over_blocks(partial(_blocks, plan), -(-plan.n_trials // BLOCK), add, n_workers=n_workers):
        raise KeyboardInterrupt
    columns.flags.writeable = False
    started = columns[_STARTED].astype(np.int64)
    started.flags.writeable = False
    return CashFlow(plan.n_trials, seed, columns[_NET], columns[_OUT], columns[_HIT], started)
