"""What the bets of a trial share: factors, correlated latents and shocks, for the trials of one block."""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..dependence import CommonShock, Correlation, OneFactor, _given, _tags
from ..dependence._latent import (
    Columns,
    Latent,
    chi_squares,
    normal_exceedances,
    normals,
    student_exceedances,
    uniforms,
)
from ..dependence.counts import of_block
from ..errors import PayoffError
from ..kernels import api, latent
from ..payoffs._probabilities import LAST
from .plan import BLOCK, Plan, Run

Floats = NDArray[np.float64]
Positions: TypeAlias = NDArray[np.intp]
ROWS = api.CHUNK // BLOCK  # bets drawn together where Python conducts


@dataclass(frozen=True, slots=True)
class Shared:
    """A latent variable and what it draws once a trial, repeated for as many bets as are drawn together."""

    latent: Latent
    columns: Columns

    @classmethod
    def of(cls, model: Latent | None, keys: NDArray[np.uint64], block: int) -> "Shared | None":
        """The variables of a block, None without a model."""
        return None if model is None else cls(model, tuple(np.tile(x, ROWS) for x in model.columns(keys, block)))

    def exceedances(self, v: Floats, at: Positions | None) -> Floats:
        """The latent's exceedances from those of the bets' own, at flat positions or everywhere."""
        columns = tuple(x[: v.size] if at is None else x[at] for x in self.columns)
        return self.latent.exceedances(v, columns)


@dataclass(slots=True)
class Trials:
    """The shared variables of a block, and payoffs of its bets under them."""

    keys: NDArray[np.uint64]
    block: int
    failure: Shared | None = None
    size: Shared | None = None
    correlated: Floats | None = None
    entered: NDArray[np.int64] | None = None
    shocks: list[tuple[CommonShock, NDArray[np.bool_]]] = field(default_factory=list)

    def ties(self, run: Run) -> bool:
        """Whether a latent variable decides on the payoffs of a run."""
        sized = self.size is not None or self.correlated is not None
        return sized or self.entered is not None or (self.failure is not None and run.p_zero > 0.0)

    def most(self, run: Run) -> int:
        """How many bets of a run some trial enters, at least one."""
        return run.n_bets if self.entered is None else max(int(self.entered.max()), 1)

    def payoffs(self, run: Run, first: int, rows: int) -> Floats:
        """Payoffs (rows, 4096) of like bets by the isf of their latents' exceedances."""
        if self.correlated is not None:
            return _isf(run, self.correlated[first : first + rows].reshape(-1)).reshape(rows, BLOCK)
        where = api.Rows(self.keys, self.block, first)
        v = where.exceedances(rows).reshape(-1)
        at = self._entered(first, rows)
        if at is not None and self.size is None and (self.failure is None or run.p_zero == 0.0):
            return self._alone(run, where, v, at).reshape(rows, BLOCK)
        at, v = self._survivors(run, where, rows, v, at)
        if self.size is not None:
            v = self.size.exceedances(v, at)
        if at is None:
            return _isf(run, v).reshape(rows, BLOCK)
        x = np.zeros(rows * BLOCK)
        x[at] = _isf(run, _beside_zero(run, v))
        return x.reshape(rows, BLOCK)

    @staticmethod
    def _alone(run: Run, where: api.Rows, v: Floats, at: Positions) -> Floats:
        """Payoffs of independent bets at the positions that are entered, by the law's own draw; zero elsewhere."""
        x = np.zeros(v.size)
        if run.params is not None:
            x[at] = api.isf(run.params, v[at])
        else:
            with np.errstate(all="ignore"):
                x[at] = checked(run, run.payoff._draw(v[at], api.Stream(where, at)))
        return x

    def _entered(self, first: int, rows: int) -> Positions | None:
        """Positions of bets that their trials enter; None for all."""
        if self.entered is None:
            return None
        return np.flatnonzero(np.arange(first, first + rows)[:, None] < self.entered)

    def _survivors(
        self, run: Run, where: api.Rows, rows: int, v: Floats, at: Positions | None
    ) -> tuple[Positions | None, Floats]:
        """Positions, among ``at``, of payoffs that are not on the atom at zero; exceedances among those."""
        v = v if at is None else v[at]
        if run.p_zero == 0.0:
            return at, v
        q = 1.0 - run.p_zero
        if self.failure is None:  # the bets that fail without dependence fail with it
            keep = np.flatnonzero(v <= q)
            v = np.minimum(v[keep] / q, 1.0)
        else:
            own = where.exceedances(rows, _tags.FAILURE_OWN).reshape(-1)
            keep = np.flatnonzero(self.failure.exceedances(own if at is None else own[at], at) <= q)
            v = v[keep]
        return keep if at is None else at[keep], v

    def shocked(self, run: Run, x: Floats) -> Floats:
        """The payoffs after the shocks of their trials."""
        for shock, hit in self.shocks:
            if shock.hits(run.group):
                x[:, hit] = x[:, hit] * shock.factor if shock.factor > 0.0 else 0.0
        return x


def _beside_zero(run: Run, v: Floats) -> Floats:
    """Exceedances of payoffs other than zero from exceedances among those."""
    w = v * (1.0 - run.p_zero)
    return np.where(w > run.above, w + run.p_zero, w) if run.payoff.support[0] < 0.0 else w


def _isf(run: Run, v: Floats) -> Floats:
    """The inverse survival function of a run's law, monotone, at exceedances of any depth."""
    if run.params is not None:
        return api.isf(run.params, v)
    with np.errstate(all="ignore"):
        return checked(run, run.payoff._isf(np.minimum(v, LAST)))


def checked(run: Run, x: Floats) -> Floats:
    """A user's law may misbehave: a NaN payoff is an error, never a number in a result."""
    if np.isnan(x).any():
        raise PayoffError(f"{run.payoff!r} drew a NaN payoff; its isf must be defined on all of (0, 1].")
    return np.ascontiguousarray(x, dtype=np.float64)


def trials_of(plan: Plan, block: int) -> Trials | None:
    """The shared variables of a block; None where bets are independent."""
    if plan.dependence is None and plan.count is None:
        return None
    trials = Trials(plan.keys, block)
    if plan.count is not None:
        trials.entered = of_block(plan.count, plan.keys, block)
    model = _given.latent(plan.dependence)
    if isinstance(model, OneFactor):
        trials.failure = Shared.of(model._failure(), plan.keys, block)
        trials.size = Shared.of(model._size(), plan.keys, block)
    elif model is not None:
        trials.correlated = _correlated(model, plan.keys, block)
    for i, shock in enumerate(_given.shocks(plan.dependence)):
        hit = uniforms(plan.keys, block, _tags.SHOCK + i * _tags.STEP) <= shock.probability
        trials.shocks.append((shock, hit))
    return trials


def _correlated(model: Correlation, keys: NDArray[np.uint64], block: int) -> Floats:
    """Exceedances of all bets of a block, shape (n_bets, 4096)."""
    v = api.Rows(keys, block, 0).exceedances(model.n_bets)
    z = normals(v.reshape(-1)).reshape(v.shape)
    latent.correlate(model._root, z)
    if model.df is None:
        return normal_exceedances(z.reshape(-1)).reshape(v.shape)
    ln_w = chi_squares(keys, block, model.df, _tags.SIZE_MIXING)
    return np.array([student_exceedances(row, ln_w, model.df) for row in z])
