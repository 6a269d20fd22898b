"""The main job: published rows, laws written out, and tables of past bets of every shape."""

import json
import math
import os
import re
import signal
from dataclasses import replace

import numpy as np
import pytest

from tailsim.errors import DataError
from tailsim.fit import hill
from tailsim.io import Outcomes
from tailsim.payoffs import Pareto
from tailsim.report import Report, as_json, as_text, past_report, venture_report
from tailsim.report.answers import BestCount, Size
from tailsim.report.study import MAX_BETS, SIZES, flips
from tailsim.stats.estimate import Estimate

FEW = 10_000
MANY = 50_000


@pytest.fixture(scope="module")
def venture() -> Report:
    return venture_report(n_trials=MANY, seed=1)


def outcomes(payoffs, stakes=None) -> Outcomes:
    paid = np.array(payoffs, float)
    return Outcomes(paid, np.ones(paid.size) if stakes is None else np.array(stakes, float), None, "bets.csv", 0)


@pytest.fixture(scope="module")
def past() -> Report:
    rng = np.random.default_rng(1)
    return past_report(outcomes(Pareto(1.3, 0.4).rvs(900, rng=2), rng.choice([1.0, 2.0], 900)), n_trials=FEW)


def size(report: Report, n_bets: int) -> Size:
    return next(s for s in report.views[0].sizes if s.n_bets == n_bets)


def near(p: float) -> float:
    """.005 for the source's own error, and the binomial error exceeded once in a million."""
    return 0.005 + 4.9 * math.sqrt(p * (1.0 - p) / MANY)


@pytest.mark.parametrize(
    ("n_bets", "column", "printed"),
    [(10, 0, 0.831), (20, 0, 0.936), (50, 0, 0.995), (10, 1, 0.221), (30, 1, 0.230), (100, 1, 0.216), (500, 1, 0.188)],
)
def test_correlation_ventures_chances(venture: Report, n_bets: int, column: int, printed: float) -> None:
    chance = size(venture, n_bets).at_least[column]
    assert chance.multiple == (1.0, 3.0)[column]
    assert abs(chance.probability.value - printed) < near(printed)


@pytest.mark.parametrize(("n_bets", "printed"), [(10, 1.775), (20, 1.976), (50, 2.198)])
def test_correlation_ventures_medians(venture: Report, n_bets: int, printed: float) -> None:
    median = size(venture, n_bets).median
    assert abs(median.value - printed) < 0.005 + 4.9 * median.std_error


def test_correlation_ventures_facts_of_one_deal(venture: Report) -> None:
    assert venture.failure_rate.value == pytest.approx(0.648, rel=1e-12)
    assert venture.mean.value == pytest.approx(2.775, abs=5e-4)
    assert venture.mean_verdict.kind == "not at this n"
    shares = venture.views[0].concentration.top_shares
    assert shares is not None
    # above the best 0.4 % the tail of the law is Pareto: their share is 0.004 * 50 * 1.42 / 0.42 of the mean
    assert shares[0].share > 0.004 * 50.0 * 1.42 / 0.42 / venture.mean.value
    assert [s.fraction for s in shares] == [0.01, 0.06]


def test_a_higher_hurdle_fails_more_deals() -> None:
    harder = venture_report(n_trials=FEW, hurdle=2.0)
    assert harder.failure_rate.value == pytest.approx(0.648 + 0.253 * math.log(2) / math.log(5), rel=1e-12)
    assert "64.8%" not in as_text(harder)


def test_the_advice_on_3x_is_a_plateau_and_on_the_median_the_edge(venture: Report) -> None:
    chance, median = venture.views[0].best
    assert not chance.at_edge
    assert 10 < chance.plateau[0] <= chance.n_bets <= chance.plateau[1] < 100
    assert median.at_edge
    assert median.plateau[1] == MAX_BETS
    assert abs(chance.score.value - 0.231) < near(0.231)
    assert median.score.interval[0] < median.score.value < median.score.interval[1]


