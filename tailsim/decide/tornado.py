"""Which practice moves a programme most: one at a time and the other way round, on common luck."""

from dataclasses import dataclass
from typing import Any

from .. import _check
from ..errors import PayoffError
from ..payoffs._rng import RngLike, seed_of
from ..stats.estimate import Estimate
from ..stats.paired import quantile_difference, share_difference
from .practices import LABELS, PRACTICES, Practices
from .programme import Programme, Setting, setting_of
from .years import Years, chance

QUANTITIES = {
    "median": "the median outcome",
    "prob_hit": "the chance of a hit",
    "prob_goal": "the chance to reach the goal",
}


@dataclass(frozen=True, slots=True)
class Shift:
    """How three answers of a programme differ between two settings, paired year by year.

    Attributes
    ----------
    median : Estimate
        Difference of the medians of the outcome.
    prob_hit, prob_goal : Estimate
        Differences of the chances of a hit and of reaching the goal.
    """

    median: Estimate
    prob_hit: Estimate
    prob_goal: Estimate

    @classmethod
    def between(cls, after: Years, before: Years, level: float) -> "Shift":
        """After less before, over the same years."""
        for years in (after, before):
            if abs(years.median.value) == float("inf"):
                raise PayoffError("the median outcome exceeds the largest double; state ideas in a larger unit.")
        return cls(
            quantile_difference(after.outcomes, before.outcomes, 0.5, level),
            share_difference(after.hits.astype(float), before.hits.astype(float), level),
            share_difference(after.reached.astype(float), before.reached.astype(float), level),
        )


@dataclass(frozen=True, slots=True)
class Move:
    """What one practice does to a programme.

    Attributes
    ----------
    practice : str
        Its name.
    label : str
        Its name in words.
    assumption : str
        What is assumed of it.
    alone : Shift
        The programme with this practice alone, less the programme as it is.
    last : Shift
        The programme with all practices, less that with all but this one.
    """

    practice: str
    label: str
    assumption: str
    alone: Shift
    last: Shift


@dataclass(frozen=True, slots=True, repr=False)
class Sensitivity:
    """What each practice moves; made by ``sensitivity``.

    Attributes
    ----------
    programme : Programme
        As it was given.
    practices : Practices
        The assumptions.
    base, together : Years
        The programme as it is, and with all practices.
    moves : tuple of Move
        One for each practice that changes something, in the order of ``PRACTICES``.
    leaders : tuple of tuple of str
        For the median outcome, the chance of a hit and the chance to reach the goal: the practices that may move it
        most alone, in the order of their effect; one name where it can be told, none where no effect can be told from
        nothing. Simultaneous at ``level`` over the practices (Bonferroni).
    n_trials, seed : int
        Years, and what reproduces them.
    level : float
        Confidence level.
    """

    programme: Programme
    practices: Practices
    base: Years
    together: Years
    moves: tuple[Move, ...]
    leaders: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    n_trials: int
    seed: int
    level: float

    def move(self, practice: str) -> Move:
        """What one practice does.

        Parameters
        ----------
        practice : str
            One of those in ``moves``.
        """
        names = [move.practice for move in self.moves]
        return self.moves[names.index(_check.one_of("practice", practice, names))]

    @property
    def verdict(self) -> str:
        """What moves each answer most under these assumptions, in sentences."""
        if not self.moves:
            return "These assumptions change nothing in this programme."
        said = [self._sentence(name, who) for name, who in zip(QUANTITIES, self.leaders, strict=True)]
        return "One change at a time, " + "; ".join(said) + "."

    def _sentence(self, quantity: str, leaders: tuple[str, ...]) -> str:
        what = QUANTITIES[quantity]
        if not leaders:
            return f"no practice is seen to move {what} in {self.n_trials:,} years"
        shifts = [(LABELS[name], getattr(self.move(name).alone, quantity)) for name in leaders]
        first, change = shifts[0]
        best = f"what is assumed of {first} moves {what} most, by {shifted(quantity, change)}"
        if len(shifts) == 1:
            return best
        others = ", ".join(f"that of {label} by {shifted(quantity, other)}" for label, other in shifts[1:])
        return f"{best} as seen, but that cannot be told from {others}"

    def __repr__(self) -> str:
        lines = [
            f"Sensitivity over {self.n_trials:,} common years (seed {self.seed}, {100 * self.level:g} % intervals)",
            _row("as it is", self.base),
            _row("all together", self.together),
        ]
        for move in self.moves:
            change = ", ".join(f"{name} {shifted(name, getattr(move.alone, name))}" for name in QUANTITIES)
            lines.append(f"  {move.assumption}\n    alone: {change}")
        return "\n".join([*lines, self.verdict])

    def plot(self, *, quantity: str = "prob_goal", ax: Any = None) -> Any:
        """What each practice moves, largest first; see ``plotting.plot_sensitivity``."""
        from .. import plotting

        return plotting.plot_sensitivity(self, quantity=quantity, ax=ax)


