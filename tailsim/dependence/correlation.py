"""Any correlation matrix between the latent variables of the bets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from ..errors import ArgumentError
from ._student import MAX_DF

Floats = NDArray[np.float64]
MAX_BETS = 1000
_RULE = "a square matrix of correlations, symmetric, with ones on its diagonal"
_LEAST = 1e-10


@dataclass(frozen=True, slots=True)
class Correlation:
    """One latent variable a bet, correlated as a matrix says, through a Gaussian or a Student t copula.

    The latent decides the whole payoff of its bet, zero or not: its exceedance goes through the law's ``isf``, so
    that every bet keeps exactly the law it was declared with. Cost is quadratic in the number of bets.

    Parameters
    ----------
    matrix : array_like, shape (n_bets, n_bets)
        Correlations of the latents, in the order of the bets; positive definite. At most 1,000 bets.
    df : float, optional
        Degrees of freedom of a Student t copula, above 0 and at most 1,000; None for the Gaussian copula.

    Raises
    ------
    ArgumentError
        If the matrix is no correlation matrix; where it is not positive definite the message names its smallest
        eigenvalue, and ``Correlation.nearest(matrix)`` repairs it.

    Notes
    -----
    Kendall's tau of two latents is 2 / pi times the arc sine of their correlation, under both copulas.
    The Cholesky factor is computed row by row in a fixed order of operations, so
    that fewer bets, under the leading part of the matrix, are the first of more, and bits do not depend on the CPU.

    References
    ----------
    Demarta and McNeil 2005, The t copula and related copulas, International Statistical Review 73, 111-129.

    Examples
    --------
    >>> import tailsim as ts
    >>> pairs = ts.Correlation([[1.0, 0.8], [0.8, 1.0]])
    >>> run = ts.simulate(ts.Portfolio([ts.Pareto(1.5)] * 2, dependence=pairs), n_trials=1000, rng=1)
    >>> run.n_trials
    1000
    """

    matrix: Sequence[Sequence[float]]
    df: float | None = None
    _root: Floats = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        matrix = _checked(self.matrix)
        root = cholesky(matrix)
        if root is None:
            raise ArgumentError(_not_definite(matrix))
        root.flags.writeable = False
        object.__setattr__(self, "matrix", tuple(map(tuple, matrix.tolist())))
        object.__setattr__(self, "_root", root)
        if self.df is not None:
            rule = f"None for a Gaussian copula, or a number above 0 and at most {MAX_DF:,.0f}"
            object.__setattr__(self, "df", _check.real("df", self.df, rule, above=0.0, high=MAX_DF))

    @classmethod
    def nearest(cls, matrix: ArrayLike, *, df: float | None = None) -> "Correlation":
        """The correlation matrix nearest to a matrix that is none, by the sum of squared differences.

        Parameters
        ----------
        matrix : array_like, shape (n_bets, n_bets)
            Symmetric, with ones on its diagonal and entries between -1 and 1.
        df : float, optional
            As for ``Correlation``.

        Returns
        -------
        Correlation
            With a smallest eigenvalue of at least 1e-8; a matrix that is positive definite already comes back as it is.

        References
        ----------
        Higham 2002, Computing the nearest correlation matrix, IMA Journal of Numerical Analysis 22, 329-343,
        algorithm 3.3 (alternating projections with Dykstra's correction).

        Examples
        --------
        >>> import numpy as np, tailsim as ts
        >>> near = ts.Correlation.nearest([[1, 0.9, 0.1], [0.9, 1, 0.9], [0.1, 0.9, 1]])
        >>> np.round(near.matrix, 3)[0].tolist()
        [1.0, 0.77, 0.185]
        """
        given = _checked(matrix)
        return cls(given.tolist() if cholesky(given) is not None else _nearest(given).tolist(), df)

    @property
    def n_bets(self) -> int:
        """How many bets it is for."""
        return len(self.matrix)


def _checked(matrix: Any) -> Floats:
    """A symmetric matrix of numbers between -1 and 1 with ones on its diagonal."""
    try:
        x = np.array(matrix, dtype=np.float64)
    except (TypeError, ValueError):
        raise _check.refuse("matrix", _RULE, matrix) from None
    if x.ndim != 2 or x.shape[0] != x.shape[1] or not 0 < len(x) <= MAX_BETS:
        raise ArgumentError(f"matrix must be {_RULE}, of at most {MAX_BETS:,} bets, got the shape {x.shape}.")
    bad = ~(np.abs(x) <= 1.0) | (np.abs(x - x.T) > 1e-12) | (np.eye(len(x), dtype=bool) & (x != 1.0))
    if bad.any():
        i, j = (int(k) for k in np.argwhere(bad)[0])
        raise ArgumentError(
            f"matrix must be {_RULE}, got {float(x[i, j])!r} in row {i}, column {j} and {float(x[j, i])!r} across."
        )
    return np.tril(x) + np.tril(x, -1).T


def cholesky(matrix: Floats) -> Floats | None:
    """The lower triangular root, column by column with sums in a fixed order; None where there is none."""
    rest = matrix.copy()
    for k in range(len(rest)):
        if not rest[k, k] > _LEAST:
            return None
        rest[k:, k] /= np.sqrt(rest[k, k])
        below = rest[k + 1 :, k]
        rest[k + 1 :, k + 1 :] -= below[:, None] * below
    return np.tril(rest)


def _not_definite(matrix: Floats) -> str:
    """The refusal of a matrix without a root, with the eigenvalues to blame."""
    values = np.linalg.eigvalsh(matrix)
    blamed = ", ".join(f"{x:.3g}" for x in values[values <= max(_LEAST, values[0])][:3])
    return (
        f"matrix must be positive definite, got eigenvalues that are not above {_LEAST:g}, smallest first {blamed}, "
        f"of {len(values)}; Correlation.nearest(matrix) makes the nearest that is."
    )


def _nearest(matrix: Floats) -> Floats:
    """Higham's alternating projections, then the least step towards the identity that makes it definite."""
    y, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(1000):
        r = y - correction
        values, vectors = np.linalg.eigh(r)
        x = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = x - r
        before, y = y, 0.5 * (x + x.T)
        np.fill_diagonal(y, 1.0)
        if np.linalg.norm(y - before) <= 1e-12 * np.linalg.norm(y):
            break
    floor = 2e-8
    least = float(np.linalg.eigvalsh(y)[0])
    if least < floor:
        y = y + (floor - least) / (1.0 - least) * (np.eye(len(y)) - y)
        np.fill_diagonal(y, 1.0)
    return np.clip(y, -1.0, 1.0)