def test_scenarios_are_both_rules_by_three_tails_and_the_wild_one_flips(venture: Report) -> None:
    assert {(s.zero, s.tail_index) for s in venture.scenarios} == {
        (zero, tail) for zero in ("low", "uniform") for tail in (1.1, 1.42, 1.9)
    }
    assert [(s.zero, s.tail_index) for s in venture.scenarios if s.reference] == [("uniform", 1.42)]
    assert [(s.zero, s.tail_index) for s in venture.scenarios if s.flips] == [("uniform", 1.1)]
    by = {(s.zero, s.tail_index): s for s in venture.scenarios}
    assert not any(s.mean_is_reliable for s in by.values())
    # a tail index or a rule for zeros is a ranking of laws: with common random numbers it ranks every answer
    assert by["low", 1.42].size.median < by["uniform", 1.42].size.median
    assert by["uniform", 1.9].size.at_least[1].probability <= by["uniform", 1.1].size.at_least[1].probability
    assert by["uniform", 1.42].size == size(venture, 50)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((17, 40), (30, 60), False),
        ((17, 40), (41, 60), True),
        ((300, 500), (17, 40), True),
        ((1, 500), (17, 40), False),
    ],
)
def test_advice_flips_where_the_plateaus_are_apart(one, other, expected: bool) -> None:
    score = Estimate(0.2, 0.1, (0.1, 0.3), 0.95, "a test", 10)
    counts = [BestCount("goal", p[0], score, p, p[1] == 500, "") for p in (one, other)]
    assert flips(*counts) is expected


def test_averages_in_the_table_are_marked_where_500_bets_do_not_show_them(venture: Report) -> None:
    note = "* What 500 bets pay comes within 20% of this average less than 90% of the time."
    text = as_text(venture)
    assert note in text
    assert all(f" {s.mean:.2f}x*" in text for s in venture.scenarios)
    sure = tuple(replace(s, mean_is_reliable=True) for s in venture.scenarios)
    text = as_text(replace(venture, scenarios=sure))
    assert note not in text
    assert not any(f"{s.mean:.2f}x*" in text for s in sure)
    one = as_text(replace(venture, scenarios=(venture.scenarios[0], *sure[1:])))
    assert note in one
    assert one.count("x*") == 1


def test_the_same_seed_gives_the_same_report_and_another_another() -> None:
    bets = outcomes([0.0, 0.5, 3.0, 9.0])
    one, two, other = (as_json(past_report(bets, n_trials=FEW, seed=seed)) for seed in (5, 5, 6))
    assert one == two
    assert one != other


def test_ctrl_c_ends_the_report() -> None:
    with pytest.raises(KeyboardInterrupt):
        venture_report(n_trials=1_000_000, show=lambda done: os.kill(os.getpid(), signal.SIGINT))


