"""What is promised, in one place, and when a quick run on a noisy machine calls a promise broken."""

from dataclasses import dataclass

from .timing import Ratio

# A smoke run passes at this share of a promised ratio: enough to notice a lost factor of two, and no more.
SLACK = 0.6


@dataclass(frozen=True, slots=True)
class Promise:
    """A bound; ``gate`` says that a smoke run fails when it is broken, slack and noise allowed for."""

    bound: float
    at_least: bool = True
    gate: bool = True


PROMISES = {
    "reference, one core": Promise(10.0),
    "reference, two threads": Promise(15.0),
    "share of the two-thread gain": Promise(0.95),
    "draws of StudentT(1.5)": Promise(8.0),
    "draws of Stable(1.5, 0.5)": Promise(20.0),
    "draws of from_scipy(genextreme(-0.3))": Promise(5.0),
    "cost per payoff, largest over smallest": Promise(1.10, at_least=False),
    "peak memory, MB": Promise(400.0, at_least=False),
    "import tailsim, s": Promise(0.2, at_least=False, gate=False),
    "first simulation after numpy and numba, s": Promise(0.6, at_least=False, gate=False),
    "very first simulation, s": Promise(15.0, at_least=False, gate=False),
    "Gini and top share against totals, Pareto(1.5)": Promise(3.0, at_least=False),
    "Gini and top share against totals, 65 % zero": Promise(3.0, at_least=False),
    "five laws together against one by one": Promise(1.25, at_least=False),
    "gain over plain Monte Carlo at 1e-8": Promise(1e8),
    "seconds for 1e5 samples of 100 bets": Promise(0.5, at_least=False),
    "packed integer products": Promise(36.0),
    "packed multiply-adds": Promise(18.0),
    "packed divisions": Promise(1.0),
    "calls of a mathematical library": Promise(0.0, at_least=False, gate=False),
}


@dataclass(frozen=True, slots=True)
class Check:
    """A measured ratio or size beside its promise, if there is one."""

    name: str
    measured: Ratio

    @property
    def promise(self) -> Promise | None:
        """What was promised under this name."""
        return PROMISES.get(self.name)

    @property
    def kept(self) -> bool | None:
        """Whether the median keeps the promise; None where nothing is promised."""
        if self.promise is None:
            return None
        value, bound = self.measured.value, self.promise.bound
        return value >= bound if self.promise.at_least else value <= bound

    @property
    def fails_smoke(self) -> bool:
        """Whether it misses by more than slack and noise: the median does, and three rounds in four do."""
        promise = self.promise
        if promise is None or not promise.gate:
            return False
        if promise.at_least:
            return max(self.measured.value, self.measured.upper_quartile) < SLACK * promise.bound
        return min(self.measured.value, self.measured.low) > promise.bound / SLACK


def exact(name: str, value: float) -> Check:
    """A check of a number that does not vary."""
    return Check(name, Ratio(value, value, value, value))
