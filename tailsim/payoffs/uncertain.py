"""A law whose parameters are themselves laws: what is not known, beside what is left to chance."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np

from ..errors import ArgumentError
from ._probabilities import LAST
from ._shape import Floats
from .base import Payoff
from .empirical import Empirical
from .mixture import Mixture

SHALLOW = 2.0**-64
MAX_PARAMETERS = 4
# per number of uncertain parameters: panels halving towards each end of its probabilities, nodes in each panel
_NODES = {1: (40, 12), 2: (4, 4), 3: (1, 5), 4: (1, 3)}


@dataclass(frozen=True, slots=True, repr=False)
class Uncertain(Payoff):
    """A family of laws with parameters that are drawn: what ``Pareto(Uniform(1.1, 1.9))`` makes.

    In a simulation each uncertain parameter is drawn once a trial, between its quantiles at 2**-64 and 1 - 2**-53, and
    all bets with an equal uncertain law share it, so that answers carry what is not known about the
    parameter; ``Simulation.parameter_share`` says how much of an answer's variance that is. By itself the law answers
    with its marginal, the mixture over the parameters: ``sf`` is averaged over them, ``mean`` too, and
    ``tail_index`` is that of the heaviest law that can be drawn.

    Parameters
    ----------
    family : type
        The class of the laws, such as ``Pareto``.
    arguments : tuple
        Its arguments, in order: numbers, laws in the place of numbers, or uncertain laws in the place of laws. At most
        four parameters may be laws.

    Raises
    ------
    ArgumentError
        If the family refuses what a parameter's law can give, or more than four parameters are uncertain.

    Notes
    -----
    Averages over one parameter have a relative error of about 1e-9 (480 nodes on either side of the median,
    refined towards its ends); over two of about 1e-4; over three and four, of 1e-3 in the body; over the values of an
    ``Empirical`` parameter they are exact.
    Draws by ``rvs`` draw a parameter for each payoff, which is another map than the marginal's ``isf``.

    Examples
    --------
    >>> import tailsim as ts
    >>> law = ts.Pareto(ts.Uniform(1.1, 1.9))
    >>> law
    Pareto(tail_index=Uniform(low=1.1, high=1.9), scale=1.0)
    >>> law.tail_index, round(law.mean(), 6), round(law.sf(10.0), 6)
    (1.1, 3.746531, 0.036287)
    """

    family: type[Payoff]
    arguments: tuple[Any, ...]

    def __post_init__(self) -> None:
        n = len(self._leaves())
        if n > MAX_PARAMETERS:
            raise ArgumentError(
                f"{self.family.__name__} must have at most {MAX_PARAMETERS} uncertain parameters, got {n}; "
                "give the less important ones as numbers."
            )
        for values in _corners(self._leaves()):
            try:
                self._at(values)
            except ArgumentError as error:
                raise ArgumentError(f"an uncertain parameter can take a value that is refused: {error}") from None

    def __repr__(self) -> str:
        named = zip(_parameters(self.family), self.arguments, strict=True)
        return f"{self.family.__name__}({', '.join(f'{name}={value!r}' for name, value in named)})"

    def _leaves(self) -> tuple[Payoff, ...]:
        """The laws of the uncertain parameters, in the order of the arguments."""
        return tuple(leaf for value, kind in self._kinds() for leaf in _leaves_of(value, kind))

    def _kinds(self) -> Iterator[tuple[Any, Any]]:
        """(argument, declared type of it)."""
        yield from zip(self.arguments, _parameters(self.family).values(), strict=True)

    def _at(self, values: Sequence[float]) -> Payoff:
        """The law at given parameters."""
        left = iter(values)
        return self.family(*(_filled(value, kind, left) for value, kind in self._kinds()))

    def _marginal(self) -> Mixture:
        """The mixture over the parameters."""
        return _mixture(self, *_NODES[len(self._leaves())])

    def _rough(self) -> Mixture:
        """A mixture over a few parameters, for what need not be known to more than a hundredth."""
        return _mixture(self, *((4, 3) if len(self._leaves()) == 1 else (1, 3 if len(self._leaves()) == 2 else 2)))

    @property
    def support(self) -> tuple[float, float]:
        """The smallest interval that holds those of all laws that can be drawn."""
        lows, highs = zip(*(self._at(values).support for values in _corners(self._leaves())), strict=True)
        return min(lows), max(highs)

    @property
    def tail_index(self) -> float:
        """The infimum over all laws that can be drawn."""
        return self._least("tail_index")

    @property
    def left_tail_index(self) -> float:
        """The infimum over all laws that can be drawn."""
        return self._least("left_tail_index")

    def _least(self, name: str) -> float:
        """The infimum of an index over the ends of the parameters' supports, 0 where it falls towards an open end."""
        leaves = self._leaves()
        least = math.inf
        for ends in product(*(_ends(leaf) for leaf in leaves)):
            limit, deep, near = zip(*ends, strict=True)
            try:
                value = float(getattr(self._at(limit), name))
            except ArgumentError:
                value, before = (float(getattr(self._at(x), name)) for x in (deep, near))
                value = 0.0 if value < before else value
            least = min(least, value)
        return least

    @property
    def atoms(self) -> tuple[tuple[float, float], ...]:
        """Values that have a probability of their own under every parameter."""
        return self._marginal().atoms if len(self._corners()) < 100 else ()

    def _corners(self) -> Floats:
        marginal = self._marginal()
        values, often = np.unique(np.concatenate([law._corners() for law in marginal.components]), return_counts=True)
        return np.asarray(values[often == len(marginal.components)])

    def _point_mass(self, x: Floats) -> Floats:
        return self._marginal()._point_mass(x)

    def _sf(self, x: Floats) -> Floats:
        return np.where(x < self.support[0], 1.0, self._marginal()._sf(x))

    def _cdf(self, x: Floats) -> Floats:
        return np.where(x >= self.support[1], 1.0, self._marginal()._cdf(x))

    def _isf(self, p: Floats) -> Floats:
        return self._marginal()._isf(p)

    def _ppf(self, q: Floats) -> Floats:
        return self._marginal()._ppf(q)

    def _logpdf(self, x: Floats) -> Floats:
        return self._marginal()._logpdf(x)

    def _mean(self) -> float:
        return self._marginal()._mean()

    def _var(self) -> float:
        return self._marginal()._var()

    def _partial_mean(self, u: Floats) -> Floats:
        return self._marginal()._partial_mean(u)

    def _draw(self, v: Floats, stream: Any) -> Floats:
        from ._lanes import lane_law

        flat = v.reshape(-1)
        every = np.arange(flat.size)
        values, here = [], stream
        for leaf in self._leaves():
            values.append(parameter(leaf, here.uniform(every)))
            here = here.take(every)
        return lane_law(self, values).draw(flat, every, here).reshape(v.shape)


