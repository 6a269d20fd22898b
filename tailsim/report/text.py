"""A report as text: under 60 lines of at most 100 columns, for someone who decides."""

import textwrap
from collections.abc import Iterator

from . import numbers as show
from . import tables
from .answers import BestCount, Report, View

WIDTH = 98


def as_text(report: Report) -> str:
    """The report in under 60 lines of at most 100 columns.

    Parameters
    ----------
    report : Report
        From ``venture_report`` or ``past_report``.

    Returns
    -------
    str
        Every number has only the digits that its 95 % interval supports.
    """
    sections = (_head, _failure, _where, _more_bets, _how_many, _mean, _unknown, _foot)
    return "\n".join(line for section in sections for line in section(report)) + "\n"


def _wrapped(text: str, indent: str = "") -> list[str]:
    lines = textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
    return [line[:1].upper() + line[1:] if i == 0 and not indent else line for i, line in enumerate(lines)]


def _said(*parts: str) -> list[str]:
    """An indented paragraph that starts with a capital."""
    text = " ".join(part for part in parts if part)
    return _wrapped(text[:1].upper() + text[1:], "  ")


def _head(report: Report) -> Iterator[str]:
    yield f"{report.title}: portfolios of 1 to {report.max_bets} equal bets".upper()
    runs = f"{report.n_trials:,} simulated portfolios of each size (seed {report.seed})."
    if report.past is None:
        yield f"Outcomes: {report.source}."
        tail = f"a tail of index {report.views[0].tail_index:g}"
        yield from _wrapped(f"What that table leaves open is filled in: 0-1x spread evenly, above 50x {tail}. {runs}")
        return
    skipped = f", {report.past.n_skipped:,} more left out for empty cells" if report.past.n_skipped else ""
    yield from _wrapped(f"Outcomes: {report.source}{skipped}. {runs}")
    if report.past.by_stake is None:
        yield "All stakes are equal; every past bet counts the same, by what it paid per unit staked."
    else:
        yield "Stakes differ, but every past bet counts the same, by what it paid per unit staked."


def _failure(report: Report) -> Iterator[str]:
    yield from ("", "HOW OFTEN BETS FAIL")
    rule = "less than they cost" if report.hurdle == 1.0 else f"less than {report.hurdle:g}x what they cost, or nothing"
    if report.past is None:
        yield f"  {100.0 * report.failure_rate.value:.1f}% of bets pay back {rule}."
        return
    by_stake = report.past.by_stake
    money = "" if by_stake is None else f"; of the money staked, {show.percent_within(by_stake)}"
    yield from _said(f"{show.percent_within(report.failure_rate)} of bets pay back {rule}{money}.")


def _where(report: Report) -> Iterator[str]:
    yield from ("", "WHERE THE VALUE SITS")
    for view in report.views:
        yield from _said(_which(report, view), _concentration(view))
    known = [(size.n_bets, size.best_share) for size in report.views[-1].sizes if size.n_bets in (20, 50, 100)]
    parts = [f"{show.percent(share)} with {n} bets" for n, share in known if share is not None]
    if parts:
        tail = " (with the tail)" if len(report.views) > 1 else ""
        yield from _said(f"of what a portfolio pays{tail}, the best single bet brings on average {', '.join(parts)}.")


def _which(report: Report, view: View) -> str:
    return f"{view.name}:" if len(report.views) > 1 else ""


def _concentration(view: View) -> str:
    c = view.concentration
    if c.top_shares is not None and c.gini is not None:
        parts = " and ".join(f"the best {s.fraction:.0%} hold {show.percent(s.share)}" for s in c.top_shares)
        gini = f"{c.gini:.2f}" if c.gini < 0.995 else "above 0.99"
        return f"of all bets, {parts} of the value (Gini {gini})."
    if view.tail_index <= 1.0:
        return "no mean, so the more bets, the more the few largest decide the total."
    return "no shares, because bets can pay less than nothing, or none pays."


def _more_bets(report: Report) -> Iterator[str]:
    yield from ("", "WHAT MORE BETS DO")
    if len(report.views) > 1:
        yield "  (left: resampled, so nothing beyond the largest seen | right: with a fitted tail)"
    yield from tables.sizes(report)


