"""Sentences of a programme's case."""

from collections.abc import Callable, Iterator

from .answers import Sentence
from .figures import Figure
from .programme import ProgrammeStudy
from .words import Say

_ORDER = {
    "team": "failure hit gates money winners target spread fear mean given",
    "board": "money target spread winners failure gates hit fear mean given",
    "engineer": "failure gates money target spread winners hit fear mean given",
}
_RULE = "less than they cost, or nothing"
Said = Iterator[Sentence | None]


def programme_sentences(study: ProgrammeStudy, audience: str) -> tuple[Sentence, ...]:
    """What the figures say, in the audience's order."""
    after = [shift.after for change in study.changes for shift in change.shifts]
    figures: dict[str, Figure] = {figure.name: figure for figure in (*study.figures, *after)}
    say = Say(figures, audience)
    topics = _ORDER[audience].split()
    return tuple(one for topic in topics for one in _TOPICS[topic](say, study) if one is not None)


def _failure(say: Say, study: ProgrammeStudy) -> Said:
    if not say.has("failure_rate"):
        yield say("failure", "No year tries any of the {n_bets} ideas.")
    elif say.side("failure_rate") > 0 and say.audience == "team":
        yield say("failure", f"Expect most of what we try to fail: {{failure_rate}} of bets pay back {_RULE}.")
    elif say.side("failure_rate") > 0:
        yield say("failure", f"Most bets fail: {{failure_rate}} pay back {_RULE}.")
    else:
        yield say("failure", f"{{failure_rate}} of the bets fail: so many pay back {_RULE}.")


def _hit(say: Say, study: ProgrammeStudy) -> Said:
    yield say("hit", "The chance that at least one bet of the year pays {hit} its stake or more is {a_hit}.")


def _gates(say: Say, study: ProgrammeStudy) -> Said:
    yield say(
        "gates", "Gates stop some bet early in {some_killed} of the years; half of the years try {tried} bets or more."
    )


def _money(say: Say, study: ProgrammeStudy) -> Said:
    where = say.side("money_back")
    if where > 0:
        yield say(
            "money", "The year gets its budget of {spent} back more often than not: with a chance of {money_back}."
        )
    elif where < 0:
        yield say("money", "The year loses money more often than not: the chance to get {spent} back is {money_back}.")
    else:
        yield say("money", "Whether the year gets its budget of {spent} back is a toss-up: the chance is {money_back}.")


def _target(say: Say, study: ProgrammeStudy) -> Said:
    yield say("target", "The chance to turn the budget into {target} what it was or more is {reach_target}.")


def _spread(say: Say, study: ProgrammeStudy) -> Said:
    yield say(
        "spread",
        "Half of the years turn the budget into {median} what it was or more; one in ten ends at or below {low}, and "
        "one in ten reaches {high} or more.",
    )


def _winners(say: Say, study: ProgrammeStudy) -> Said:
    if say.apart("money_back_without", "money_back"):
        yield say(
            "winners",
            "Take the payoff of each year's best bet away and the chance to get the budget back falls from "
            "{money_back} to {money_back_without}: what must not happen is to miss it.",
        )


def _fear(say: Say, study: ProgrammeStudy) -> Said:
    fear = next(change for change in study.changes if change.name == "fear")
    which = {"up": "raises", "down": "lowers"}.get(fear.shifts[1].direction)
    lead = "Refusing every idea more likely to fail than not"
    if which is None:
        yield say("fear", f"{lead} makes no clear difference to the chance of {{target}}: {{fear.reach_target}}.")
    else:
        yield say("fear", f"{lead} {which} the chance of {{target}} from {{reach_target}} to {{fear.reach_target}}.")


def _mean(say: Say, study: ProgrammeStudy) -> Said:
    yield say(
        "mean",
        "There is no average to plan with: it does not exist, because the tail index {tail_index} is too low and "
        "sample averages never settle. Plan with the chances and the middle outcome.",
    )


def _given(say: Say, study: ProgrammeStudy) -> Said:
    yield say("given", "All this assumes that ideas pay by their declared law and do not move together.")
    yield say("given", "What practices change is assumed as well, and no finding about teams.")


_TOPICS: dict[str, Callable[[Say, ProgrammeStudy], Said]] = {
    "failure": _failure,
    "hit": _hit,
    "gates": _gates,
    "money": _money,
    "target": _target,
    "spread": _spread,
    "winners": _winners,
    "fear": _fear,
    "mean": _mean,
    "given": _given,
}
