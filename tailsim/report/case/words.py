"""Sentences made of figures: what is said depends on the ends of intervals, and no number stands outside a figure."""

from collections.abc import Callable, Iterator
from string import Formatter

from ...portfolio import Portfolio
from .answers import Sentence
from .changes import side
from .figures import Figure
from .portfolio import Study, is_resampled

AUDIENCES = ("team", "board", "engineer")
_ORDER = {
    "team": "failure drought hit money winners target spread counts mean turn given",
    "board": "money target spread winners failure hit drought counts turn mean given",
    "engineer": "failure money target spread winners hit drought counts mean turn given",
}


def sentences(study: Study, audience: str) -> tuple[Sentence, ...]:
    """What the figures say, in the audience's order; sentences whose figures are missing are left out."""
    say = Say({figure.name: figure for figure in study.figures}, audience)
    return tuple(
        sentence
        for topic in _ORDER[audience].split()
        for sentence in _TOPICS[topic](say, study)
        if sentence is not None
    )


class Say:
    """Makes sentences of the figures at hand for an audience."""

    def __init__(self, figures: dict[str, Figure], audience: str) -> None:
        self.figures = figures
        self.audience = audience

    def __call__(self, topic: str, template: str) -> Sentence | None:
        """A sentence from words and {names} of figures; None where one is missing."""
        parts: list[str | Figure] = []
        for words, name, _, _ in Formatter().parse(template):
            if words:
                parts.append(words)
            if name is not None:
                if name not in self.figures:
                    return None
                parts.append(self.figures[name])
        return Sentence(topic, tuple(parts), self.audience == "engineer")

    def has(self, *names: str) -> bool:
        """Whether these figures are at hand."""
        return all(name in self.figures for name in names)

    def side(self, name: str) -> int:
        """1 where a share is surely above one half, -1 where it is surely below, else 0."""
        return side(self.figures[name].estimate)

    def apart(self, low: str, high: str) -> bool:
        """Whether one figure's interval lies wholly below another's."""
        return self.figures[low].estimate.interval[1] < self.figures[high].estimate.interval[0]


Said = Iterator[Sentence | None]


def _failure(say: Say, study: Study) -> Said:
    equal = study.asked.hurdle == 1.0
    rule = "less than they cost, or nothing" if equal else "less than {hurdle} what they cost, or nothing"
    start = (
        "Most bets fail: {failure_rate}" if say.side("failure_rate") > 0 else "{failure_rate} of the bets fail: so many"
    )
    if say.audience == "team" and say.side("failure_rate") > 0:
        yield say("failure", f"Expect most of what we try to fail: {{failure_rate}} of bets pay back {rule}.")
        return
    yield say("failure", f"{start} pay back {rule}.")


def _drought(say: Say, study: Study) -> Said:
    if not say.has("drought") or say.figures["drought"].estimate.value < 2.0:
        return
    yield say(
        "drought",
        "A dry spell is part of it: half of such portfolios go through {drought} or more bets in a row that stay "
        "below {hit}.",
    )


def _hit(say: Say, study: Study) -> Said:
    if not say.has("a_hit") or say.figures["a_hit"].estimate.value == 0.0:
        yield say("hit", "No bet can pay {hit} what it costs.") if say.has("a_hit") else None
        return
    yield say("hit", _hit_words(study))
    yield say("hit", "It takes {bets_for_hit} bets for a nine in ten chance of that.")


def _hit_words(study: Study) -> str:
    which = "the bet" if study.portfolio.n_bets == 1 else "at least one of {n_bets} bets"
    return f"The chance that {which} pays {{hit}} its cost or more is {{a_hit}}."


def _money(say: Say, study: Study) -> Said:
    where = say.side("money_back")
    they = "The portfolio"
    if where > 0:
        still = " still" if say.side("failure_rate") > 0 and say.audience == "team" else ""
        yield say("money", f"{they}{still} gets its cost back more often than not: with a chance of {{money_back}}.")
    elif where < 0:
        yield say(
            "money", f"{they} loses money more often than not: the chance to get its cost back is {{money_back}}."
        )
    else:
        yield say("money", "Whether the portfolio gets its cost back is a toss-up: the chance is {money_back}.")


def _target(say: Say, study: Study) -> Said:
    yield say("target", "The chance to get back {target} the cost or more is {reach_target}.")


