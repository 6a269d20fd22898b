"""Telling how far a long run has come: a tqdm bar, a callback, or nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from .. import _check

Progress = bool | Callable[[int, int], object]


def silent(done: int) -> None:
    """No progress wanted."""


def reporter(progress: Progress, n_trials: int) -> AbstractContextManager[Callable[[int], object]]:
    """A context that gives a function of the trials done so far."""
    if progress is True:
        return _Bar(n_trials)
    if progress is False:
        return nullcontext(silent)
    if not callable(progress):
        raise _check.refuse("progress", "True, False or a function of (trials done, n_trials)", progress)
    call = progress
    return nullcontext(lambda done: call(done, n_trials))


class _Bar:
    """A tqdm bar over trials."""

    def __init__(self, n_trials: int) -> None:
        from tqdm import tqdm

        self._bar: Any = tqdm(total=n_trials, unit=" trials", unit_scale=True, leave=False)

    def __enter__(self) -> Callable[[int], object]:
        return lambda done: self._bar.update(done - self._bar.n)

    def __exit__(self, *_: object) -> None:
        self._bar.close()
