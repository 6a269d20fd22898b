"""The two sides of a comparison: what either does under the same luck."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ..engine import simulate
from ..errors import ArgumentError
from ..portfolio import Portfolio
from ..results import Simulation

Floats = NDArray[np.float64]
Policy: TypeAlias = Callable[[int, int], Any]

_N_BATCHES = 20
_SIDE = "a Portfolio, a Simulation, or a policy: a function (n_trials, seed) of the multiples of its trials"


@dataclass(frozen=True, slots=True)
class Luck:
    """What both sides have in common."""

    n_trials: int
    seed: int
    hurdle: float
    n_workers: int | None


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two did: multiples per trial, and the runs they come from, where there are runs."""

    name: str
    multiples: Floats
    runs: list[Simulation]

    @property
    def run(self) -> Simulation:
        """The one run; refused where a policy gave multiples alone."""
        if not self.runs:
            raise ArgumentError(
                f"{self.name} must be a Portfolio or a Simulation for this quantity, because a policy gives multiples "
                "alone; compare 'median', 'mean' or ProbAtLeast(...) of policies."
            )
        return self.runs[0]


def side(name: str, who: Any, luck: Luck) -> Side:
    """One side over all trials at once."""
    if isinstance(who, Portfolio):
        who = _simulated(who, luck, luck.n_trials, luck.seed)
    if isinstance(who, Simulation):
        return Side(name, who.multiples, [who])
    if not callable(who):
        raise _check.refuse(name, _SIDE, who)
    rule = f"a policy that returns {luck.n_trials:,} multiples, none of them infinite or NaN"
    multiples = _check.numbers(name, who(luck.n_trials, luck.seed), rule)
    if multiples.size != luck.n_trials:
        raise ArgumentError(f"{name} must be {rule}, got {multiples.size:,} of them.")
    return Side(name, multiples, [])


def batches(name: str, who: Any, luck: Luck) -> Side:
    """One side in 20 runs, each under a seed of its own that the other side shares."""
    if not isinstance(who, Portfolio):
        raise _check.refuse(name, "a Portfolio where quantity is a function of a Simulation", who)
    each = -(-luck.n_trials // _N_BATCHES)
    runs = [_simulated(who, luck, each, seed) for seed in np.random.SeedSequence(luck.seed).spawn(_N_BATCHES)]
    return Side(name, np.concatenate([run.multiples for run in runs]), runs)


def _simulated(who: Portfolio, luck: Luck, n_trials: int, seed: Any) -> Simulation:
    how: dict[str, Any] = {"hurdle": luck.hurdle, "n_workers": luck.n_workers, "keep": "trials"}
    return simulate(who, n_trials=n_trials, rng=seed, **how)


def check_common(one: Side, other: Side) -> None:
    """Refuse sides whose trials are not the same worlds."""
    if one.multiples.size != other.multiples.size:
        raise ArgumentError(
            f"a and b must have the same trials, got {one.multiples.size:,} and {other.multiples.size:,} of them; "
            "simulate both with the same n_trials and rng."
        )
    if one.runs and other.runs and one.run.seed != other.run.seed:
        raise ArgumentError(
            f"a and b must have common random numbers, got seeds {_check.shown(one.run.seed)} and "
            f"{_check.shown(other.run.seed)}; simulate both with the same rng."
        )
