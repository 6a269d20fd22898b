"""The contract of a payoff law: what every law answers, and the few hooks it is made of."""

import inspect
import math
import operator
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from .. import _check
from ..errors import ArgumentTypeError
from ._rng import RngLike, seed_of
from ._shape import Floats
from ._shares import Shares

if TYPE_CHECKING:
    from .affine import Affine


class _Signature:
    """The parameters of a law, for help and completion."""

    def __get__(self, law: object, kind: type) -> inspect.Signature:
        whole = inspect.signature(kind.__init__)  # type: ignore[misc]
        return whole.replace(parameters=list(whole.parameters.values())[1:], return_annotation=inspect.Signature.empty)


class Payoff(Shares):
    """What one bet can pay: a law with all its probabilities, moments, shares and draws.

    The survival function ``sf`` and its inverse ``isf`` are the formulas; everything else follows
    from them, in closed form where a law has one, else by quadrature with a relative error below
    1e-10 (1e-8 for a density, where ``_sf`` and ``_cdf`` are accurate). Methods take scalars (and
    return floats) or arrays (and return float64 arrays of the same shape).

    Notes
    -----
    For a law of your own, subclass ``Payoff`` and define ``support``, ``tail_index`` and ``_sf(x)`` for one-dimensional
    float64 arrays; add ``_isf(p)`` where you have a formula (roots are found otherwise, some
    hundred times slower), ``_cdf(x)`` where 1 - sf is not accurate near the low end, ``atoms``
    where single values have probabilities, ``_corners()`` where sf bends elsewhere, and
    ``left_tail_index`` where it is unbounded below.

    Examples
    --------
    >>> import numpy as np
    >>> class Logistic(Payoff):
    ...     support = (0.0, np.inf)
    ...     tail_index = 2.0
    ...     def _sf(self, x):
    ...         return 1 / (1 + np.maximum(x, 0) ** 2)
    ...     def _isf(self, p):
    ...         return np.sqrt(1 / p - 1)
    >>> law = Logistic()
    >>> f"{law.mean():.6f} {law.gini():.6f} {law.median():.6f}"
    '1.570796 0.500000 1.000000'
    """

    __slots__ = ()
    __array_ufunc__ = None  # numpy scalars leave 2 * law to the law
    __signature__ = _Signature()  # __new__ takes anything, and would hide what the law takes

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """A law; an ``Uncertain`` one where a parameter is itself a law."""
        if any(isinstance(value, (Payoff, list, tuple)) for value in (*args, *kwargs.values())):
            from .uncertain import uncertain

            if (law := uncertain(cls, args, kwargs)) is not None:
                return law  # type: ignore[return-value]
        return super().__new__(cls)

    def rvs(self, size: int | tuple[int, ...] | None = None, *, rng: RngLike = None) -> Any:
        """Independent payoffs drawn from the law, as deep into the tail as a double can hold.

        Parameters
        ----------
        size : int, tuple of ints or None
            How many, or in which shape; None gives one float.
        rng : None, int, SeedSequence or Generator
            The seed. The same whole number gives the same payoffs, fewer are the first of more.

        Returns
        -------
        float or ndarray
            float64, in money.

        Examples
        --------
        >>> from tailsim.payoffs import Pareto
        >>> bool((Pareto(1.5).rvs(10, rng=1)[:5] == Pareto(1.5).rvs(5, rng=1)).all())
        True
        """
        shape = _shape_of(size)
        seed = seed_of(rng)
        from ..kernels import api

        with np.errstate(all="ignore"):
            x = api.draw(self._draw, api.key_of(seed), math.prod(shape))
        return float(x[0]) if size is None else x.reshape(shape)

    def plot(self, *, ax: Any = None) -> Any:
        """Chance that one bet pays at least each amount, on log axes; see ``plotting.plot_law``."""
        from .. import plotting

        return plotting.plot_law(self, ax=ax)

    def _within(self, low: float, high: float) -> "Payoff | None":
        """The law given a payoff in [low, high], None where that has no probability; closed families override it."""
        if low <= self.support[0] and high >= self.support[1]:
            return self
        from ._window import window

        return window(self, low, high)

    def __mul__(self, factor: float) -> "Payoff":
        return _affine(self, _number("factor", factor, "*"), 0.0)

    def __add__(self, shift: float) -> "Payoff":
        return _affine(self, 1.0, _number("shift", shift, "+"))

    def __sub__(self, shift: float) -> "Payoff":
        return _affine(self, 1.0, -_number("shift", shift, "-"))

    def __rsub__(self, shift: float) -> "Payoff":
        return _affine(self, -1.0, _number("shift", shift, "-"))

    def __neg__(self) -> "Payoff":
        return _affine(self, -1.0, 0.0)

    __rmul__ = __mul__
    __radd__ = __add__


def _affine(law: Payoff, factor: float, shift: float) -> "Affine":
    """factor * law + shift as one Affine, whatever ``law`` is."""
    from .affine import Affine

    if isinstance(law, Affine):
        return Affine(law.base, factor * law.factor, factor * law.shift + shift)
    return Affine(law, factor, shift)


def _number(name: str, value: Any, sign: str) -> float:
    """The other operand of law * number or law + number."""
    if isinstance(value, Payoff):
        raise ArgumentTypeError(
            f"law {sign} law is not a law here: put both as bets into a Portfolio for their total, "
            "or into Mixture([a, b], [0.5, 0.5]) for one or the other."
        )
    return _check.real(name, value)


def _shape_of(size: Any) -> tuple[int, ...]:
    """The shape that ``size`` stands for."""
    rule = "None, a whole number of at least 0, or a tuple of them"
    if size is None:
        return ()
    sizes = size if isinstance(size, tuple) else (size,)
    return tuple(operator.index(_check.integer("size", n, rule, low=0)) for n in sizes)


def check_law(name: str, law: Any) -> Payoff:
    """``law`` itself, refused unless it is a Payoff."""
    if isinstance(law, Payoff):
        return law
    number = isinstance(law, (int, float, np.number)) and not isinstance(law, bool)
    hint = f"; use Constant({law}) for a fixed payoff" if number else "; write it with its parameters, as Pareto(1.5)"
    raise ArgumentTypeError(f"{name} must be a payoff law, got {_check.shown(law)}{hint}.")


def atoms_at_corners(law: Payoff) -> tuple[tuple[float, float], ...]:
    """The atoms of a law that knows its corners and the probability of any value."""
    corners = law._corners()
    with np.errstate(all="ignore"):
        mass = law._point_mass(corners)
    return tuple((float(x), float(m)) for x, m in zip(corners, mass, strict=True) if m > 0.0)


def merged(*corners: Floats) -> Floats:
    """Increasing distinct values of several arrays."""
    return np.unique(np.concatenate(corners))
