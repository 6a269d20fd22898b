"""What ``dependence`` may be, checked against the bets."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from .. import _check
from ..errors import ArgumentError
from ..payoffs.base import Payoff
from .correlation import Correlation
from .one_factor import OneFactor
from .shock import CommonShock

if TYPE_CHECKING:
    from ..portfolio import Bet

Dependence: TypeAlias = OneFactor | Correlation | CommonShock
_RULE = "None, a OneFactor, a Correlation, a CommonShock, or a list of shocks and at most one of the others"


def p_zero(law: Payoff) -> float:
    """The probability of paying exactly zero."""
    return float(law._point_mass(np.zeros(1))[0])


def parts(dependence: Any) -> tuple[Dependence, ...]:
    """The models that ``dependence`` holds."""
    if dependence is None:
        return ()
    if isinstance(dependence, Dependence):
        return (dependence,)
    if not isinstance(dependence, Sequence) or isinstance(dependence, (str, bytes)):
        raise _check.refuse("dependence", _RULE, dependence)
    for model in dependence:
        _check.instance("dependence", model, (OneFactor, Correlation, CommonShock), _RULE)
    return tuple(dependence)


def latent(dependence: Any) -> OneFactor | Correlation | None:
    """The latent model of ``dependence``."""
    return next((model for model in parts(dependence) if not isinstance(model, CommonShock)), None)


def shocks(dependence: Any) -> tuple[CommonShock, ...]:
    """The shocks of ``dependence``, in their order."""
    return tuple(model for model in parts(dependence) if isinstance(model, CommonShock))


def checked(dependence: Any, bets: Iterable["Bet"], n_bets: int | None) -> Any:
    """``dependence`` itself, a list as a tuple, refused where it does not fit the unlike ``bets``."""
    models = parts(dependence)
    if sum(not isinstance(model, CommonShock) for model in models) > 1:
        raise ArgumentError("dependence must hold at most one of OneFactor and Correlation, got several of them.")
    kinds = list(bets)
    for model in models:
        if isinstance(model, CommonShock):
            _check_group(model, kinds)
        elif isinstance(model, OneFactor):
            _check_atom(model, kinds)
        elif model.n_bets != n_bets:
            counted = "a random number of" if n_bets is None else f"{n_bets:,}"
            raise ArgumentError(
                f"dependence must correlate as many bets as the portfolio has, got a matrix for {model.n_bets:,} and "
                f"{counted} bets."
            )
    return models if isinstance(dependence, Sequence) else dependence


def _check_group(shock: CommonShock, bets: list["Bet"]) -> None:
    """Refuse a shock to a group that no bet is in."""
    if not any(shock.hits(bet.group) for bet in bets):
        known = sorted({bet.group for bet in bets if bet.group is not None})
        names = ", ".join(map(repr, known)) if known else "none; name it in Bet(..., group=...)"
        raise ArgumentError(f"group must be that of some bet, got {shock.group!r}; the groups are: {names}.")


def _check_atom(model: OneFactor, bets: list["Bet"]) -> None:
    """Refuse correlated failures where no bet has an atom at zero."""
    if model.failure > 0.0 and not any(p_zero(bet.payoff) > 0.0 for bet in bets):
        raise ArgumentError(
            f"failure acts on the probability of paying exactly zero, and must be 0 where no bet has one, got "
            f"{model.failure:g}; use size=..., or ZeroInflated(law, p_zero) as the payoff."
        )
