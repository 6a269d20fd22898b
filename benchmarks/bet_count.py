"""What 1, 2, ..., 1,000 bets would do: the whole curve, beside running sums in NumPy."""

from functools import partial

import numpy as np

import tailsim as ts

from . import peers
from .findings import Effort, Findings
from .promises import Check
from .timing import Contender, race, ratio

TITLE = "Bet-count curve: median and P(multiple >= 2) of 1, 2, ..., 1,000 bets"
N_BETS, TARGET = 1_000, 2.0
# (trials, rounds)
SIZES = {Effort.SMOKE: (16_384, 3), Effort.USUAL: (50_000, 5), Effort.FULL: (50_000, 9)}
OURS, TWO = "tailsim", "tailsim, two threads"
BEST, BEST_TWO = "tailsim, optimum with its plateau", "tailsim, optimum with its plateau, two threads"


def ours(n_trials: int, n_workers: int) -> None:
    """The curve by tailsim."""
    bet = ts.ZeroInflated(ts.Pareto(peers.TAIL_INDEX), p_zero=peers.P_ZERO)
    curve = ts.bet_count_curve(bet, N_BETS, targets=(TARGET,), n_trials=n_trials, n_workers=n_workers, rng=1)
    np.asarray(curve.median)
    curve.prob_at_least(TARGET)


def best(n_trials: int, n_workers: int) -> None:
    """The optimum, which is two passes: its plateau needs the second."""
    bet = ts.ZeroInflated(ts.Pareto(peers.TAIL_INDEX), p_zero=peers.P_ZERO)
    goal = ts.ProbAtLeast(TARGET)
    ts.optimal_bet_count(bet, goal, max_bets=N_BETS, n_trials=n_trials, n_workers=n_workers, rng=1)


def contenders(effort: Effort) -> list[Contender]:
    """tailsim with one and two threads, and NumPy in all its forms."""
    n = SIZES[effort][0]
    payoffs = n * N_BETS
    found = [Contender(OURS, partial(ours, n, 1), payoffs), Contender(TWO, partial(ours, n, 2), payoffs)]
    found += [Contender(BEST, partial(best, n, 1), payoffs), Contender(BEST_TWO, partial(best, n, 2), payoffs)]
    for name, sampler in peers.SAMPLERS.items():
        found.append(Contender(name, partial(peers.bet_count_curve, sampler, n, N_BETS, TARGET), payoffs))
    return found


def run(effort: Effort) -> Findings:
    """Nanoseconds a payoff, and ratios against every form of NumPy."""
    found = Findings()
    times = race(contenders(effort), SIZES[effort][1])
    for name, taken in times.items():
        found.add(name, "ns a payoff, clock", taken.wall)
    for name in peers.SAMPLERS:
        found.checks.append(Check(f"curve, one thread, against {name}", ratio(times[name].wall, times[OURS].wall)))
        found.checks.append(Check(f"curve, two threads, against {name}", ratio(times[name].wall, times[TWO].wall)))
    found.notes.append(
        f"{SIZES[effort][0]:,} trials. NumPy keeps all running sums ({SIZES[effort][0] * N_BETS * 8 / 1e6:,.0f} MB) "
        "for exact medians; tailsim counts in bins of 0.8 % and keeps nothing."
    )
    return found
