"""The subcommands: what each prints and writes, and that bad input writes nothing."""

import json

import pytest

import tailsim as ts
from tailsim.cli import main

FEW = ("--trials", "1000")
SCENARIO = """
[[portfolio.bets]]
n_bets = 12
payoff = {law = "ZeroInflated", base = {law = "Pareto", tail_index = 1.5}, p_zero = 0.65}
"""
PORTFOLIO = ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5), 0.65), 12)


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "scenario.toml"
    path.write_text(SCENARIO)
    return str(path)


def refusal(capsys, *arguments: str) -> str:
    """What is said where a command is refused: code 2, nothing on stdout, a sentence on stderr."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("tailsim: error: ")
    assert "Traceback" not in err
    return err


def printed(capsys, *arguments: str) -> dict:
    """The strict JSON that a command prints."""
    assert main(arguments) == 0
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


def test_case_prints_markdown_of_the_case(capsys, scenario: str) -> None:
    assert main(["case", scenario, *FEW, "--audience", "board", "--title", "Our bets"]) == 0
    made = ts.case_for_failure(PORTFOLIO, "board", title="Our bets", n_trials=1000, rng=1)
    assert capsys.readouterr().out == made.to_markdown()


def test_case_writes_page_and_markdown_and_says_so(capsys, scenario: str, tmp_path) -> None:
    page, text = tmp_path / "case.html", tmp_path / "case.md"
    assert main(["case", scenario, *FEW, "--html", str(page), "--markdown", str(text), "--target", "2"]) == 0
    assert capsys.readouterr().out == f"wrote {page}\nwrote {text}\n"
    made = ts.case_for_failure(PORTFOLIO, target=2, n_trials=1000, rng=1)
    assert page.read_text(encoding="utf-8") == made.to_html()
    assert text.read_text(encoding="utf-8") == made.to_markdown()


def test_case_as_json_has_the_figures(capsys, scenario: str) -> None:
    content = printed(capsys, "case", scenario, *FEW, "--json", "--seed", "7")
    made = ts.case_for_failure(PORTFOLIO, n_trials=1000, rng=7)
    assert {name: held["value"] for name, held in content["figures"].items()} == {
        figure.name: figure.estimate.value for figure in made.figures
    }


def test_simulate_answers_as_the_simulation_does(capsys, scenario: str) -> None:
    content = printed(capsys, "simulate", scenario, *FEW, "--json", "--multiple", "2", "--hurdle", "1.5")
    run = ts.simulate(PORTFOLIO, n_trials=1000, hurdle=1.5, rng=1)
    assert content["failure_rate"]["value"] == run.failure_rate()
    assert [(p["multiple"], p["probability"]["value"]) for p in content["prob_at_least"]] == [(2, run.prob_at_least(2))]
    assert content["mean"]["value"] == run.mean()
    assert main(["simulate", scenario, *FEW]) == 0
    assert capsys.readouterr().out.startswith("Simulation of 12 bets, 1,000 trials (seed 1)")


def test_a_mean_that_does_not_exist_is_no_number(capsys, tmp_path) -> None:
    path = tmp_path / "wild.toml"
    path.write_text(SCENARIO.replace("1.5", "0.9"))
    content = printed(capsys, "simulate", str(path), *FEW, "--json")
    assert content["mean"]["value"] == "inf"
    assert "does not exist" in content["mean"]["verdict"]


def test_bets_finds_the_best_number(capsys, scenario: str) -> None:
    content = printed(capsys, "bets", scenario, "--max", "20", "--target", "2", *FEW, "--json")
    found = ts.optimal_bet_count(PORTFOLIO.bets[0], ts.ProbAtLeast(2), max_bets=20, n_trials=1000, rng=1)
    assert content["n_bets"] == found.n_bets
    assert content["plateau"] == list(found.plateau)
    assert main(["bets", scenario, "--max", "20", "--target", "2", *FEW]) == 0
    assert capsys.readouterr().out == f"{found.verdict}\n"


def test_fit_prints_the_law_of_past_bets(capsys, tmp_path) -> None:
    path = tmp_path / "past.csv"
    paid = PORTFOLIO.bets[0].payoff.rvs(300, rng=1)
    path.write_text("paid\n" + "\n".join(map(str, paid)))
    content = printed(capsys, "fit", str(path), "--payoff", "paid", "--json")
    assert content["n_bets"] == 300
    assert content["p_zero"]["value"] == (paid == 0).mean()
    assert main(["fit", str(path), "--payoff", "paid"]) == 0
    assert content["verdict"] in capsys.readouterr().out


@pytest.mark.parametrize("command", ["case", "simulate", "bets", "fit", "template"])
def test_every_command_has_help_with_examples_and_codes(capsys, command: str) -> None:
    assert main([command, "--help"]) == 0
    out = capsys.readouterr().out
    assert f"\n  tailsim {command} " in out
    assert "Exit codes: 0 done, 2 bad input" in out
    assert "--json" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["case"], "required: file"),
        (["case", "/no/such.toml"], "cannot be read (No such file or directory)"),
        (["case", "/no/such.xlsx"], ""),
        (["case", "{}", "--target", "0"], "--target: must be a number above 0, got '0'"),
        (["case", "{}", "--trials", "999"], "--trials: must be a whole number from 1000"),
        (["case", "{}", "--audience", "boss"], "--audience"),
        (["simulate", "{}", "--multiple", "x"], "--multiple: must be a finite number"),
        (["bets", "{}", "--max", "0"], "--max: must be a whole number from 1"),
        (["fit", "{}"], "--payoff"),
        (["template", "plan.csv"], "must end in .xlsx"),
    ],
)
def test_bad_arguments_are_refused(capsys, scenario: str, arguments: list[str], said: str) -> None:
    assert said in refusal(capsys, *(argument.format(scenario) for argument in arguments))


def test_all_mistakes_of_a_scenario_are_listed_and_nothing_is_written(capsys, tmp_path) -> None:
    path, page = tmp_path / "bad.toml", tmp_path / "case.html"
    path.write_text('[[portfolio.bets]]\nn_bet = 3\npayoff = {law = "Parto", tail_index = 1.5}\n')
    err = refusal(capsys, "case", str(path), "--html", str(page))
    assert "did you mean n_bets?" in err
    assert "did you mean Pareto?" in err
    assert not page.exists()


def test_unlike_bets_cannot_be_counted(capsys, tmp_path) -> None:
    path = tmp_path / "two.toml"
    path.write_text(SCENARIO + SCENARIO.replace("1.5", "2.5"))
    assert "bets must be alike" in refusal(capsys, "bets", str(path))


def test_a_place_that_cannot_be_written_is_said(capsys, scenario: str, tmp_path) -> None:
    err = refusal(capsys, "case", scenario, *FEW, "--html", str(tmp_path / "none" / "case.html"))
    assert "--html must be a place that can be written" in err