def test_progress_ends_at_one() -> None:
    seen: list[float] = []
    past_report(outcomes(Pareto(1.3).rvs(400, rng=2)), n_trials=FEW, show=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(1.0, abs=1e-9)


# --- past bets ----------------------------------------------------------------------------------------


def test_past_bets_are_resampled_and_fitted_side_by_side(past: Report) -> None:
    assert [view.name for view in past.views] == ["resampled", "with a fitted tail"]
    assert past.views[0].tail_index == math.inf
    assert past.past is not None
    assert past.past.tail is not None
    assert past.past.tail.n == 30
    assert past.views[1].tail_index == past.past.tail.value
    assert [s.name for s in past.scenarios] == ["no tail", "light", "fitted", "heavy"]
    assert [s.tail_index for s in past.scenarios[1::2]] == list(past.past.tail.interval[::-1])
    assert [s.reference for s in past.scenarios] == [False, False, True, False]


def test_the_tail_of_a_report_is_hills() -> None:
    paid = Pareto(1.3).rvs(400, rng=2)
    facts = past_report(outcomes(paid), n_trials=FEW).past
    assert facts is not None
    assert facts.tail == hill(paid, 20)
    assert facts.threshold == np.sort(paid)[-21]
    assert facts.by_stake is None


def test_failures_are_counted_by_bets_and_by_stake() -> None:
    report = past_report(outcomes([0, 1, 1, 8], [1, 1, 4, 4]), n_trials=FEW)
    assert report.failure_rate.value == 0.5
    assert report.past is not None
    assert report.past.by_stake == 0.5
    twice = past_report(outcomes([0, 1, 1, 8], [1, 1, 4, 4]), n_trials=FEW, hurdle=2.0)
    assert twice.failure_rate.value == 0.75
    assert twice.past is not None
    assert twice.past.by_stake == 0.6


def test_one_bet_of_a_resampled_portfolio_is_one_of_the_past(past: Report) -> None:
    one = size(past, 1).at_least[0].probability
    exact = 1.0 - past.failure_rate.value
    assert abs(one.value - exact) < 4.9 * math.sqrt(exact * (1.0 - exact) / FEW)


def test_too_few_bets_for_a_tail_are_resampled_only() -> None:
    report = past_report(outcomes([0.0, 0.5, 3.0] * 8), n_trials=FEW)
    assert len(report.views) == 1
    assert report.scenarios == ()
    assert report.past is not None
    assert "10 points" in str(report.past.why_no_tail)
    assert "No tail can be fitted" in as_text(report)


def test_one_past_bet_is_refused() -> None:
    with pytest.raises(DataError, match="at least 2 past bets"):
        past_report(outcomes([3.0]), n_trials=FEW)


# --- as text and as JSON ------------------------------------------------------------------------------

SHAPES = {
    "wild": Pareto(0.6).rvs(400, rng=1),
    "light": np.linspace(0.5, 3.0, 400),
    "all zero": np.zeros(300),
    "equal": np.full(300, 2.0),
    "signed": Pareto(1.5).rvs(300, rng=1) - 2.0,
    "huge": 1e200 * Pareto(1.5).rvs(300, rng=1),
    "tiny": 1e-200 * Pareto(1.5).rvs(300, rng=1),
    "two": np.array([0.0, 9.0]),
}


def check_text(text: str) -> None:
    lines = text.splitlines()
    assert len(lines) < 60
    assert max(map(len, lines)) <= 100
    assert text.isascii()
    assert not re.search(r"\b(inf|nan|None)\b", text), text


def check_json(text: str) -> dict:
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


@pytest.mark.parametrize("shape", SHAPES)
def test_past_bets_of_any_shape_fit_on_a_page(shape: str) -> None:
    report = past_report(outcomes(SHAPES[shape]), n_trials=FEW)
    check_text(as_text(report))
    assert check_json(as_json(report))["past"]["n_bets"] == len(SHAPES[shape])


def test_a_mean_that_does_not_exist_is_no_number() -> None:
    report = past_report(outcomes(SHAPES["wild"]), n_trials=FEW)
    assert "No number is safe" in as_text(report)
    content = check_json(as_json(report))
    assert content["mean"]["interval"][1] == "inf"
    assert content["views"][0]["tail_index"] == "inf"
    assert content["views"][1]["concentration"]["gini"] is None


def test_the_text_fits_on_a_page(venture: Report, past: Report) -> None:
    for report in (venture, past):
        check_text(as_text(report))


def test_the_text_ends_with_how_to_use_ones_own_data(venture: Report) -> None:
    assert "--data" in as_text(venture).splitlines()[-1]


def cells(text: str, heading: str) -> list[list[str]]:
    """The rows of the table of a section, by their columns."""
    section = text.split(heading, 1)[1].split("\n\n")[0].splitlines()
    return [re.split(r"\s{2,}", line.strip()) for line in section if re.match(r"\s+\d+\s{2,}", line)]


def agrees(cell: str, estimate: dict) -> bool:
    """A cell shows the number of the JSON to its last digit."""
    digits = cell.lstrip("<>").rstrip("%x").replace(",", "")
    value = estimate["value"] * (100.0 if cell.endswith("%") else 1.0)
    if cell[0] in "<>":
        return value <= float(digits) if cell[0] == "<" else value >= float(digits)
    return abs(float(digits) - value) <= 0.5 * 10.0 ** -len(digits.partition(".")[2]) + 1e-9


def test_the_text_shows_the_numbers_of_the_json(venture: Report) -> None:
    content = check_json(as_json(venture))
    rows = cells(as_text(venture), "WHAT MORE BETS DO")
    assert [int(row[0]) for row in rows] == list(SIZES)
    for row, known in zip(rows, content["views"][0]["sizes"], strict=True):
        estimates = [chance["probability"] for chance in known["at_least"]]
        estimates += [known[name] for name in ("median", "low", "high", "best_is_half")]
        assert all(agrees(cell, e) for cell, e in zip(row[1:], estimates, strict=True)), (row, estimates)


def test_both_views_are_shown_in_one_row(past: Report) -> None:
    rows = cells(as_text(past), "WHAT MORE BETS DO")
    views = check_json(as_json(past))["views"]
    assert len(rows) == len(SIZES)
    for row, *known in zip(rows, views[0]["sizes"], views[1]["sizes"], strict=True):
        for side, size_ in enumerate(known):
            estimates = [size_["at_least"][0]["probability"], size_["at_least"][1]["probability"], size_["median"]]
            assert all(agrees(c.split(" | ")[side], e) for c, e in zip(row[1:4], estimates, strict=True)), row


def test_json_holds_every_field_under_its_name(venture: Report) -> None:
    content = check_json(as_json(venture))
    assert content["format"] == 1
    assert set(content) == {"format", "tailsim", *Report.__slots__}
    assert content["failure_rate"]["value"] == venture.failure_rate.value
    assert content["views"][0]["best"][0]["verdict"] == venture.views[0].best[0].verdict
