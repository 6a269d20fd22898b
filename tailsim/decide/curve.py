"""What if we made 1, 2, ..., n bets: the whole curve from one pass over common random numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ..engine.parallel import over_blocks
from ..engine.path import Counted, Path, count_bins, edges, path_of
from ..engine.plan import BLOCK
from ..engine.progress import Progress, reporter
from ..payoffs._rng import RngLike, seed_of
from ..payoffs.base import Payoff
from ..portfolio import Bet

if TYPE_CHECKING:
    from concurrent.futures import Executor

Floats = NDArray[np.float64]
MAX_COUNTS = 2_000
MAX_BETS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class BetCountCurve:
    """Portfolios of 1, 2, ..., n like bets on common random numbers; made by ``bet_count_curve``.

    Attributes
    ----------
    bet : Bet
        The bet that is repeated.
    n_bets : ndarray of int, shape (m,)
        Numbers of bets, increasing.
    targets : tuple of float
        Multiples whose probabilities were counted exactly.
    n_trials, seed : int
        Trials, and what reproduces them.
    """

    bet: Bet
    n_bets: NDArray[np.int64]
    targets: tuple[float, ...]
    n_trials: int
    seed: int
    _hits: NDArray[np.int64]
    _bins: NDArray[np.int32]
    _edges: Floats

    def prob_at_least(self, target: float) -> Floats:
        """Probability that a portfolio pays back at least ``target`` times what it spends.

        Parameters
        ----------
        target : float
            One of ``targets``.

        Returns
        -------
        ndarray, shape (m,)
            One probability for each of ``n_bets``, from exact counts over the trials.

        Raises
        ------
        ArgumentError
            If the target was not among ``targets``.
        """
        x = _check.real("target", target)
        if x not in self.targets:
            raise _check.refuse("target", f"one of the targets {self.targets}", target, "name it in targets=...")
        probabilities: Floats = self._hits[self.targets.index(x)] / self.n_trials
        return probabilities

    def quantile(self, q: float) -> Floats:
        """Multiple that a portfolio stays at or below with probability ``q``.

        Parameters
        ----------
        q : float
            Probability in (0, 1).

        Returns
        -------
        ndarray, shape (m,)
            Interpolated within bins of 0.8 %. Bins reach 24 octaves below and above what a bet that
            pays usually pays; nearer to 0 than that, but not 0, it is NaN, above it inf (or -inf).
        """
        q = _check.real("q", q, "a probability strictly between 0 and 1", above=0.0, below=1.0)
        below = np.cumsum(self._bins, axis=1, dtype=np.int64)
        rank = q * self.n_trials - 1e-9  # 0.07 * 100 is a hair above 7, and means 7
        column = np.minimum((below < rank).sum(axis=1), below.shape[1] - 1)
        row = np.arange(len(self.n_bets))
        held = self._bins[row, column]
        part = (rank - (below[row, column] - held)) / np.maximum(held, 1)
        low, high = self._edges[column], self._edges[column + 1]
        value = low + np.clip(part, 0.0, 1.0) * (high - low)
        zero = int(np.searchsorted(self._edges, 0.0)) if self._edges[0] < 0.0 else 0
        if self._edges[0] < 0.0:
            zero -= 1
        value = np.where(column == zero, 0.0, value)
        value = np.where(np.abs(column - zero) == 1, np.nan, value)
        value = np.where((column == 0) & (low < 0.0), -np.inf, value)
        return np.where(column == below.shape[1] - 1, np.inf, value)

    @property
    def median(self) -> Floats:
        """Median multiple for each number of bets, shape (m,)."""
        return self.quantile(0.5)

    @property
    def share_at_median(self) -> Floats:
        """Share of the trials in the bin of the median, shape (m,): large where the median is an atom."""
        return self.share_at(0.5)

    def share_at(self, q: float) -> Floats:
        """Share of the trials in the bin of a quantile, shape (m,): large where the quantile is an atom."""
        below = np.cumsum(self._bins, axis=1, dtype=np.int64)
        column = np.minimum((below < q * self.n_trials - 1e-9).sum(axis=1), below.shape[1] - 1)
        held: Floats = self._bins[np.arange(len(self.n_bets)), column] / self.n_trials
        return held

    def __repr__(self) -> str:
        first, last = int(self.n_bets[0]), int(self.n_bets[-1])
        head = f"BetCountCurve({first} to {last} bets, {self.n_trials:,} trials, seed {self.seed}; "
        return f"{head}median multiple {self.median[0]:.3g} to {self.median[-1]:.3g})"

    def plot(self, *, ax: Any = None) -> Any:
        """Chances and median against the number of bets; see ``plotting.plot_bet_count_curve``."""
        from .. import plotting

        return plotting.plot_bet_count_curve(self, ax=ax)


def bet_count_curve(
    bet: Bet | Payoff,
    n_bets: int | Sequence[int],
    *,
    targets: Sequence[float] = (),
    n_trials: int = 100_000,
    n_workers: int | None = None,
    executor: "Executor | Any | None" = None,
    progress: Progress = False,
    rng: RngLike = None,
) -> BetCountCurve:
    """What 1, 2, ..., n independent bets alike would pay back, in one pass.

    Parameters
    ----------
    bet : Bet or Payoff
        The bet that is repeated.
    n_bets : int or increasing sequence of int
        Up to how many, or which numbers of bets; at most 2,000 of them and 100,000 bets.
    targets : sequence of float
        Multiples whose probabilities are wanted.
    n_trials : int, default 100,000
        Simulated worlds; the portfolio of n bets is the first n bets of each.
    n_workers, executor, progress, rng
        As in ``simulate``.

    Returns
    -------
    BetCountCurve

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    KeyboardInterrupt
        On Ctrl-C: part of a curve is no curve.

    Examples
    --------
    >>> import tailsim as ts
    >>> bet = ts.ZeroInflated(ts.Pareto(1.5), p_zero=0.65)
    >>> curve = ts.bet_count_curve(bet, [1, 10, 100], targets=[1], n_trials=20_000, rng=1)
    >>> curve.prob_at_least(1).round(2)
    array([0.35, 0.31, 0.36])
    """
    path, aims, seed = _asked(bet, n_bets, targets, n_trials, rng)
    repeated = Bet(bet) if isinstance(bet, Payoff) else bet
    return curve_of(repeated, path, aims, seed, n_workers, executor, progress)


def curve_of(
    bet: Bet,
    path: Path,
    targets: tuple[float, ...],
    seed: int,
    n_workers: int | None,
    executor: Any,
    progress: Progress,
) -> BetCountCurve:
    """The curve along a path."""
    bins = np.zeros((len(path.counts), path.width), np.int32)
    hits = np.zeros((len(targets), len(path.counts)), np.int64)
    walk(path, partial(count_bins, path, np.array(targets)), (bins, hits), n_workers, executor, progress)
    return BetCountCurve(bet, path.counts, targets, path.n_trials, seed, hits, bins, edges(path))


def walk(
    path: Path,
    task: Callable[..., Counted | None],
    into: tuple[NDArray[Any], NDArray[Any]],
    n_workers: int | None,
    executor: Any,
    progress: Progress,
) -> None:
    """Add what a task counts in all blocks of a path."""

    def add(part: Counted) -> int:
        for total, counted in zip(into, part[1:], strict=True):
            total += counted
        return part[0]

    over_path(path, task, add, n_workers, executor, progress)


def over_path(
    path: Path,
    task: Callable[..., Any],
    add: Callable[[Any], int],
    n_workers: int | None,
    executor: Any,
    progress: Progress,
) -> None:
    """Hand all parts of a path to ``add``, which says how many blocks; Ctrl-C raises: part of a curve is no curve."""
    done = 0
    with reporter(progress, path.n_trials) as report:

        def merge(part: Any) -> None:
            nonlocal done
            if part is None:
                return
            done = min(done + add(part) * BLOCK, path.n_trials)
            report(done)

        how: dict[str, Any] = {"n_workers": n_workers, "executor": executor}
        # what a task returns is large, so tasks are few
        if over_blocks(task, path.n_blocks, merge, tasks_per_worker=2, **how):
            raise KeyboardInterrupt


def _asked(
    bet: Bet | Payoff, n_bets: int | Sequence[int], targets: Sequence[float], n_trials: int, rng: RngLike
) -> tuple[Path, tuple[float, ...], int]:
    """The arguments, checked."""
    _check.instance("bet", bet, (Bet, Payoff), "a Bet or a payoff law")
    counts = _counts(n_bets)
    if not _listed(targets):
        raise _check.refuse("targets", "a sequence of multiples", targets, "write targets=[3]")
    aims = tuple(_check.real(f"targets[{i}]", t) for i, t in enumerate(targets))
    n_trials = _check.integer("n_trials", n_trials, "a whole number from 1 to 2**31 - 1", low=1, high=2**31 - 1)
    seed = seed_of(rng)
    return path_of(Bet(bet) if isinstance(bet, Payoff) else bet, counts, n_trials, seed), aims, seed


def _listed(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether items can be taken from it in order."""
    if isinstance(value, np.ndarray):
        return value.ndim > 0
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _counts(n_bets: int | Sequence[int]) -> NDArray[np.int64]:
    """The numbers of bets asked for."""
    rule = f"a whole number from 1 to {MAX_COUNTS:,}, or an increasing sequence of at most that many whole numbers"
    if not _listed(n_bets):
        n = _check.integer("n_bets", n_bets, rule, low=1, high=MAX_COUNTS, instead="choose some numbers of bets")
        counts = np.arange(1, n + 1)
    else:
        counts = np.array([_check.integer("n_bets", n, rule, low=1, high=MAX_BETS) for n in n_bets])
        if not 0 < len(counts) <= MAX_COUNTS or (np.diff(counts) <= 0).any():
            raise _check.refuse("n_bets", rule, n_bets)
    counts.flags.writeable = False
    return counts
