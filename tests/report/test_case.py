"""The case for failure: its figures against the simulation, its sentences against its figures, its files."""

import json
import math
import re

import numpy as np
import pytest

import tailsim as ts
from tailsim.errors import ArgumentError
from tailsim.report.case import Case

FEW = 2000
BET = ts.ZeroInflated(ts.Pareto(1.5), 0.65)


@pytest.fixture(scope="module")
def case() -> Case:
    return ts.case_for_failure(ts.Portfolio.of(BET, 30), n_trials=FEW, rng=1)


@pytest.fixture(scope="module")
def wild() -> Case:
    return ts.case_for_failure(ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(0.9), 0.65), 30), n_trials=FEW, rng=1)


def without_tags(page: str) -> str:
    return re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", page, flags=re.S)


# --- figures ------------------------------------------------------------------------------------------


def test_figures_are_those_of_the_simulation(case: Case) -> None:
    run = ts.simulate(ts.Portfolio.of(BET, 30), n_trials=FEW, rng=1)
    assert case.figure("money_back").estimate == run.prob_at_least(1)
    assert case.figure("money_back").estimate.interval == run.prob_at_least(1).interval
    assert case.figure("reach_target").estimate == run.prob_at_least(3)
    assert case.figure("median").estimate == run.median()
    assert case.figure("failure_rate").estimate == pytest.approx(0.65, abs=1e-12)
    rest = (run.totals - run.largest) / 30
    assert case.figure("money_back_without").estimate == np.mean(rest >= 1)
    assert case.figure("best_share").estimate.value == np.sort(run.largest / run.totals)[FEW // 2 - 1]
    assert case.figure("a_hit").estimate.value == pytest.approx(1 - (1 - 0.35 * 10**-1.5) ** 30, rel=1e-12)


def test_an_unknown_figure_is_refused(case: Case) -> None:
    with pytest.raises(ArgumentError, match="name must be one of"):
        case.figure("mode")


# --- no mean where there is none ------------------------------------------------------------------------


def test_without_a_mean_none_is_on_the_page(wild: Case) -> None:
    assert "mean" not in wild.names
    page = without_tags(wild.to_html())
    assert "There is no average to plan with" in page
    assert "The average is" not in page
    assert "Average" not in page
    assert not re.search(r"\b(inf|nan|no limit)\b", page)
    assert "mean" not in json.loads(wild.to_json())["figures"]


def test_a_mean_carries_its_verdict(case: Case) -> None:
    assert case.figure("mean").estimate.verdict == "not reliable for one portfolio, which need not land near it"
    said = next(s.text for s in case.sentences if s.topic == "mean")
    assert "do not plan with it" in said


# --- bad input ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"audience": "boss"}, "audience must be one of 'team', 'board', 'engineer', got 'boss'"),
        ({"target": 0}, "target must be a finite number above 0"),
        ({"hit": -1}, "hit must be a finite number above 0"),
        ({"hurdle": math.nan}, "hurdle must be a finite number"),
        ({"n_trials": 999}, "n_trials must be a whole number from 1,000"),
        ({"title": 3}, "title must be a string"),
    ],
)
def test_bad_arguments_are_refused(arguments, said: str) -> None:
    with pytest.raises(ArgumentError, match=re.escape(said)):
        ts.case_for_failure(BET, **arguments)


def test_what_is_no_portfolio_is_refused() -> None:
    with pytest.raises(
        ArgumentError, match="programme_or_portfolio must be a Programme, a Portfolio, a Bet or a payoff law"
    ):
        ts.case_for_failure([1, 2, 3])


# --- files ----------------------------------------------------------------------------------------------


def test_the_page_is_written_whole_or_not_at_all(case: Case, tmp_path, monkeypatch) -> None:
    path = tmp_path / "case.html"
    text = case.to_html(path)
    assert path.read_text(encoding="utf-8") == text

    def broken(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.replace", broken)
    with pytest.raises(OSError, match="no space left"):
        case.to_html(path)
    assert path.read_text(encoding="utf-8") == text
    assert [p.name for p in tmp_path.iterdir()] == ["case.html"]


def test_the_page_loads_nothing(case: Case) -> None:
    page = case.to_html()
    assert not re.search(r"""(src|href)\s*=\s*["'](?!#)|url\(|@import|fetch\(|XMLHttp""", page)
    assert "default-src 'none'" in page


def test_the_same_seed_gives_the_same_page() -> None:
    one, two = (ts.case_for_failure(BET, n_trials=1000, what_if=False, rng=3).to_html() for _ in range(2))
    assert one == two


def test_a_title_is_text_and_not_markup() -> None:
    made = ts.case_for_failure(BET, title="<b>&|*", n_trials=1000, what_if=False, rng=3)
    assert "<h1>&lt;b&gt;&amp;|*</h1>" in made.to_html()
    assert made.to_markdown().startswith("# \\<b\\>&\\|\\*\n")
    assert "<h3>&lt;b&gt;" in made._repr_html_()


# --- programmes -----------------------------------------------------------------------------------------


def test_a_programme_has_a_case_of_its_years() -> None:
    gates = [ts.decide.Gate(0.2, 0.5)]
    team = ts.Programme(BET, 20, overhead=2, gates=gates, rounds=2, goal=ts.ProbAtLeast(1.5))
    made = ts.case_for_failure(team, n_trials=1000, rng=4)
    years = team.simulate(n_trials=1000, rng=4)
    assert made.figure("reach_target").estimate == years.prob_goal
    assert made.figure("a_hit").estimate == years.prob_hit
    assert made.figure("failure_rate").estimate == years.failure_rate
    assert made.figure("median").estimate == years.median
    afraid = team.simulate(ts.Practices(least_odds=0.5), n_trials=1000, rng=4)
    fear = next(change for change in made.changes if change.name == "fear")
    assert fear.shifts[1].after.estimate == afraid.prob_goal
    assert fear.shifts[1].direction == "down"
    assert "Refusing every idea more likely to fail than not lowers" in made.to_markdown()
    assert made.what_if is not None
    assert [r.text for r in made.what_if.start][:3] == [
        made.figure(name).text for name in ("failure_rate", "a_hit", "money_back")
    ]


@pytest.mark.parametrize("name", ["hurdle", "hit"])
def test_a_programme_sets_its_own_rules(name: str) -> None:
    with pytest.raises(ArgumentError, match=f"{name} must be None for a programme, which sets its own, got 2"):
        ts.case_for_failure(ts.Programme(BET, 5), **{name: 2})


def test_a_programme_for_hits_has_a_case_about_the_usual_target() -> None:
    team = ts.Programme(BET, 5, goal=ts.decide.Hits(10))
    case = ts.case_for_failure(team, n_trials=1000, what_if=True, rng=1)
    assert case.figure("target").estimate.value == 3.0
