"""The result of a simulation: every answer an Estimate, every trial replayable."""

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ..portfolio import Portfolio
from . import _digest, _text
from ._answers import Answers
from ._parameters import Parameters
from ._shares import Shares
from .summary import Columns, Summary, Winners

if TYPE_CHECKING:
    import pandas as pd

    from .precision import Stopped

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Simulation(Answers, Shares, Parameters):
    """Trials of a portfolio, simulated; made by ``simulate``.

    Attributes
    ----------
    portfolio : Portfolio
        What was simulated.
    n_trials : int
        How many trials it holds.
    seed : int
        ``simulate(portfolio, n_trials=..., hurdle=..., rng=seed)`` gives the same bits again.
    hurdle : float
        A bet fails when it pays less than ``hurdle`` times its stake, or nothing.
    partial : bool
        True when Ctrl-C ended the run early: the trials held are the first ones.
    precision : Stopped or None
        How a run under ``until=Precision(...)`` ended: whether the precision was reached, and the answer.
    n_overflowed : int
        Trials whose total exceeds the largest double; they count as the largest, and in no average.
    """

    portfolio: Portfolio
    n_trials: int
    seed: int
    hurdle: float
    partial: bool
    _summary: Summary
    _columns: Columns | None
    _cache: dict[Any, Any] = field(default_factory=dict)
    precision: "Stopped | None" = None

    # ---- single trials

    def replay(self, trial: int) -> Floats:
        """The payoffs of one trial, in the order of the bets.

        Parameters
        ----------
        trial : int
            From 0 to n_trials - 1.

        Returns
        -------
        ndarray, shape (n_bets,)
            In money; summed in order they are that trial's total, bit by bit.
        """
        from ..engine.second_pass import replay

        rule = f"a whole number from 0 to {self.n_trials - 1:,}"
        return replay(self, _check.integer("trial", trial, rule, low=0, high=self.n_trials - 1))

    def winners(self, k: int | None = None) -> Winners:
        """The trials that paid most.

        Parameters
        ----------
        k : int, optional
            How many; at most ``top`` of the call of ``simulate``. By default 10, or as many as are held.

        Returns
        -------
        Winners
            ``trials`` (indices) and ``totals`` (money), in decreasing order of what they paid.
        """
        held = len(self._summary.winners.trials)
        rule = f"a whole number from 1 to {held}, the winning trials stored"
        if k is None:
            k = min(10, held)
        else:
            k = _check.integer("k", k, rule, low=1, high=held, instead="simulate(..., top=...) stores more")
        return Winners(self._summary.winners.trials[:k], self._summary.winners.totals[:k])

    # ---- out

    def to_frame(self) -> "pd.DataFrame":
        """Per-trial columns as a pandas DataFrame, one row a trial; needs pandas."""
        columns = self._kept("to_frame")
        try:
            import pandas as pd
        except ImportError:
            raise ImportError("to_frame needs pandas; install it with: pip install 'tailsim[data]'.") from None
        return pd.DataFrame(
            {
                "paid": columns.totals,
                "spent": self.spent,
                "multiple": self.multiples,
                "largest": columns.largest,
                "n_failures": columns.n_failures,
            },
            index=pd.RangeIndex(self.n_trials, name="trial"),
        )

    def digest(self) -> str:
        """SHA-256 of configuration and summaries: equal on any machine, for any number of workers.

        Independent of ``keep``, ``top`` and workers.
        """
        return _digest.digest(self.portfolio, self.n_trials, self.seed, self.hurdle, self._summary)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write everything this result answers into one file, which ``tailsim.load`` reads.

        Parameters
        ----------
        path : str or path
            The file, an npz that ends with its own SHA-256, whatever its name; an old one is replaced in one step.

        Raises
        ------
        ArgumentError
            If the portfolio holds a law of your own or a tabulated one, which no file can hold without running code;
            or if the name ends in .parquet: ``to_frame().to_parquet(path)`` exports the trials as a plain table.
        OSError
            If the file cannot be written; an old one is as it was.

        Examples
        --------
        >>> import pathlib, tempfile, tailsim as ts
        >>> run = ts.simulate(ts.Portfolio.of(ts.Pareto(1.5), 10), n_trials=1_000, rng=1)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     run.save(pathlib.Path(folder, "run.npz"))
        ...     again = ts.load(pathlib.Path(folder, "run.npz"))
        >>> again.digest() == run.digest(), again.median() == run.median()
        (True, True)
        """
        from ..io.saved import save

        save(self, path)

    def plot(self, *, ax: Any = None) -> Any:
        """Chance of at least each multiple, drawn on log axes; see ``plotting.plot_simulation``."""
        from .. import plotting

        return plotting.plot_simulation(self, ax=ax)

    def __repr__(self) -> str:
        return _text.plain(self)

    def _repr_html_(self) -> str:
        return _text.html(self)
