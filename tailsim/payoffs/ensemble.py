"""One of several laws, drawn once a trial: what is left open by the data a law was fitted to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .. import _check
from ..errors import ArgumentError, ArgumentTypeError
from ._alias import Alias
from ._shape import put
from .base import Payoff, check_law
from .empirical import Empirical
from .uncertain import Uncertain


@dataclass(frozen=True, slots=True)
class Member(Alias):
    """The law of that number, from 0 on."""

    laws: tuple[Payoff, ...]
    number: float
    _law: Payoff = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        put(self, _law=self.laws[int(self.number)])


class Ensemble(Uncertain):
    """One of ``laws``, each as likely: drawn once a trial, and then the law of all bets with this ensemble.

    It carries what is not known of a law into every answer: draws of its parameters from a posterior or by the
    bootstrap are the laws. By itself it answers with the mixture of them; its ``tail_index`` is that of the heaviest.

    Parameters
    ----------
    laws : sequence of Payoff
        At least one.

    Raises
    ------
    ArgumentError
        If there is none, or one is no law.

    Examples
    --------
    >>> import tailsim as ts
    >>> law = ts.Ensemble([ts.Pareto(1.2), ts.Pareto(1.8)])
    >>> law
    Ensemble(<2 laws of tail index 1.2 to 1.8>)
    >>> round(law.sf(10.0), 6), law.tail_index
    (0.039472, 1.2)
    """

    __slots__ = ()

    def __init__(self, laws: Iterable[Payoff]) -> None:
        if isinstance(laws, (str, bytes, Payoff)) or not isinstance(laws, Iterable):
            raise ArgumentTypeError(f"laws must be a sequence of payoff laws, got {_check.shown(laws)}.")
        checked = tuple(check_law(f"laws[{i}]", law) for i, law in enumerate(laws))
        if not checked:
            raise ArgumentError("laws must be a sequence of at least one payoff law, got none.")
        for i, law in enumerate(checked):
            if isinstance(law, Uncertain):
                raise ArgumentError(f"laws[{i}] must be a law without uncertain parameters, got {_check.shown(law)}.")
        put(self, family=Member, arguments=(checked, Empirical(np.arange(float(len(checked))))))

    @property
    def laws(self) -> tuple[Payoff, ...]:
        """The laws, in order."""
        laws: tuple[Payoff, ...] = self.arguments[0]
        return laws

    def __reduce__(self) -> Any:
        return Ensemble, (self.laws,)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Ensemble) and self.laws == other.laws)

    def __hash__(self) -> int:  # cheap: laws of samples are large
        return hash((Ensemble, len(self.laws), self.laws[0].tail_index, self.laws[-1].tail_index))

    def __repr__(self) -> str:
        indices = [law.tail_index for law in self.laws]
        return f"Ensemble(<{len(indices)} laws of tail index {min(indices):.4g} to {max(indices):.4g}>)"