def _spread(say: Say, study: Study) -> Said:
    zero = study.nonnegative and say.figures["median"].estimate.interval[1] == 0.0
    if zero:
        yield say("spread", "At least half of the portfolios pay back nothing; one in ten reaches {high} or more.")
        return
    yield say(
        "spread",
        "Half of the portfolios pay back {median} or more; one in ten stays at or below {low}, and one in ten reaches "
        "{high} or more.",
    )


def _winners(say: Say, study: Study) -> Said:
    yield say(
        "winners",
        "In half of the portfolios that pay anything the single best bet makes {best_share} or more of all that comes "
        "back; in {best_is_half} of them it makes half or more.",
    )
    if not say.has("money_back_without"):
        return
    if say.apart("money_back_without", "money_back"):
        yield say(
            "winners",
            "Take that one bet's payoff away and the chance to get the cost back falls from {money_back} to "
            "{money_back_without}: what must not happen is to miss it.",
        )


def _counts(say: Say, study: Study) -> Said:
    best = study.best
    if best is None:
        return
    goal = "For the chance of {target},"
    low, high = best.plateau
    most = len(study.curve.n_bets) if study.curve is not None else high
    if (low, high) == (1, most):
        yield say("counts", f"{goal} no number of bets up to {{best_high}} stands out ({{best_score}} at best).")
    elif best.gaps:
        yield say("counts", f"{goal} some numbers from {{best_low}} to {{best_high}} bets do best ({{best_score}}).")
    elif best.at_edge:
        yield say(
            "counts", f"{goal} {{best_low}} bets or more do best ({{best_score}}), up to the {{best_high}} tried."
        )
    elif low == high:
        yield say("counts", f"{goal} the best number of bets is {{best_low}} ({{best_score}}); any other does worse.")
    elif low == 1:
        yield say("counts", f"{goal} up to {{best_high}} bets are too close to call ({{best_score}}); more do worse.")
    else:
        yield say(
            "counts",
            f"{goal} {{best_low}} to {{best_high}} bets are too close to call ({{best_score}}); others do worse.",
        )


def _mean(say: Say, study: Study) -> Said:
    if say.has("tail_index"):
        yield say(
            "mean",
            "There is no average to plan with: it does not exist, because the tail index {tail_index} is too low and "
            "sample averages never settle. Plan with the chances and the middle outcome.",
        )
    elif not say.has("mean"):
        yield say(
            "mean", "There is no average to plan with: it does not exist. Plan with the chances and the middle outcome."
        )
    elif not say.has("near_mean"):
        yield say(
            "mean", "The average is {mean}, which says little of one portfolio: plan with the chances and the middle."
        )
    elif say.figures["near_mean"].estimate.interval[0] >= 0.9:
        yield say(
            "mean",
            "The average is {mean} and can be planned with: {near_mean} of portfolios land within a fifth of it.",
        )
    else:
        yield say(
            "mean",
            "The average is {mean}, but do not plan with it: {near_mean} of portfolios land within a fifth of it.",
        )


def _turn(say: Say, study: Study) -> Said:
    if not say.has("break_even"):
        return
    median = say.figures["median"].estimate.interval
    if median[0] > 1.0:
        yield say(
            "turn", "Half of the portfolios lose money once every payoff is {break_even} of what is assumed, or less."
        )
    elif median[1] < 1.0:
        yield say(
            "turn", "Every payoff would have to be {break_even} what is assumed for half of the portfolios to pay back."
        )


def _given(say: Say, study: Study) -> Said:
    portfolio = study.portfolio
    yield say("given", _tied(portfolio))
    if is_resampled(portfolio):
        yield say("given", "Payoffs are drawn again from past ones, so nothing here pays more than the largest seen.")


def _tied(portfolio: Portfolio) -> str:
    if portfolio.dependence is not None:
        return "All this assumes that bets hang together as declared and that each pays by its declared law."
    if portfolio.tied:
        return "All this assumes that bets share unknown parameters as declared, and else do not move together."
    return "All this assumes that bets do not move together and that each pays by its declared law."


_TOPICS: dict[str, Callable[[Say, Study], Said]] = {
    "failure": _failure,
    "drought": _drought,
    "hit": _hit,
    "money": _money,
    "target": _target,
    "spread": _spread,
    "winners": _winners,
    "counts": _counts,
    "mean": _mean,
    "turn": _turn,
    "given": _given,
}
