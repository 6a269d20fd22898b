"""Contenders that take turns, so that a noisy machine disturbs all of them alike."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Contender:
    """Something to time: what it is called, one call of it, and how many numbers that call makes."""

    name: str
    call: Callable[[], object]
    units: int


@dataclass(frozen=True, slots=True)
class Times:
    """Nanoseconds per number, one entry a round: of processor time over all threads, and of the clock on the wall."""

    cpu: list[float]
    wall: list[float]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Of two contenders: the ratio of their medians, and how it varied between rounds."""

    value: float
    low: float
    high: float
    upper_quartile: float


def race(contenders: Sequence[Contender], rounds: int) -> dict[str, Times]:
    """Time every contender once a round, each round starting with another one.

    The first call of each is not counted: it compiles, or loads what was compiled. Processor time
    is that of the whole process, because a run on one worker computes in a thread of its own.
    """
    for contender in contenders:
        contender.call()
    times = {contender.name: Times([], []) for contender in contenders}
    for turn in range(rounds):
        for i in range(len(contenders)):
            contender = contenders[(i + turn) % len(contenders)]
            cpu, wall = time.process_time(), time.perf_counter()
            contender.call()
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            times[contender.name].cpu.append(cpu / contender.units * 1e9)
            times[contender.name].wall.append(wall / contender.units * 1e9)
    return times


def ratio(slow: Sequence[float], fast: Sequence[float]) -> Ratio:
    """How many times longer ``slow`` took than ``fast``; rounds are compared with the same round."""
    pairs = np.asarray(slow) / np.asarray(fast)
    value = float(np.median(slow) / np.median(fast))
    return Ratio(value, float(pairs.min()), float(pairs.max()), float(np.quantile(pairs, 0.75)))


def quotient(above: Ratio, below: Ratio) -> Ratio:
    """One ratio as a share of another, with the widest range both allow."""
    low, high = above.low / below.high, above.high / below.low
    return Ratio(above.value / below.value, low, high, above.upper_quartile / below.value)