def _row(name: str, years: Years) -> str:
    chances = f"prob_hit {chance(years.prob_hit)}, prob_goal {chance(years.prob_goal)}"
    return f"  {name}: median {years.median.value:.3g}, {chances}"


def shifted(quantity: str, change: Estimate) -> str:
    """A difference with its interval: of medians as it is, of chances in percentage points."""
    values = (change.value, *change.interval)
    if quantity == "median":
        value, low, high = (f"{x + 0.0:+.3g}" for x in values)
        return f"{value} [{low}, {high}]"
    value, low, high = (f"{100 * x + 0.0:+.2f}" for x in values)
    return f"{value} points [{low}, {high}]"


def sensitivity(
    programme: Programme,
    practices: Practices | None = None,
    *,
    n_trials: int = 20_000,
    level: float = 0.95,
    n_workers: int | None = None,
    executor: Any = None,
    rng: RngLike = None,
) -> Sensitivity:
    """Which practice moves a programme's median outcome, chance of a hit and chance to reach the goal most.

    Every setting is simulated with the same luck, so an interval is that of the difference alone.

    Parameters
    ----------
    programme : Programme
        A team's year of bets.
    practices : Practices, optional
        What each practice is assumed to do. By default ``Practices.lacking()``, an example of a team without them, less
        what needs gates where the programme has none.
    n_trials : int, default 20,000
        Years of each setting.
    level : float
        Confidence level of the intervals, each on its own; ``leaders`` are simultaneous.
    n_workers, executor
        As for ``tailsim.simulate``.
    rng : None, int, SeedSequence or Generator
        Seed of all settings.

    Returns
    -------
    Sensitivity

    Raises
    ------
    ArgumentError
        If an argument breaks its rule; settings that contradict each other are all listed.

    Notes
    -----
    Differences of chances are paired bounded means; differences of medians join the order statistics of both with their
    correlation (see ``compare``).

    Examples
    --------
    >>> import tailsim as ts
    >>> team = ts.Programme(ts.ZeroInflated(ts.Pareto(1.2), 0.8), 20, goal=ts.ProbAtLeast(2))
    >>> found = ts.sensitivity(team, ts.Practices(aligned=0.9, least_odds=0.5), n_trials=5_000, rng=1)
    >>> [move.practice for move in found.moves]
    ['alignment', 'safety']
    >>> found.leaders[2]
    ('safety',)
    """
    _check.instance("programme", programme, Programme, "a Programme")
    level = _check.level(level)
    practices = lacking(programme) if practices is None else practices
    how: dict[str, Any] = {"n_trials": n_trials, "level": level, "n_workers": n_workers, "executor": executor}
    how["rng"] = seed = seed_of(rng)
    setting = setting_of(programme, practices)
    neutral = setting_of(programme, None)
    names = [name for name in PRACTICES if _matters(setting_of(programme, practices.only(name)), neutral)]
    base, together = (programme.simulate(p, **how) for p in (None, practices))
    moves, ranks = [], []
    joint = 1.0 - (1.0 - level) / max(len(names), 1)
    for name in names:
        alone = programme.simulate(practices.only(name), **how)
        rest = programme.simulate(practices.without(name), **how)
        shifts = Shift.between(alone, base, level), Shift.between(together, rest, level)
        text = practices.only(name).assumptions()[0]
        moves.append(Move(name, LABELS[name], text, *shifts))
        ranks.append(Shift.between(alone, base, joint))
    most = tuple(_leaders(names, [getattr(shift, q) for shift in ranks]) for q in QUANTITIES)
    leaders = (most[0], most[1], most[2])
    return Sensitivity(programme, setting.practices, base, together, tuple(moves), leaders, base.n_trials, seed, level)


def lacking(programme: Programme) -> Practices:
    """``Practices.lacking()`` as far as it concerns the programme."""
    if programme.gates:
        return Practices.lacking()
    p = Practices.lacking()
    return Practices(aligned=p.aligned, meeting_cost=p.meeting_cost, least_odds=p.least_odds, attempts=p.attempts)


def _matters(setting: Setting, neutral: Setting) -> bool:
    """Whether practices change anything that a year is made of."""

    def made_of(s: Setting) -> tuple[Any, ...]:
        return s.n_bets, s.rounds, s.looks, s.fear, s.budget, s.practices.aligned, s.practices.reported

    return made_of(setting) != made_of(neutral)


def _leaders(names: list[str], shifts: list[Estimate]) -> tuple[str, ...]:
    """Those whose effect, whatever its sign, may be the largest; none where no effect is told from nothing."""
    ends = [sizes(shift) for shift in shifts]
    best = max((low for low, _ in ends), default=0.0)
    if best == 0.0:
        return ()
    able = [(name, shift) for name, shift, (_, high) in zip(names, shifts, ends, strict=True) if high >= best]
    return tuple(name for name, _ in sorted(able, key=lambda pair: -abs(pair[1].value)))


def sizes(shift: Estimate) -> tuple[float, float]:
    """The interval of the size of a difference."""
    low, high = shift.interval
    smallest = 0.0 if low <= 0.0 <= high else min(abs(low), abs(high))
    return smallest, max(abs(low), abs(high))
