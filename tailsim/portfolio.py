"""What is simulated: bets, and portfolios of them in the order they are entered."""

import math
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from . import _check
from .dependence import CountLaw, _given
from .payoffs.base import Payoff
from .payoffs.uncertain import Uncertain

MAX_BETS = 10_000_000


@dataclass(frozen=True, slots=True)
class Bet:
    """One experiment: a payoff law and the price of entry.

    Parameters
    ----------
    payoff : Payoff
        What it pays, gross, in money of the same unit as the stake. It does not scale with the stake;
        ``Bet.from_multiple`` makes one that does.
    stake : float, default 1
        Price of entry, above 0.
    name, group : str, optional
        Labels for tables.

    Raises
    ------
    ArgumentError
        If the payoff is not a law, or the stake is not a finite number above 0.

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.Bet(ts.ZeroInflated(ts.Pareto(1.5), p_zero=0.65), stake=2).stake
    2.0
    """

    payoff: Payoff
    stake: float = 1.0
    name: str | None = None
    group: str | None = None

    def __post_init__(self) -> None:
        _check.instance("payoff", self.payoff, Payoff, "a payoff law such as Pareto(1.5)")
        object.__setattr__(self, "stake", _check.positive("stake", self.stake))
        for label in ("name", "group"):
            if getattr(self, label) is not None:
                _check.instance(label, getattr(self, label), str, "a string")

    @classmethod
    def from_multiple(
        cls, law: Payoff, stake: float = 1.0, *, name: str | None = None, group: str | None = None
    ) -> "Bet":
        """A bet that pays ``stake`` times a draw of ``law``, a law of multiples.

        Parameters
        ----------
        law : Payoff
            Law of payoff / stake.
        stake : float, default 1
            Price of entry, above 0.
        name, group : str, optional
            Labels for tables.

        Examples
        --------
        >>> import tailsim as ts
        >>> ts.Bet.from_multiple(ts.Pareto(3), stake=10).payoff.mean()
        15.0
        """
        _check.instance("law", law, Payoff, "a payoff law such as Pareto(1.5)")
        stake = _check.positive("stake", stake)
        return cls(law if stake == 1.0 else stake * law, stake, name, group)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Bets in the order in which they are entered, and how they hang together.

    Parameters
    ----------
    bets : iterable of Bet or Payoff
        At least one and at most 10,000,000; a bare law becomes a bet of stake 1.
    dependence : OneFactor, Correlation, CommonShock or a list of them, optional
        At most one latent model, and any number of shocks; None for independent bets.
    count : PoissonCount, GeometricCount or BinomialCount, optional
        How often the one bet is entered in a trial, where that is random: ``Portfolio.of(bet, count)``.

    Raises
    ------
    ArgumentError
        If there is no bet, or an item is neither a bet nor a law, or the dependence does not fit the bets.

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.Portfolio([ts.Pareto(1.5), ts.Bet(ts.LogNormal(0, 2), stake=3)]).n_bets
    2
    """

    bets: tuple[Bet, ...]
    dependence: Any = None
    count: CountLaw | None = None

    def __post_init__(self) -> None:
        rule = "a list of bets or payoff laws, at least one"
        if isinstance(self.bets, (Bet, Payoff)) or not isinstance(self.bets, Iterable):
            raise _check.refuse("bets", rule, self.bets, "Portfolio.of(bet, n_bets) repeats one bet")
        bets = tuple(Bet(b) if isinstance(b, Payoff) else b for b in self.bets)
        for i, bet in enumerate(bets):
            if not isinstance(bet, Bet):
                raise _check.refuse(f"bets[{i}]", "a Bet or a payoff law", bet)
        if not 0 < len(bets) <= MAX_BETS:
            raise _check.refuse("bets", f"{rule} and at most {MAX_BETS:,}", f"{len(bets):,} bets")
        object.__setattr__(self, "bets", bets)
        if self.count is not None:
            _check_count(self.count, bets)
        if self.dependence is not None:
            kinds = (bet for bet, _ in self.runs())
            fixed = len(bets) if self.count is None else None
            object.__setattr__(self, "dependence", _given.checked(self.dependence, kinds, fixed))
        if not math.isfinite(sum(count * bet.stake for bet, count in self.runs())):
            raise _check.refuse("bets", "bets with a finite sum of stakes", self, "state stakes in a larger unit")

    @classmethod
    def of(cls, bet: Bet | Payoff, n_bets: int | CountLaw, dependence: Any = None) -> "Portfolio":
        """A portfolio of ``n_bets`` bets alike.

        Parameters
        ----------
        bet : Bet or Payoff
            The bet, or its law at a stake of 1.
        n_bets : int, PoissonCount, GeometricCount or BinomialCount
            How many, from 1 to 10,000,000; or the law of how many, drawn anew in each trial, independently of what
            bets pay.
        dependence : OneFactor, Correlation, CommonShock or a list of them, optional
            As for ``Portfolio``.

        Examples
        --------
        >>> import tailsim as ts
        >>> ts.Portfolio.of(ts.Pareto(1.5), 100).spent
        100.0
        """
        _check.instance("bet", bet, (Bet, Payoff), "a Bet or a payoff law")
        if isinstance(n_bets, CountLaw):
            return cls((bet if isinstance(bet, Bet) else Bet(bet),), dependence, n_bets)
        n = _check.integer("n_bets", n_bets, f"a whole number from 1 to {MAX_BETS:,}", low=1, high=MAX_BETS)
        return cls((bet if isinstance(bet, Bet) else Bet(bet),) * n, dependence)

    @property
    def n_bets(self) -> Any:
        """How many bets are entered: an int, or the law of a random number."""
        return len(self.bets) if self.count is None else self.count

    @property
    def spent(self) -> float:
        """Sum of the stakes, in money; its mean where the number of bets is random."""
        if self.count is not None:
            return self.count.mean() * self.bets[0].stake
        return math.fsum(count * bet.stake for bet, count in self.runs())

    @property
    def tied(self) -> bool:
        """Whether bets depend on each other: by ``dependence``, or by uncertain parameters that they share."""
        return self.dependence is not None or any(isinstance(bet.payoff, Uncertain) for bet, _ in self.runs())

    @property
    def counted(self) -> str:
        """How many bets, in words."""
        return f"{len(self.bets):,}" if self.count is None else repr(self.count)

    def marginals(self) -> Iterator[tuple[Payoff, float, int]]:
        """The laws that consecutive like bets have under the shocks, as (law, stake, how many)."""
        shocks = _given.shocks(self.dependence)
        for bet, count in self.runs():
            law = bet.payoff
            for shock in shocks:
                if shock.hits(bet.group):
                    law = shock.marginal(law)
            yield law, bet.stake, count

    def runs(self) -> Iterator[tuple[Bet, int]]:
        """Consecutive like bets, as (bet, how many): what the engine walks over."""
        for bet, alike in groupby(self.bets):
            yield bet, sum(1 for _ in alike)

    def to_toml(self, path: "str | os.PathLike[str] | None" = None) -> str:
        """The portfolio as a scenario file, which ``load_scenario`` reads; needs tomli-w.

        Parameters
        ----------
        path : str or path, optional
            Where to write it too; an old file is replaced in one step.

        Returns
        -------
        str
            The text.

        Raises
        ------
        ArgumentError
            If a law is one of your own or tabulated: a file holds names and numbers, no code.
        """
        from .io.scenario import to_toml

        return to_toml(self, path)

    def __repr__(self) -> str:
        shown = [f"{count:,} x {bet!r}" for bet, count in self.runs()]
        if len(shown) > 4:
            shown = [*shown[:3], f"... {len(shown) - 3} more kinds"]
        tied = "" if self.dependence is None else f", dependence={_check.shown(self.dependence)}"
        if self.count is not None:
            shown = [f"each {self.bets[0]!r}"]
        return f"Portfolio({self.counted} bets: " + "; ".join(shown) + f"{tied})"


def _check_count(count: Any, bets: tuple[Bet, ...]) -> None:
    """Refuse what is no law of a number of bets, or of too many."""
    rule = "PoissonCount, GeometricCount or BinomialCount, the law of a random number of bets"
    _check.instance("count", count, CountLaw, rule)
    if len(bets) != 1:
        raise _check.refuse("bets", "one bet where their number is random", f"{len(bets):,} bets", "use a Mixture")
    if (most := float(count.isf(2.0**-60))) > MAX_BETS:
        raise _check.refuse("count", f"a law below {MAX_BETS:,} bets but for a chance of 2**-60", f"{most:,.0f} bets")
