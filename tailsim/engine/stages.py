"""A run in stages of doubling length, with a look at the answer after each."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from ..results import Simulation
from ..results.precision import Precision, Stopped, look
from .plan import BLOCK


def looks_of(n_blocks: int) -> list[int]:
    """Blocks done at each look: powers of two, and all."""
    return [*(1 << i for i in range((n_blocks - 1).bit_length())), n_blocks]


def from_block(task: Callable[..., Any], start: int, first: int, n_blocks: int, *stopped: Any) -> Any:
    """A task over blocks that are counted from ``start``."""
    return task(start + first, n_blocks, *stopped)


def stages(n_blocks: int, until: Precision | None) -> Iterator[tuple[int, int]]:
    """(first block, how many) between two looks; without a rule all blocks at once."""
    done = 0
    for end in [n_blocks] if until is None else looks_of(n_blocks):
        yield done, end - done
        done = end


def judged(until: Precision, run: Simulation, n_blocks: int) -> Stopped:
    """What a look says after the trials of ``run``."""
    ends = looks_of(n_blocks)
    done = -(-run.n_trials // BLOCK)
    found = look(until, run, sum(end <= done for end in ends), len(ends))
    return found if done in ends else replace(found, reached=False)  # interrupted between two looks