def _how_many(report: Report) -> Iterator[str]:
    yield from ("", "HOW MANY BETS, AND WHY")
    most = report.max_bets
    for view in report.views:
        chance, median = view.best
        goal = f"for the best chance of {report.target:g}x,"
        advice = _advice(chance, show.percent(chance.score), most)
        yield from _said(_which(report, view), goal, advice, _why(report, chance))
        yield from _said("for the best median,", _advice(median, show.multiple(median.score), most))


def _advice(best: BestCount, score: str, most: int) -> str:
    """How many bets, as one would say it."""
    low, high = best.plateau
    if (low, high) == (1, most):
        return f"no number of bets stands out ({score} at best)."
    if best.at_edge and score == ">99.9%":
        return f"{low} bets or more are as good as certain ({score})."
    if best.gaps:
        return f"some numbers from {low} to {high} bets ({score}), and not those between: payoffs come in steps."
    if best.at_edge and low < 0.9 * high:
        return f"{low} bets or more ({score}): too close to call up to the {high} tried."
    if best.at_edge:
        alike = f"{low} to {high} bets are too close to call" if low < high else f"the most tried, {high}, do best"
        return f"as many as you can: {alike} ({score}). Without a cost per bet or a cap no number is the best."
    if low == high:
        return f"{low} bets ({score}); any other number does worse."
    return f"{low} to {high} bets ({score}): too close to call between them, and the others do worse."


def _why(report: Report, best: BestCount) -> str:
    """The reason, where the mean is declared and not estimated."""
    mean = report.mean.value
    if report.past is not None or not mean < report.target or best.at_edge:
        return ""
    short = f"short of {report.target:g}x"
    return f"Why: a bet pays {mean:.2f}x on average. Many bets end near that, {short}; few leave room for luck."


def _mean(report: Report) -> Iterator[str]:
    yield from ("", "WHAT A BET PAYS ON AVERAGE")
    mean, verdict = report.mean, report.mean_verdict
    if report.past is None and verdict.kind == "not at this n":
        yield from _said(
            f"{mean.value:.2f}x, but do not count on it: what {verdict.n} bets pay comes within 20% of that only",
            f"{verdict.probability:.0%} of the time; it takes about {verdict.n_needed:,.0f} bets for 90%.",
        )
    elif mean.value == float("inf"):
        yield from _said("no number, because it does not exist.", mean.verdict or "")
    elif mean.interval[1] == float("inf"):
        low = show.rounded(mean.interval[0])
        yield from _said(f"no number is safe: {low} or more, without limit.", mean.verdict or "")
    else:
        yield from _said(f"{show.multiple_within(mean)}.", mean.verdict or "")


def _unknown(report: Report) -> Iterator[str]:
    n = f" WITH {report.scenarios[0].size.n_bets} BETS" if report.scenarios else ""
    yield from ("", f"WHAT IS NOT KNOWN, AND WHAT IT CHANGES{n}")
    if report.past is not None:
        yield from _said(f"that the next bets are like these {report.past.n_bets:,} is assumed.", _tail(report))
    if report.scenarios:
        yield from tables.scenarios(report)
        yield from _said(_flips(report))


def _tail(report: Report) -> str:
    past = report.past
    if past is None or past.tail is None or past.threshold is None:
        return "No tail can be fitted to so few bets, or to equal ones: nothing here pays more than the largest seen."
    index, low, high = (show.tail_index(x) for x in (past.tail.value, *past.tail.interval))
    no_mean = "; at 1 or below there is no mean" if past.tail.interval[0] <= 1.0 else ""
    where = f"above {show.rounded(past.threshold)} ({past.tail.n} bets)"
    return f"The tail {where} has index {index}, an estimate: {low} to {high}, lower is wilder{no_mean}."


def _flips(report: Report) -> str:
    reference = next(s for s in report.scenarios if s.reference)
    flipped = [s for s in report.scenarios if s.flips]
    if not flipped:
        return "No case here rules out the number of bets given above."
    cases = ", ".join(f"{tables.range_of(s.best, report.max_bets)} in the case of {tables.case(s)}" for s in flipped)
    return f"The advice FLIPS: not {tables.range_of(reference.best, report.max_bets)} bets but {cases}."


def _foot(report: Report) -> Iterator[str]:
    yield ""
    if report.past is not None:
        yield "Other options, such as --hurdle 2, --target 10 or --json: python -m tailsim --help"
        return
    yield "Your own past bets: python -m tailsim --data outcomes.csv --stake cost_column --payoff paid_column"
