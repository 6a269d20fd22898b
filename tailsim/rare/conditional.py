"""The law of one bet given the factor of its trial, lane by lane: under it the bets of a trial are independent."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._lazy import special
from ..dependence import OneFactor
from ..dependence._given import p_zero
from ..dependence._latent import Columns, Gaussian, Gumbel, Latent, Student, loadings
from ..payoffs import StudentT
from ..payoffs.base import Payoff

Floats = NDArray[np.float64]


def reached(latent: Latent, columns: Columns, s: Floats) -> Floats:
    """P(the latent's exceedance is at most s | factor), lane by lane."""
    if isinstance(latent, Gumbel):
        # (E / M)**(1 - tau) <= -log(1 - s), and E is a standard exponential
        return np.asarray(-np.expm1(-np.exp(columns[0] + np.log(-np.log1p(-s)) / (1.0 - latent.tau))))
    if isinstance(latent, Student):
        t = StudentT(latent.df)._isf(np.clip(s, 5e-324, 1.0 - 2.0**-53))
        z = np.where(s >= 1.0, -np.inf, t * np.exp(0.5 * columns[1]) / math.sqrt(latent.df))
        return _beyond(z, columns[0], latent.normal)
    if isinstance(latent, Gaussian):
        return _beyond(-np.asarray(special.ndtri(s)), columns[0], latent)
    raise TypeError(type(latent).__name__)


def _beyond(z: Floats, factor: Floats, normal: Gaussian) -> Floats:
    """P(weighted sum of factor and own normal > z | factor)."""
    common, own = loadings(normal.tau)
    return np.asarray(special.ndtr((common * factor - z) / own))


@dataclass(frozen=True, slots=True)
class Conditional:
    """What ``Functional`` asks of a law, given the factors of the trials: payoffs of at least nothing."""

    law: Payoff
    p_zero: float
    survives: Floats | float  # P(the bet does not fail | factor)
    size: Latent | None
    columns: Columns

    def _sf(self, x: Floats) -> Floats:
        """P(X > x | factor), for x of at least 0."""
        return self.survives * self._reached(self.law._sf(x))

    def _point_mass(self, x: Floats) -> Floats:
        """P(X = x | factor), for x above 0."""
        above = self.law._sf(x)
        return self.survives * (self._reached(above + self.law._point_mass(x)) - self._reached(above))

    def _reached(self, s: Floats) -> Floats:
        among = np.minimum(s / (1.0 - self.p_zero), 1.0)
        if self.size is None:
            return among
        with np.errstate(divide="ignore"):
            return reached(self.size, self.columns, among)

    def at(self, lanes: NDArray[np.intp]) -> "Conditional":
        """The same at some of the lanes."""
        survives = self.survives if isinstance(self.survives, float) else self.survives[lanes]
        return Conditional(self.law, self.p_zero, survives, self.size, tuple(c[lanes] for c in self.columns))


def conditional(law: Payoff, model: OneFactor, keys: NDArray[np.uint64], block: int, n: int) -> Conditional:
    """The law of a bet given the factors of the first n trials of a block."""
    zero = p_zero(law)
    failure, size = model._failure(), model._size()
    survives: Floats | float = 1.0 - zero
    if failure is not None and zero > 0.0:
        factor = tuple(column[:n] for column in failure.columns(keys, block))
        survives = reached(failure, factor, np.full(n, 1.0 - zero))
    columns = () if size is None else tuple(column[:n] for column in size.columns(keys, block))
    return Conditional(law, zero, survives, size, columns)
