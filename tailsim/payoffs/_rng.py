"""From the ``rng`` argument to the one integer that addresses every draw."""

from typing import Any, TypeAlias

import numpy as np

from .._check import refuse, shown
from ..errors import ArgumentTypeError

RngLike: TypeAlias = (
    "int | np.integer[Any] | np.random.SeedSequence | np.random.BitGenerator | np.random.Generator | None"
)

_RULE = "None, a whole number of at least 0, a numpy SeedSequence or a numpy Generator"


def seed_of(rng: RngLike) -> int:
    """The seed that ``rng`` stands for.

    Parameters
    ----------
    rng : None, int, SeedSequence, BitGenerator or Generator
        None gives fresh entropy of 128 bits, never repeated. A whole number, or a SeedSequence
        made of one, gives that number. A spawned SeedSequence gives 128 bits of its state. A
        Generator gives 128 bits of its stream and moves on, so two calls with it differ.

    Returns
    -------
    int
        At least 0.

    Raises
    ------
    ArgumentError
        Anything else, among them floats, strings, bools, negative numbers and RandomState.

    References
    ----------
    SPEC 7, Seeding pseudo-random number generation, Scientific Python.

    Examples
    --------
    >>> seed_of(7), seed_of(np.random.SeedSequence(7))
    (7, 7)
    >>> generator = np.random.default_rng(7)
    >>> seed_of(generator) == seed_of(generator)
    False
    """
    if rng is None:
        rng = np.random.SeedSequence()
    if isinstance(rng, np.random.RandomState):
        raise ArgumentTypeError(f"rng must be {_RULE}, got a RandomState; use numpy.random.default_rng(...) instead.")
    if isinstance(rng, (int, np.integer)) and not isinstance(rng, bool):
        if rng < 0:
            raise refuse("rng", _RULE, rng)
        return int(rng)
    if isinstance(rng, np.random.SeedSequence):
        plain = not rng.spawn_key and rng.pool_size == 4 and isinstance(rng.entropy, int)
        return int(rng.entropy) if plain else _joined(rng.generate_state(4, np.uint32))  # type: ignore[arg-type]
    if isinstance(rng, np.random.Generator):
        rng = rng.bit_generator
    if isinstance(rng, np.random.BitGenerator):
        return _joined(rng.random_raw(4))
    raise ArgumentTypeError(f"rng must be {_RULE}, got {shown(rng)}.")


def _joined(words: Any) -> int:
    """One integer of 128 bits from the low halves of four words (MT19937 gives no more than 32 bits a word)."""
    return sum((int(word) & 0xFFFFFFFF) << 32 * i for i, word in enumerate(words))
