"""What the bets of a trial share: factors, correlated latents and shocks, for the trials of one block."""

from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

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
from ..payoffs._lanes import LaneLaw, Members, lane_law, splits
from ..payoffs._probabilities import LAST
from ..payoffs.uncertain import Uncertain, parameter
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
    uncertain: "dict[Uncertain, Lanes]" = field(default_factory=dict)

    def ties(self, run: Run) -> bool:
        """Whether something that the bets of a trial share decides on the payoffs of a run."""
        sized = self.size is not None or self.correlated is not None or run.payoff in self.uncertain
        return sized or self.entered is not None or (self.failure is not None and run.p_zero > 0.0)

    def most(self, run: Run) -> int:
        """How many bets of a run some trial enters, at least one."""
        return run.n_bets if self.entered is None else max(int(self.entered.max()), 1)

    def payoffs(self, run: Run, first: int, rows: int) -> Floats:
        """Payoffs (rows, 4096) of like bets by the isf of their latents' exceedances."""
        law: Inverse = self.uncertain.get(run.payoff) or Certain(run)  # type: ignore[call-overload]
        if self.correlated is not None:
            return law.isf(self.correlated[first : first + rows].reshape(-1), None).reshape(rows, BLOCK)
        where = api.Rows(self.keys, self.block, first)
        v = where.exceedances(rows).reshape(-1)
        at = self._entered(first, rows)
        if self.size is None and (self.failure is None or run.p_zero == 0.0):
            return _scattered(law.draw(v if at is None else v[at], at, where), at, rows)
        if run.p_zero > 0.0:
            at, v = self._survivors(law, where, rows, v, at)
        elif at is not None:
            v = v[at]
        if self.size is not None:
            v = self.size.exceedances(v, at)
        return _scattered(law.isf(law.beside_zero(v, at) if run.p_zero > 0.0 else v, at), at, rows)

    def _entered(self, first: int, rows: int) -> Positions | None:
        """Positions of bets that their trials enter; None for all."""
        if self.entered is None:
            return None
        return np.flatnonzero(np.arange(first, first + rows)[:, None] < self.entered)

    def _survivors(
        self, law: "Inverse", where: api.Rows, rows: int, v: Floats, at: Positions | None
    ) -> tuple[Positions, Floats]:
        """Positions, among ``at``, of payoffs that are not on the atom at zero; exceedances among those."""
        v = v if at is None else v[at]
        q = law.chance(at, v.size)
        if self.failure is None:  # the bets that fail without dependence fail with it
            keep = np.flatnonzero(v <= q)
            v = np.minimum(v[keep] / (q if isinstance(q, float) else q[keep]), 1.0)
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


class Inverse(Protocol):
    """The law of a run, as the trials of a block have it; positions are flat ones in rows of a block, or None."""

    def isf(self, v: Floats, at: Positions | None) -> Floats:
        """The inverse survival function, monotone, at exceedances of any depth."""

    def draw(self, v: Floats, at: Positions | None, where: api.Rows) -> Floats:
        """Payoffs of independent bets."""

    def chance(self, at: Positions | None, n: int) -> "float | Floats":
        """Probability of a payoff other than zero, at n positions."""

    def beside_zero(self, v: Floats, at: Positions | None) -> Floats:
        """Exceedances of payoffs other than zero from exceedances among those."""


