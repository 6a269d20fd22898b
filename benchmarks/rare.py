"""Rare totals: work-normalised variance of P(total of 10 Lomax(1.5) > 1e6), about 1e-8, beside plain Monte Carlo."""

from functools import partial

import numpy as np

import tailsim as ts

from .findings import Effort, Findings
from .promises import Check
from .timing import Contender, Ratio, race

TITLE = "Rare totals: P(total of 10 Lomax(1.5) > 1e6) = 1.0000255e-8"
LAW, N_BETS, X, TRUTH = ts.Lomax(1.5), 10, 1e6, 1.0000255e-8
N_SAMPLES = 100_000
# rounds
SIZES = {Effort.SMOKE: 5, Effort.USUAL: 11, Effort.FULL: 21}
GAIN = "gain over plain Monte Carlo at 1e-8"
PLAIN, OURS, HUNDRED, SUBSET = "NumPy, plain", "tailsim", "tailsim, 100 bets", "OpenTURNS, subset sampling"


def plain() -> float:
    """Counting totals beyond x: what a sample costs; at 1e-8 hardly one is ever counted."""
    payoffs = np.random.default_rng(1).pareto(LAW.tail_index, (N_SAMPLES, N_BETS))
    return float(np.mean(payoffs.sum(axis=1) > X))


def ours(n_bets: int = N_BETS) -> ts.Estimate:
    """Our estimator, on one core."""
    return ts.total_tail_probability(LAW, n_bets, X, n_trials=N_SAMPLES, n_workers=1, rng=1)


def subset() -> tuple[float, float, int]:
    """OpenTURNS: (estimate, coefficient of variation, evaluations)."""
    import openturns as ot

    ot.RandomGenerator.SetSeed(1)
    law = ot.JointDistribution([ot.Pareto(1.0, LAW.tail_index, -1.0)] * N_BETS)
    total = ot.SymbolicFunction([f"x{i}" for i in range(N_BETS)], ["+".join(f"x{i}" for i in range(N_BETS))])
    event = ot.ThresholdEvent(ot.CompositeRandomVector(total, ot.RandomVector(law)), ot.Greater(), X)
    algorithm = ot.SubsetSampling(event)
    algorithm.setMaximumOuterSampling(10_000)
    algorithm.run()
    result = algorithm.getResult()
    evaluations = result.getOuterSampling() * result.getBlockSize()
    return result.getProbabilityEstimate(), result.getCoefficientOfVariation(), evaluations


def contenders(effort: Effort) -> list[Contender]:
    """Plain Monte Carlo and ours in turn, and OpenTURNS where it is installed."""
    found = [
        Contender(PLAIN, plain, N_SAMPLES),
        Contender(OURS, ours, N_SAMPLES),
        Contender(HUNDRED, partial(ours, 100), N_SAMPLES),
    ]
    try:
        import openturns  # noqa: F401
    except ImportError:
        return found
    return [*found, Contender(SUBSET, subset, 1)]


def run(effort: Effort) -> Findings:
    """Costs of a sample, relative errors, and the gain in variance times cost."""
    found = Findings()
    times = race(contenders(effort), SIZES[effort])
    for name, taken in times.items():
        found.add(name, "ns a sample, one core" if name != SUBSET else "ns a run", taken.cpu)
    made = ours()
    relative = (made.std_error / made.value) ** 2 * made.n
    counted = (1.0 - TRUTH) / TRUTH  # relative variance of one sample that is counted or not
    gains = [counted * a / (relative * b) for a, b in zip(times[PLAIN].cpu, times[OURS].cpu, strict=True)]
    middle = float(np.median(gains))
    found.checks.append(Check(GAIN, Ratio(middle, min(gains), max(gains), float(np.quantile(gains, 0.75)))))
    seconds = np.median(times[HUNDRED].cpu) * N_SAMPLES / 1e9
    found.checks.append(Check("seconds for 1e5 samples of 100 bets", Ratio(seconds, seconds, seconds, seconds)))
    found.notes.append(
        f"tailsim: {made.value:.7e}, relative error {made.relative_error:.1e} from {made.n:,} samples. The gain is the "
        "ratio of variance times processor time for one sample."
    )
    if SUBSET in times:
        p, cv, n = subset()
        seen = f"{p:.3e}, coefficient of variation {cv:.2f}, {n:,} evaluations"
        found.notes.append(f"OpenTURNS' subset sampling: {seen}.")
    return found
