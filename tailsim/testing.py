"""Hooks for whoever wants to check us: the random words of an address, the payoff that given words make."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _check
from .errors import ArgumentError
from .payoffs.base import Payoff


def _words(name: str, values: ArrayLike, bits: int, shape: str) -> NDArray[Any]:
    """Unsigned words of the given width."""
    rule = f"{shape} of whole numbers from 0 to 2**{bits} - 1"
    try:
        words = np.array(values, dtype=object)
        flat = [_check.integer(name, w, rule, low=0, high=2**bits - 1) for w in words.reshape(-1)]
    except ValueError as error:
        raise error if isinstance(error, ArgumentError) else _check.refuse(name, rule, values) from None
    return np.array(flat, dtype=np.uint64).reshape(words.shape)


def philox(counter: ArrayLike, key: ArrayLike) -> NDArray[np.uint32]:
    """Philox4x32-10 of one counter and one key.

    Parameters
    ----------
    counter : array_like of int, shape (4,)
        Words of 32 bits, low to high. tailsim uses (lane pair, block, bet, tag).
    key : array_like of int, shape (2,)
        Words of 32 bits.

    Returns
    -------
    ndarray of uint32, shape (4,)
        Words, low to high: two for each of two payoffs.

    Raises
    ------
    ArgumentError
        If a shape or a word is wrong.

    References
    ----------
    Salmon, Moraes, Dror and Shaw 2011, Parallel random numbers: as easy as 1, 2, 3; known answers
    of the Random123 library.

    Examples
    --------
    >>> import tailsim as ts
    >>> [f"{word:08x}" for word in ts.testing.philox([0, 0, 0, 0], [0, 0])]
    ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    from .kernels import api

    counter_words = _words("counter", counter, 32, "an array of four words")
    key_words = _words("key", key, 32, "an array of two words")
    if counter_words.shape != (4,) or key_words.shape != (2,):
        raise ArgumentError(
            f"counter and key must hold four and two words, got shapes {counter_words.shape} and {key_words.shape}."
        )
    return api.known_answer(counter_words.astype(np.uint32), key_words.astype(np.uint32))


def transform(law: Payoff, words: ArrayLike) -> NDArray[np.float64]:
    """Payoffs that given random words make, at any depth of the tail.

    Parameters
    ----------
    law : Payoff
        The law.
    words : array_like of int, shape (k,) or (m, k)
        Each row holds the successive 64-bit words w, w', ... of one payoff: w makes the exceedance
        v = round((w | 1) 2^-64) when its upper half is not zero, else w' continues it, and so on.

    Returns
    -------
    ndarray, shape (m,)
        ``law.isf(v)``; shape (1,) for one row.

    Raises
    ------
    ArgumentError
        If a word is not a 64-bit word, or a row ends before its first set bit.

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.testing.transform(ts.Pareto(1.1), [1 << 54])
    array([545.30103779])
    """
    from .kernels import api

    _check.instance("law", law, Payoff, "a payoff law such as Pareto(1.5)")
    rows = np.atleast_2d(_words("words", words, 64, "an array, of shape (k,) or (m, k),"))
    if rows.ndim != 2 or rows.shape[1] == 0:
        raise _check.refuse("words", "an array of shape (k,) or (m, k) with k of at least 1", words)
    v = api.words_to_v(rows)
    if np.isnan(v).any():
        row = int(np.argmax(np.isnan(v)))
        rule = "a row that ends with a word of at least 2**32"
        raise _check.refuse(f"words[{row}]", rule, rows[row].tolist(), "add the next word")
    return np.asarray(law.isf(v), dtype=np.float64)