@dataclass(frozen=True, slots=True)
class Certain:
    """A law that is the same in all trials."""

    run: Run

    def isf(self, v: Floats, at: Positions | None) -> Floats:
        """By the kernel where the law has one."""
        if self.run.params is not None:
            return api.isf(self.run.params, v)
        with np.errstate(all="ignore"):
            return checked(self.run, self.run.payoff._isf(np.minimum(v, LAST)))

    def draw(self, v: Floats, at: Positions | None, where: api.Rows) -> Floats:
        """By the law's own draw."""
        if self.run.params is not None:
            return api.isf(self.run.params, v)
        with np.errstate(all="ignore"):
            return checked(self.run, self.run.payoff._draw(v, api.Stream(where, at)))

    def chance(self, at: Positions | None, n: int) -> float:
        """One number."""
        return 1.0 - self.run.p_zero

    def beside_zero(self, v: Floats, at: Positions | None) -> Floats:
        """Past the atom where some payoffs are below it."""
        return _past_zero(v, self.run.p_zero, self.run.above if self.run.payoff.support[0] < 0.0 else None)


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """A law with uncertain parameters at those of each trial."""

    run: Run
    law: LaneLaw
    p_zero: Floats
    above: Floats | None  # P(X > 0) where payoffs may be negative beside an atom at zero

    @classmethod
    def of(cls, run: Run, keys: NDArray[np.uint64], block: int, owner: int) -> "Lanes":
        """The law at the parameters of a block, which stand at the first bet of the law."""
        if not isinstance(run.payoff, Uncertain):
            raise TypeError(type(run.payoff).__name__)
        leaves = run.payoff._leaves()
        tags = (_tags.PARAMETER + k * _tags.STEP for k in range(len(leaves)))
        where = api.Rows(keys, block, owner)
        values = [parameter(leaf, where.exceedances(1, tag)[0]) for leaf, tag in zip(leaves, tags, strict=True)]
        law = lane_law(run.payoff, values)
        above = None
        if run.p_zero > 0.0 and run.payoff.support[0] < 0.0:
            points = zip(*(x.tolist() for x in values), strict=True)
            above = np.array([run.payoff._at(point).sf(0.0) for point in points])
        return cls(run, law, law.p_zero() if run.p_zero > 0.0 else np.zeros(BLOCK), above)

    def isf(self, v: Floats, at: Positions | None) -> Floats:
        """Lane by lane."""
        with np.errstate(all="ignore"):
            if at is not None:
                return checked(self.run, self.law.isf(v, at % BLOCK))
            if isinstance(self.law, Members):  # a call for each law costs the same for one row and for many
                return checked(self.run, self.law.isf(v, None))
            x = np.empty_like(v)
            for first in range(0, v.size, BLOCK):
                x[first : first + BLOCK] = self.law.isf(v[first : first + BLOCK], None)
            return checked(self.run, x)

    def draw(self, v: Floats, at: Positions | None, where: api.Rows) -> Floats:
        """By the law's own draw, lane by lane."""
        if not splits(self.law):
            return self.isf(v, at)
        lane = (np.arange(v.size) if at is None else at) % BLOCK
        with np.errstate(all="ignore"):
            return checked(self.run, self.law.draw(v, lane, api.Stream(where, at)))

    def chance(self, at: Positions | None, n: int) -> Floats:
        """One number for each position."""
        return np.resize(1.0 - self.p_zero, n) if at is None else (1.0 - self.p_zero)[at % BLOCK]

    def beside_zero(self, v: Floats, at: Positions | None) -> Floats:
        """Past the atom where some payoffs are below it."""
        lane = (np.arange(v.size) if at is None else at) % BLOCK
        return _past_zero(v, self.p_zero[lane], None if self.above is None else self.above[lane])


def _past_zero(v: Floats, p_zero: "float | Floats", above: "float | Floats | None") -> Floats:
    """Exceedances v among payoffs other than zero as exceedances of the whole law."""
    w: Floats = v * (1.0 - p_zero)
    return w if above is None else np.where(w > above, w + p_zero, w)


def _scattered(x: Floats, at: Positions | None, rows: int) -> Floats:
    """Payoffs at their positions, zero elsewhere."""
    if at is None:
        return x.reshape(rows, BLOCK)
    out = np.zeros(rows * BLOCK)
    out[at] = x
    return out.reshape(rows, BLOCK)


def checked(run: Run, x: Floats) -> Floats:
    """A user's law may misbehave: a NaN payoff is an error, never a number in a result."""
    if np.isnan(x).any():
        raise PayoffError(f"{run.payoff!r} drew a NaN payoff; its isf must be defined on all of (0, 1].")
    return np.ascontiguousarray(x, dtype=np.float64)


def parameters_of(run: Run, keys: NDArray[np.uint64], block: int) -> Trials | None:
    """The uncertain parameters of like bets in the trials of a block; None for a law without."""
    if not isinstance(run.payoff, Uncertain):
        return None
    return Trials(keys, block, uncertain={run.payoff: Lanes.of(run, keys, block, run.first)})


def trials_of(plan: Plan, block: int) -> Trials | None:
    """The shared variables of a block; None where bets are independent."""
    if not plan.tied and plan.count is None:
        return None
    trials = Trials(plan.keys, block)
    for run in plan.runs:
        if isinstance(run.payoff, Uncertain) and run.payoff not in trials.uncertain:
            trials.uncertain[run.payoff] = Lanes.of(run, plan.parameter_keys, block, run.first)
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
