"""Practices of a team as numbers: what each is assumed to do to a programme of bets."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from .. import _check
from .gates import MAX_LOOKS

PRACTICES = ("alignment", "coordination", "safety", "iteration", "feedback", "recognition")
LABELS = {
    "alignment": "one-on-one alignment",
    "coordination": "asynchronous video against meetings",
    "safety": "psychological safety",
    "iteration": "experimentation and iteration",
    "feedback": "continuous feedback",
    "recognition": "recognition",
}
FIELDS = {
    "alignment": ("aligned",),
    "coordination": ("video_cost", "meeting_cost"),
    "safety": ("least_odds", "odds_gradient", "reported"),
    "iteration": ("rounds",),
    "feedback": ("noise", "looks"),
    "recognition": ("attempts",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Practices:
    """How a team works, as assumptions on its bets; ``Practices()`` leaves a programme as it is.

    Every field is an assumption to be replaced by the team's own; none is an empirical finding about a practice.

    Parameters
    ----------
    aligned : float, default 1
        One-on-one alignment: share of the bets that land on the goal. A misaligned bet costs its stake and pays
        nothing.
    video_cost, meeting_cost : float, default 0
        Coordination, in stakes: by asynchronous video so much a bet, n in all; by meetings so much a pair of bets,
        n (n - 1) / 2 in all.
    least_odds : float, default 0
        Psychological safety: ideas with lower odds of success than this are not tried, out of fear of failure. 0 tries
        them all.
    odds_gradient : float, default 1
        How far odds fall as ideas aim higher, from 0 (all have the same odds) to 1 (the least ambitious are sure).
        Only ``least_odds`` looks at it; what ideas pay is the programme's law at any gradient.
    reported : float, default 1
        Psychological safety: share of the failing bets that gates see as they are. The others are reported late: they
        pass every gate and cost their whole stake.
    rounds : int, optional
        Experimentation and iteration: rounds of bets in the year; what killed bets free goes into the next one. By
        default as many as the programme has.
    noise : float, default 1
        Continuous feedback: factor on the noise of the gates' signals.
    looks : int, default 1
        Continuous feedback: how often a bet is looked at up to each gate, at equal spaces, the gate included.
    attempts : float, default 1
        Recognition: attempts per person and year against those of the programme; ``n_bets`` times this, rounded to the
        nearest whole number, at least 1.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Examples
    --------
    >>> import tailsim as ts
    >>> timid = ts.Practices(aligned=0.8, least_odds=0.5)
    >>> for line in timid.assumptions():
    ...     print(line)
    one-on-one alignment: 80% of the bets land on the goal
    psychological safety: ideas below 50% odds are not tried (odds gradient 1)
    """

    aligned: float = 1.0
    video_cost: float = 0.0
    meeting_cost: float = 0.0
    least_odds: float = 0.0
    odds_gradient: float = 1.0
    reported: float = 1.0
    rounds: int | None = None
    noise: float = 1.0
    looks: int = 1
    attempts: float = 1.0

    def __post_init__(self) -> None:
        def put(name: str, value: Any) -> None:
            object.__setattr__(self, name, value)

        for name in ("aligned", "reported", "odds_gradient"):
            put(name, _check.real(name, getattr(self, name), "a share between 0 and 1", low=0.0, high=1.0))
        put("least_odds", _check.probability("least_odds", self.least_odds))
        for name in ("video_cost", "meeting_cost", "noise"):
            put(name, _check.real(name, getattr(self, name), "a finite number, not negative", low=0.0))
        put("attempts", _check.positive("attempts", self.attempts))
        rule = f"a whole number from 1 to {MAX_LOOKS}"
        put("looks", _check.integer("looks", self.looks, rule, low=1, high=MAX_LOOKS))
        if self.rounds is not None:
            rule = "None or a whole number from 1 to 1,000"
            put("rounds", _check.integer("rounds", self.rounds, rule, low=1, high=1000))

    @classmethod
    def lacking(cls) -> "Practices":
        """An example of a team without these practices, to be edited: assumptions, not findings.

        A fifth of its bets miss the goal, each pair of bets costs a hundredth of a stake in meetings, ideas more likely
        to fail than not are refused, half of the failures are reported late, there is one round, signals are twice as
        noisy, and people make 7 attempts where they could make 10.

        Returns
        -------
        Practices
        """
        return cls(
            aligned=0.8, meeting_cost=0.01, least_odds=0.5, reported=0.5, rounds=1, noise=2.0, looks=1, attempts=0.7
        )

    def only(self, practice: str) -> "Practices":
        """Practices in which only this one is as here, and all others leave the programme as it is.

        Parameters
        ----------
        practice : str
            One of 'alignment', 'coordination', 'safety', 'iteration', 'feedback', 'recognition'.
        """
        return Practices(**_of(self, practice))

    def without(self, practice: str) -> "Practices":
        """Practices as here, but for this one, which leaves the programme as it is.

        Parameters
        ----------
        practice : str
            One of 'alignment', 'coordination', 'safety', 'iteration', 'feedback', 'recognition'.
        """
        return replace(self, **_of(Practices(), practice))

    def assumptions(self) -> tuple[str, ...]:
        """What is assumed beyond the programme, one sentence a practice; empty where nothing is."""
        return tuple(f"{LABELS[name]}: {text}" for name in PRACTICES if (text := ", ".join(_sentences(self, name))))


def _of(practices: Practices, practice: str) -> dict[str, Any]:
    """The fields of one practice."""
    _check.one_of("practice", practice, PRACTICES)
    return {name: getattr(practices, name) for name in FIELDS[practice]}


def changed(practices: Practices) -> set[str]:
    """Names of the fields that are not at their defaults."""
    return {f.name for f in fields(Practices) if getattr(practices, f.name) != f.default}


def _sentences(p: Practices, practice: str) -> Iterator[str]:
    """What one practice assumes, in words."""
    moved = changed(p)
    words = {
        "aligned": f"{share(p.aligned)} of the bets land on the goal",
        "video_cost": f"{p.video_cost:g} stakes a bet",
        "meeting_cost": f"{p.meeting_cost:g} stakes a pair of bets",
        "least_odds": f"ideas below {share(p.least_odds)} odds are not tried (odds gradient {p.odds_gradient:g})",
        "reported": f"{share(p.reported)} of failing bets are reported in time, the others cost their whole stake",
        "rounds": f"{p.rounds} round" + ("" if p.rounds == 1 else "s"),
        "noise": f"signals with {p.noise:g} times the noise",
        "looks": f"{p.looks} looks up to each gate",
        "attempts": f"{p.attempts:g} times the attempts",
    }
    yield from (words[name] for name in FIELDS[practice] if name in moved and name in words)


def share(p: float) -> str:
    """A share that is given, in per cent."""
    return f"{100 * p:g}%"
