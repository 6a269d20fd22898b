"""One latent variable a bet, ready for the engine: what is drawn once a trial, and the map of a bet's exceedance."""

import math
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]
Columns: TypeAlias = tuple[Floats, ...]
BLOCK = 4096


class Latent(Protocol):
    """What the engine asks of a latent variable that shares one factor."""

    def columns(self, keys: Keys, block: int) -> Columns:
        """The variables of the trials of a block, each of shape (4096,)."""

    def exceedances(self, v: Floats, columns: Columns) -> Floats:
        """The latent's exceedances from a bet's own, lane by lane; all arrays one-dimensional and of one length."""


def uniforms(keys: Keys, block: int, tag: int) -> Floats:
    """One exceedance a trial, shape (4096,), at a reserved tag."""
    from ..kernels import api

    v: Floats = api.Rows(keys, block, 0).exceedances(1, tag)[0]
    return v


def normals(v: Floats) -> Floats:
    """The standard normal values that are exceeded with probability v."""
    from ..kernels import latent
    from ..kernels.strict import COEFFICIENTS

    z = np.empty_like(v)
    latent.normals(v, z, COEFFICIENTS)
    return z


def normal_exceedances(z: Floats) -> Floats:
    """P(Z > z), with the far tail as deep as a double can hold."""
    from ..kernels import latent
    from ..kernels.strict import COEFFICIENTS

    v = np.empty_like(z)
    latent.survivals(z, v, COEFFICIENTS, latent.LATENT)
    return v


def sine(x: float) -> float:
    """sin(pi x) for x in [0, 1/2], the same bits everywhere."""
    from ..kernels import latent

    return float(latent.sinpi(x, latent.LATENT))


def loadings(tau: float) -> tuple[float, float]:
    """Weights of the factor and of a bet's own normal at Kendall's tau: the latent correlation is sin(pi tau / 2)."""
    rho = sine(0.5 * tau)
    lost = sine(0.25 * (1.0 - tau))  # 1 - rho = 2 sin^2(pi (1 - tau) / 4), accurate also where tau is near 1
    return math.sqrt(rho), math.sqrt(2.0) * lost


@dataclass(frozen=True, slots=True)
class Gaussian:
    """Factor and own normal, weighted."""

    tau: float
    tag: int

    def columns(self, keys: Keys, block: int) -> Columns:
        """The factor."""
        return (normals(uniforms(keys, block, self.tag)),)

    def _normals(self, v: Floats, factor: Floats) -> Floats:
        from ..kernels import latent

        z = normals(v)
        latent.combined(z, factor, *loadings(self.tau))
        return z

    def exceedances(self, v: Floats, columns: Columns) -> Floats:
        """Of the weighted sum, which is standard normal again."""
        return normal_exceedances(self._normals(v, columns[0]))


@dataclass(frozen=True, slots=True)
class Student:
    """The Gaussian latent over the root of one chi-square a trial, divided by its degrees of freedom."""

    normal: Gaussian
    df: float
    mixing: int

    def columns(self, keys: Keys, block: int) -> Columns:
        """The factor, and the logarithm of the chi-square variable."""
        return *self.normal.columns(keys, block), chi_squares(keys, block, self.df, self.mixing)

    def exceedances(self, v: Floats, columns: Columns) -> Floats:
        """Of Student's t."""
        return student_exceedances(self.normal._normals(v, columns[0]), columns[1], self.df)


@dataclass(frozen=True, slots=True)
class Gumbel:
    """Exponentials over one positive stable frailty a trial (Marshall and Olkin 1988): big payoffs come together."""

    tau: float
    tag: int

    def columns(self, keys: Keys, block: int) -> Columns:
        """The logarithm of the frailty."""
        from ..kernels import latent
        from ..kernels.strict import COEFFICIENTS

        ln_m = np.empty(BLOCK)
        how = (COEFFICIENTS, latent.LATENT)
        latent.frailties(ln_m, 1.0 - self.tau, keys, np.uint64(block), np.uint64(self.tag), *how)
        return (ln_m,)

    def exceedances(self, v: Floats, columns: Columns) -> Floats:
        """1 - exp(-(E / M)**(1 - tau)) with E = -log(1 - v)."""
        from ..kernels import latent
        from ..kernels.strict import COEFFICIENTS

        v = v.copy()
        latent.gumbel_survivals(v, columns[0], 1.0 - self.tau, COEFFICIENTS)
        return v


def chi_squares(keys: Keys, block: int, df: float, tag: int) -> Floats:
    """Logarithms of one chi-square variate a trial, shape (4096,)."""
    from ..kernels import latent
    from ..kernels.strict import COEFFICIENTS

    ln_w = np.empty(BLOCK)
    latent.chi_squares(ln_w, df, keys, np.uint64(block), np.uint64(tag), COEFFICIENTS)
    return ln_w


def student_exceedances(z: Floats, ln_w: Floats, df: float) -> Floats:
    """P(T > z / sqrt(w / df)) under Student's t with df degrees of freedom."""
    from ..kernels import latent
    from ..kernels.strict import COEFFICIENTS
    from ._student import tail_polynomial

    v = np.empty_like(z)
    latent.student_survivals(z, ln_w, v, 0.5 * df, tail_polynomial(df), COEFFICIENTS)
    return v
