"""How concentrated each trial is: Gini coefficient and top shares of 1,000 bets, beside the totals alone."""

from functools import partial

import tailsim as ts

from . import peers
from .findings import Effort, Findings
from .promises import Check
from .timing import Contender, race, ratio

TITLE = "Concentration of every trial: Gini coefficient and top 1 % of 1,000 bets, beside totals alone"
N_BETS, FRACTION = 1_000, 0.01
# (trials, rounds)
SIZES = {Effort.SMOKE: (8_192, 5), Effort.USUAL: (40_960, 9), Effort.FULL: (100_000, 15)}
LAWS = {"Pareto(1.5)": 0.0, "65 % zero": peers.P_ZERO}


def portfolio(p_zero: float) -> ts.Portfolio:
    """The bets of a contender."""
    law = ts.Pareto(peers.TAIL_INDEX)
    return ts.Portfolio.of(ts.ZeroInflated(law, p_zero=p_zero) if p_zero else law, N_BETS)


def totals(p_zero: float, n_trials: int) -> ts.Simulation:
    """The totals of every trial, and nothing else."""
    return ts.simulate(portfolio(p_zero), n_trials=n_trials, n_workers=1, rng=1)


def shares(run: ts.Simulation) -> None:
    """Gini coefficient, effective number and top share of every trial."""
    run.concentration([FRACTION], n_workers=1)


def contenders(effort: Effort) -> list[Contender]:
    """Totals and concentration in turn, for bets that always pay and for bets that mostly pay nothing."""
    n = SIZES[effort][0]
    found = []
    for name, p_zero in LAWS.items():
        found.append(Contender(f"totals, {name}", partial(totals, p_zero, n), n * N_BETS))
        run = totals(p_zero, n)
        found.append(Contender(f"Gini and top 1 %, {name}", partial(shares, run), n * N_BETS))
    return found


def run(effort: Effort) -> Findings:
    """Nanoseconds a payoff, and how many times the totals' cost concentration costs."""
    found = Findings()
    times = race(contenders(effort), SIZES[effort][1])
    for name, taken in times.items():
        found.add(name, "ns a payoff, one core", taken.cpu)
    for name in LAWS:
        cost = ratio(times[f"Gini and top 1 %, {name}"].cpu, times[f"totals, {name}"].cpu)
        found.checks.append(Check(f"Gini and top share against totals, {name}", cost))
    found.notes.append(
        f"{SIZES[effort][0]:,} trials, one worker. Concentration is the whole second walk: it draws every payoff "
        "again, puts each trial in order with NumPy's vectorised sort, and gives the Gini coefficient, effective "
        "number, largest share and top share of every single trial."
    )
    return found