def parameter(leaf: Payoff, v: Floats) -> Floats:
    """Values of an uncertain parameter at exceedances v."""
    return np.asarray(leaf.isf(np.clip(v, SHALLOW, LAST)))


def uncertain(cls: type[Payoff], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Uncertain | None:
    """The uncertain law that a call of a family with these arguments stands for; None for a law like any other."""
    if issubclass(cls, Uncertain):
        return None
    kinds = _parameters(cls)
    given = dict(zip(kinds, args, strict=False)) | kwargs
    if not any(_leaves_of(value, kinds[name]) for name, value in given.items() if name in kinds):
        return None
    defaults = {name: f.default for name, f in cls.__dataclass_fields__.items()}  # type: ignore[attr-defined]
    arguments = tuple(given.get(name, defaults[name]) for name in kinds)
    return Uncertain(cls, tuple(tuple(x) if isinstance(x, list) else x for x in arguments))


@lru_cache(maxsize=256)
def _parameters(cls: type[Payoff]) -> dict[str, Any]:
    """Names and declared types of a family's parameters; none where it is no dataclass."""
    if not hasattr(cls, "__dataclass_fields__"):
        return {}
    return {f.name: f.type for f in cls.__dataclass_fields__.values() if f.init}


def _leaves_of(value: Any, kind: Any) -> tuple[Payoff, ...]:
    """The laws of uncertain parameters in one argument."""
    if isinstance(value, Payoff) and kind is float:
        return (value,)
    if isinstance(value, Uncertain):
        return value._leaves()
    if isinstance(value, (list, tuple)):
        return tuple(leaf for item in value if isinstance(item, Uncertain) for leaf in item._leaves())
    return ()


def _filled(value: Any, kind: Any, left: Iterator[float]) -> Any:
    """One argument with its uncertain parameters taken from ``left``."""
    if isinstance(value, Payoff) and kind is float:
        return next(left)
    if isinstance(value, Uncertain):
        return value._at([next(left) for _ in value._leaves()])
    if isinstance(value, (list, tuple)):
        return tuple(_filled(item, None, left) for item in value)
    return value


def _inside(leaf: Payoff, end: int, depth: float) -> float:
    """A parameter's value at the end that can be drawn, or ``depth`` of the way there in powers of two."""
    return float(leaf.isf(SHALLOW**depth) if end else leaf.ppf(2.0 ** (-53.0 * depth)))


def _corners(leaves: tuple[Payoff, ...]) -> Iterator[tuple[float, ...]]:
    """The ends of the parameters that can be drawn, in all combinations."""
    yield from product(*([deep for _, deep, _ in _ends(leaf)] for leaf in leaves))


def _ends(leaf: Payoff) -> list[tuple[float, float, float]]:
    """(limit, value that can be drawn, one half way) at both ends of a parameter, or at each value of a few."""
    if isinstance(leaf, Empirical):
        return [(x, x, x) for x in leaf._corners().tolist()]
    return [(leaf.support[end], _inside(leaf, end, 1.0), _inside(leaf, end, 0.5)) for end in (0, 1)]


@lru_cache(maxsize=32)
def _mixture(law: Uncertain, panels: int, order: int) -> Mixture:
    """The laws at the nodes of a quadrature over the parameters' probabilities, with their weights."""
    leaves = law._leaves()
    nodes = [_values(leaf, panels, order) for leaf in leaves]
    laws = [law._at(point) for point in product(*(values for values, _ in nodes))]
    weights = [math.prod(point) for point in product(*(w for _, w in nodes))]
    return Mixture(laws, weights)


def _values(leaf: Payoff, panels: int, order: int) -> tuple[list[float], list[float]]:
    """Values of a parameter and their weights: all it can take where those are listed, else at the nodes."""
    if isinstance(leaf, Empirical):
        values, weights = zip(*leaf.atoms, strict=True)
        return list(values), list(weights)
    p, w = _nodes(panels, order)
    return np.asarray(leaf.isf(p)).tolist(), w.tolist()


def _nodes(panels: int, order: int) -> tuple[Floats, Floats]:
    """Nodes and weights of Gauss and Legendre on (0, 1), in panels that halve towards both ends."""
    x, w = np.polynomial.legendre.leggauss(order)
    edges = np.concatenate([[0.0], 2.0 ** -np.arange(panels, 0, -1.0)])
    half = np.diff(edges) / 2
    p = (edges[:-1] + half)[:, None] + half[:, None] * x
    weights = np.concatenate([half[:, None] * w] * 2).reshape(-1)
    return np.concatenate([p, 1.0 - p]).reshape(-1), weights / math.fsum(weights)


def check_certain(law: Payoff) -> None:
    """Refuse a law with uncertain parameters where bets must be independent of each other."""
    if isinstance(law, Uncertain):
        raise ArgumentError(
            f"payoff must have certain parameters, got {law!r}, whose bets share what is uncertain and so depend on "
            "each other; ask at values of the parameter, or use simulate."
        )
