"""Gates: what is seen of a bet before its whole stake is spent, and when that is too little to go on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ..dependence import _tags
from ..dependence._latent import normals
from ..errors import ArgumentError
from ..kernels import api

Floats = NDArray[np.float64]
MAX_LOOKS = 64
_SMALLEST, _LARGEST = 1e-300, 1e300  # logarithms of signals stay finite
_SHARE = "a share of the stake strictly between 0 and 1"


@dataclass(frozen=True, slots=True)
class Gate:
    """A look at a bet when a share of its stake is spent: it goes on where the signal is good enough.

    The signal is the multiple that the bet would pay, times exp(``noise`` Z) with Z standard normal. A bet killed here
    pays nothing, and the rest of its stake is free.

    Parameters
    ----------
    spent : float
        Share of the stake spent by then, above 0 and below 1.
    threshold : float
        Signal, as a multiple of the stake, below which the bet is killed; above 0.
    noise : float, default 1
        Standard deviation of the logarithm of the signal given the multiple, not negative; 0 sees the truth.
    floor : float, default 0.1
        Multiples below it look like it, for an early sign cannot tell a bet that will pay nothing from one that will
        pay little; not negative. With 0, a bet that pays nothing never passes.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Examples
    --------
    >>> from tailsim.decide import Gate
    >>> Gate(spent=0.2, threshold=1)
    Gate(spent=0.2, threshold=1.0, noise=1.0, floor=0.1)
    """

    spent: float
    threshold: float
    noise: float = 1.0
    floor: float = 0.1

    def __post_init__(self) -> None:
        object.__setattr__(self, "spent", _check.real("spent", self.spent, _SHARE, above=0.0, below=1.0))
        object.__setattr__(self, "threshold", _check.positive("threshold", self.threshold))
        for name in ("noise", "floor"):
            rule = "a finite number, not negative"
            object.__setattr__(self, name, _check.real(name, getattr(self, name), rule, low=0.0))


@dataclass(frozen=True, slots=True)
class Look:
    """A gate with the place of its noise among the addresses of a bet."""

    gate: Gate
    place: int

    def kills(self, multiples: Floats, where: api.Rows) -> NDArray[np.bool_]:
        """Which bets stop here, from the multiples they would pay, shape (rows, 4096)."""
        seen = np.clip(multiples, max(self.gate.floor, _SMALLEST), _LARGEST).reshape(-1)
        log_signal = api.log(seen)
        if self.gate.noise > 0.0:
            tag = _tags.SIGNAL + self.place * _tags.STEP
            z = normals(where.exceedances(len(multiples), tag).reshape(-1))
            log_signal = log_signal + self.gate.noise * z
        killed: NDArray[np.bool_] = log_signal < api.log(np.array([self.gate.threshold]))[0]
        return killed.reshape(multiples.shape)


def looks_of(gates: Sequence[Gate], noise: float, looks: int) -> tuple[Look, ...]:
    """The looks at a bet where each stretch before a gate is looked at ``looks`` times, evenly spaced.

    The last look of a stretch is the gate itself and keeps its address, so more looks leave its noise as it was.
    """
    made, before = [], 0.0
    for i, gate in enumerate(gates):
        for k in range(1, looks + 1):
            at = gate.spent if k == looks else before + (gate.spent - before) * k / looks
            one = Gate(at, gate.threshold, noise * gate.noise, gate.floor)
            made.append(Look(one, i * MAX_LOOKS + looks - k))
        before = gate.spent
    return tuple(made)


def checked_gates(gates: Any) -> tuple[Gate, ...]:
    """Gates in the order in which a bet meets them."""
    rule = "a list of gates, Gate(spent, threshold) each, in the order in which a bet meets them"
    given = (gates,) if isinstance(gates, Gate) else gates
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise _check.refuse("gates", rule, gates)
    made = tuple(given)
    for i, gate in enumerate(made):
        _check.instance(f"gates[{i}]", gate, Gate, "a Gate, such as Gate(0.2, 1)")
    if len(made) > MAX_LOOKS:
        raise ArgumentError(f"gates must be at most {MAX_LOOKS}, got {len(made)}.")
    for i in range(1, len(made)):
        if made[i].spent <= made[i - 1].spent:
            raise _check.refuse(
                f"gates[{i}].spent", f"above that of the gate before it, {made[i - 1].spent:g}", made[i].spent
            )
    return made
