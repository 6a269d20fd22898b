"""``case_for_failure``: numbers, sentences, pictures and what-ifs of a portfolio or a programme."""

from dataclasses import replace
from typing import Any

from ... import _check
from ...decide import Programme
from ...payoffs import Payoff
from ...payoffs._rng import RngLike, seed_of
from ...portfolio import Bet, Portfolio
from .answers import Case
from .changes import changes
from .pictures import pictures
from .portfolio import Asked, study
from .programme import programme_grid, programme_study
from .programme_words import programme_sentences
from .what_if import what_if as grid
from .words import AUDIENCES, sentences

_TARGET, _HIT = 3.0, 10.0


def case_for_failure(
    programme_or_portfolio: Any,
    audience: str = "team",
    *,
    title: str | None = None,
    hurdle: float | None = None,
    target: float | None = None,
    hit: float | None = None,
    what_if: bool = True,
    n_trials: int = 20_000,
    rng: RngLike = None,
) -> Case:
    """The case for making bets most of which fail, in numbers that can be defended.

    Parameters
    ----------
    programme_or_portfolio : Programme, Portfolio, Bet or Payoff
        What is argued for; a single bet or law counts as a portfolio of one.
    audience : {"team", "board", "engineer"}
        Whom it speaks to: the order and wording of the sentences, never the numbers. A team hears first how often
        bets fail, a board how often the money comes back; an engineer reads every interval in the text.
    title : str, optional
        Heading of the page.
    hurdle : float, optional
        A bet of a portfolio fails when it pays less than this multiple of its stake, or nothing; by default 1.
    target : float, optional
        Multiple of all that is spent worth reaching, above 0; by default 3, or what a programme's goal asks for.
    hit : float, optional
        A bet of a portfolio is a hit from this multiple of its stake on, above 0; by default 10.
    what_if : bool, default True
        Whether to work out the grid behind the page's sliders, which takes most of the time.
    n_trials : int, default 20,000
        Simulated worlds, at least 1,000 and at most 10,000,000.
    rng : None, int, SeedSequence or Generator
        Randomness; None never repeats.

    Returns
    -------
    Case
        With ``sentences``, ``figures``, ``changes``, ``to_html(path)``, ``to_markdown()`` and ``to_json()``.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.
    KeyboardInterrupt
        On Ctrl-C: part of a case is none.

    Examples
    --------
    >>> import tailsim as ts
    >>> portfolio = ts.Portfolio.of(ts.presets.venture(), 30)
    >>> case = ts.case_for_failure(portfolio, n_trials=2000, what_if=False, rng=1)
    >>> print(case.sentences[0])
    Expect most of what we try to fail: 64.8% of bets pay back less than they cost, or nothing.
    """
    _check.one_of("audience", audience, AUDIENCES)
    if title is not None:
        _check.instance("title", title, str, "a string")
    n_trials = _check.integer("n_trials", n_trials, "a whole number from 1,000 to 1e7", low=1000, high=10**7)
    if target is not None:
        target = _check.positive("target", target)
    if isinstance(programme_or_portfolio, Programme):
        for name, value in (("hurdle", hurdle), ("hit", hit)):
            if value is not None:
                raise _check.refuse(name, "None for a programme, which sets its own", value)
        goal = next(iter(programme_or_portfolio.goal.targets), 1.0)  # a goal of hits names no multiple of the budget
        aim = target if target is not None else goal if goal != 1.0 else _TARGET
        return _of_programme(programme_or_portfolio, aim, audience, title, what_if, n_trials, seed_of(rng))
    asked = Asked(
        hurdle=1.0 if hurdle is None else _check.real("hurdle", hurdle),
        target=_TARGET if target is None else target,
        hit=_HIT if hit is None else _check.positive("hit", hit),
        n_trials=n_trials,
        seed=seed_of(rng),
    )
    return _of_portfolio(_portfolio(programme_or_portfolio), asked, audience, title, what_if)


def _of_portfolio(portfolio: Portfolio, asked: Asked, audience: str, title: str | None, what_if: bool) -> Case:
    found = study(portfolio, asked)
    made = Case(
        title=title or _title(portfolio),
        kind="portfolio",
        audience=audience,
        n_trials=asked.n_trials,
        seed=asked.seed,
        figures=found.figures,
        sentences=sentences(found, audience),
        changes=changes(portfolio, found.run, asked),
        what_if=grid(portfolio, asked) if what_if else None,
        pictures=(),
    )
    return replace(made, pictures=pictures(found, made))


def _of_programme(
    programme: Programme, target: float, audience: str, title: str | None, what_if: bool, n_trials: int, seed: int
) -> Case:
    found = programme_study(programme, target, n_trials, seed)
    made = Case(
        title=title or f"The case for a year of {programme.n_bets:,} ideas",
        kind="programme",
        audience=audience,
        n_trials=n_trials,
        seed=seed,
        figures=found.figures,
        sentences=programme_sentences(found, audience),
        changes=found.changes,
        what_if=programme_grid(found) if what_if else None,
        pictures=(),
    )
    return replace(made, pictures=pictures(found, made))


def _title(portfolio: Portfolio) -> str:
    if portfolio.count is not None:
        return "The case for a random number of bets"
    return "The case for one bet" if portfolio.n_bets == 1 else f"The case for {portfolio.counted} bets"


def _portfolio(given: Any) -> Portfolio:
    """What is argued for, as a portfolio."""
    if isinstance(given, Portfolio):
        return given
    rule = "a Programme, a Portfolio, a Bet or a payoff law"
    bet = _check.instance("programme_or_portfolio", given, (Bet, Payoff), rule)
    return Portfolio.of(bet, 1)
