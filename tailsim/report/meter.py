"""One progress bar over many runs."""

from collections.abc import Callable


class Meter:
    """How far a job of known size is; ``show`` gets the fraction done from time to time."""

    def __init__(self, show: Callable[[float], object] | None, total: float) -> None:
        self._show = show
        self._total = total
        self._done = 0.0

    def part(self, size: float) -> Callable[[int, int], None]:
        """A ``progress`` function for runs of this size; one that begins again is a further run."""
        last = 0

        def progress(done: int, of: int) -> None:
            nonlocal last
            last = 0 if done < last or last == of else last
            self._done += size * (done - last) / of
            last = done
            if self._show is not None:
                self._show(min(self._done / self._total, 1.0))

        return progress
