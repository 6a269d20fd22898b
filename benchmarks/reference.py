"""The reference job: 100 bets, 65 % pay zero, the rest Pareto(1.5); totals, largest, failures, quantiles."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numba
import numpy as np

import tailsim as ts

from . import peers
from .findings import Effort, Findings
from .machine import cores
from .promises import Check
from .timing import Contender, Times, quotient, race, ratio

TITLE = "Reference job: 100 bets, 65 % zero, Pareto(1.5); totals, largest, failures, quantiles"
N_BETS = 100
# (trials, rounds)
SIZES = {Effort.SMOKE: (100_000, 5), Effort.USUAL: (200_000, 15), Effort.FULL: (200_000, 31)}
OURS = "tailsim"
IDIOM, BLOCKED = "NumPy, whole arrays", "NumPy, in blocks"
STREAMED = "tailsim, no columns kept"
COUNTED = "NumPy, binomial counts"
ARITHMETIC = "arithmetic only"
TWO = ", two threads"
IDLE = 1.3  # where two threads of bare arithmetic gain less, the machine has no second processor to spare


def ours(n_trials: int, n_workers: int, keep: str = "trials") -> None:
    """The job by tailsim."""
    bet = ts.ZeroInflated(ts.Pareto(peers.TAIL_INDEX), p_zero=peers.P_ZERO)
    portfolio = ts.Portfolio.of(bet, N_BETS)
    run = ts.simulate(portfolio, n_trials=n_trials, n_workers=n_workers, keep=keep, rng=1)
    for q in peers.LEVELS:
        run.quantile(q)


def theirs(sampler: peers.Sampler, n_trials: int, block: int = peers.BLOCK) -> None:
    """The job by NumPy."""
    total, _, _ = peers.portfolio(sampler, n_trials, N_BETS, np.random.default_rng(1), block)
    peers.quantiles(total, N_BETS)


def counted(n_trials: int) -> None:
    """The job by NumPy, drawing no zeros."""
    total, _, _ = peers.counted(n_trials, N_BETS, np.random.default_rng(1))
    peers.quantiles(total, N_BETS)


def threaded(sampler: peers.Sampler, n_trials: int) -> None:
    """The job by NumPy in two threads."""
    total, _, _ = peers.in_threads(sampler, n_trials, N_BETS, 2)
    peers.quantiles(total, N_BETS)


@numba.njit(nogil=True)
def _scramble(n):  # type: ignore[no-untyped-def]
    """Independent integer arithmetic in registers: what a second thread gains at best."""
    seen = np.uint64(0)
    for i in range(np.uint64(n)):
        z = i * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        seen ^= z ^ (z >> np.uint64(31))
    return seen


def arithmetic(n: int, n_threads: int) -> None:
    """n numbers' worth of arithmetic in a number of threads."""
    with ThreadPoolExecutor(n_threads) as pool:
        list(pool.map(_scramble, [n // n_threads] * n_threads))


def contenders(effort: Effort) -> list[Contender]:
    """tailsim, NumPy in all its forms, and bare arithmetic."""
    n = SIZES[effort][0]
    payoffs = n * N_BETS
    found = [Contender(OURS, partial(ours, n, 1), payoffs), Contender(OURS + TWO, partial(ours, n, 2), payoffs)]
    for name, sampler in peers.SAMPLERS.items():
        found.append(Contender(name, partial(theirs, sampler, n), payoffs))
    found.append(Contender(IDIOM, partial(theirs, peers.masked, n, n), payoffs))
    for more, n_workers in (("", 1), (TWO, 2)):
        found.append(Contender(STREAMED + more, partial(ours, 4 * n, n_workers, "summary"), 4 * payoffs))
    found.append(Contender(COUNTED, partial(counted, n), payoffs))
    found.append(Contender(BLOCKED + TWO, partial(threaded, peers.masked, n), payoffs))
    found.append(Contender(ARITHMETIC, partial(arithmetic, payoffs, 1), payoffs))
    found.append(Contender(ARITHMETIC + TWO, partial(arithmetic, payoffs, 2), payoffs))
    return found


def run(effort: Effort) -> Findings:
    """Rows for everyone; ratios of one core in processor time, of two threads by the clock."""
    found = Findings()
    times = race(contenders(effort), SIZES[effort][1])
    for name, taken in times.items():
        if name.endswith(TWO):
            found.add(name, "ns a payoff, clock", taken.wall)
        elif name != ARITHMETIC:
            found.add(name, "ns a payoff, one core", taken.cpu)
    found.notes.append(
        f"{SIZES[effort][0]:,} trials. The idiom is `(1 + rng.pareto(a, shape)) * (rng.random(shape) >= p_zero)` "
        f"over whole arrays; in blocks of {peers.BLOCK:,} trials it stays in the cache. The other forms, in blocks "
        "too, need more thought, and binomial counts draw no zeros at all. NumPy's power is vectorised only where "
        "there is AVX-512. tailsim keeps the winning trials, exact sums and a histogram as well, and any trial of its "
        "run can be replayed."
    )
    _ratios(found, times)
    return found


def _ratios(found: Findings, times: dict[str, Times]) -> None:
    one, two, idiom = times[OURS], times[OURS + TWO], times[IDIOM]
    found.checks.append(Check("reference, one core", ratio(idiom.cpu, one.cpu)))
    forms = [*peers.SAMPLERS, COUNTED]
    for name in forms:
        found.checks.append(Check(f"one core, against {name}", ratio(times[name].cpu, one.cpu)))
    if cores() < 2:
        found.notes.append("One processor only: nothing about two threads is measured.")
        return
    found.checks.append(Check("reference, two threads", ratio(idiom.wall, two.wall)))
    fastest = min(forms, key=lambda name: float(np.median(times[name].wall)))
    found.checks.append(Check(f"two threads, against {fastest} (the fastest)", ratio(times[fastest].wall, two.wall)))
    bare = ratio(times[ARITHMETIC].wall, times[ARITHMETIC + TWO].wall)
    gain = ratio(times[STREAMED].wall, times[STREAMED + TWO].wall)
    if bare.value < IDLE:
        found.notes.append("The second processor was busy with other work: the rows of two threads say little.")
    found.checks.append(Check("what two threads gain, bare arithmetic", bare))
    found.checks.append(Check("what two threads gain, tailsim", gain))
    found.checks.append(Check("share of the two-thread gain", quotient(gain, bare)))
