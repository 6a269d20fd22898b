"""Scenario files: what they say comes back, and a bad one lists every problem it has."""

import importlib
import inspect
import json
import re

import pytest

import tailsim as ts
from tailsim.io import schema
from tailsim.io.plain import KINDS, Reader, to_plain
from tailsim.io.schema import generated

from .test_io_saved import PORTFOLIOS, Own

GOOD = """
scenario = 1
[laws.product]
law = "ZeroInflated"
base = {law = "Pareto", tail_index = {law = "Uniform", low = 1.1, high = 1.9}}
p_zero = 0.65
[portfolio]
dependence = {model = "OneFactor", size = 0.2}
[[portfolio.bets]]
n_bets = 3
payoff = "product"
[[portfolio.bets]]
payoff = {law = "Truncated", base = {law = "Lomax", tail_index = 1.5}, high = inf}
stake = 2
[goals.triple]
goal = "ProbAtLeast"
multiple = 3
[goals.half]
goal = "MedianMultiple"
"""


@pytest.fixture
def write(tmp_path):
    def written(text):
        path = tmp_path / "plan.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


def problems(path):
    with pytest.raises(ts.ScenarioError) as caught:
        ts.load_scenario(path)
    assert str(caught.value).startswith(f"{path} has ")
    assert all(f"\n  {problem}" in str(caught.value) for problem in caught.value.problems)
    return caught.value.problems


def test_a_scenario_is_what_it_says(write):
    scenario = ts.load_scenario(write(GOOD))
    product = ts.ZeroInflated(ts.Pareto(ts.Uniform(1.1, 1.9)), 0.65)
    assert scenario.laws == {"product": product}
    bets = [product] * 3 + [ts.Bet(ts.Truncated(ts.Lomax(1.5)), stake=2)]
    assert scenario.portfolio == ts.Portfolio(bets, ts.OneFactor(size=0.2))
    assert scenario.goals == {"triple": ts.ProbAtLeast(3), "half": ts.MedianMultiple()}


def test_an_empty_scenario_has_nothing(write):
    scenario = ts.load_scenario(write(""))
    assert (scenario.portfolio, dict(scenario.laws), dict(scenario.goals)) == (None, {}, {})


@pytest.mark.parametrize("portfolio", PORTFOLIOS.values(), ids=PORTFOLIOS)
def test_a_portfolio_comes_back_from_toml(portfolio, tmp_path):
    pytest.importorskip("tomli_w")
    path = tmp_path / "plan.toml"
    text = portfolio.to_toml(path)
    assert path.read_bytes() == text.encode()
    assert ts.load_scenario(path).portfolio == portfolio


def test_a_law_of_ones_own_cannot_be_written(tmp_path):
    pytest.importorskip("tomli_w")
    with pytest.raises(ts.ArgumentError, match="must be one of tailsim's laws"):
        ts.Portfolio.of(Own(), 2).to_toml(tmp_path / "plan.toml")
    assert not (tmp_path / "plan.toml").exists()


def test_every_problem_is_listed_with_its_key_and_the_nearest(write):
    text = """
scenario = 2
portfolo = 3
[laws.a]
law = "Paretto"
[laws.b]
law = "Pareto"
tail_indx = 1.5
[laws.c]
law = "Mixture"
components = [{law = "Pareto", tail_index = -1}, {lw = "Pareto"}]
weights = [1.0]
[portfolio]
dependence = [{model = "OneFactor", copula = "gauss"}]
count = {count = "Poisson", mean = 3}
[[portfolio.bets]]
payoff = "d"
steak = 3
[[portfolio.bets]]
n_bets = 0
payoff = {law = "Pareto", tail_index = 1.5}
[goals.x]
goal = "ProbAtLeast"
[goals.y]
goal = "MedianMultiple"
multiple = 3
"""
    found = problems(write(text))
    expected = [
        "portfolo: is no key here; did you mean portfolio?",
        "scenario: must be 1, got 2",
        "laws.a.law: got 'Paretto'; did you mean Pareto?",
        "laws.b.tail_indx: is no key here; did you mean tail_index?",
        "laws.b.tail_index: is missing",
        "laws.c.components[0]: tail_index must be a finite number above 0, got -1",
        "laws.c.components[1]: must be a table with the key law, .*; did you mean law?",
        "goals.x.multiple: is missing",
        "goals.y.multiple: is no key here; ",
        "portfolio.bets[0].steak: is no key here; did you mean stake?",
        "portfolio.bets[0].payoff: got 'd', which is none of laws; ",
        "portfolio.bets[1].n_bets: n_bets must be a whole number from 1 to 10,000,000, got 0",
        "portfolio.dependence[0]: copula must be one of",
        "portfolio.count.count: got 'Poisson'; did you mean PoissonCount?",
    ]
    assert len(found) == len(expected)
    for problem, said in zip(found, expected, strict=True):
        assert re.match(re.escape(said).replace(r"\.\*", ".*"), problem), problem


BAD = {
    "no TOML": ("[laws", "file: must be valid TOML: "),
    "Latin-1": ("# é".encode("latin-1"), "file: must be UTF-8, got byte 0xe9 at position 2"),
    "arrays without end": ("a = " + "[" * 100_000, "file: must be valid TOML: "),
    "laws that are no table": ("laws = 3", "laws: must be a table of tables, got 3"),
    "a law that is a number": ("laws.a = 3", "laws.a: must be a table with the key law, one of Pareto"),
    "a law that is a list": ("laws.a = {law = ['Pareto']}", "laws.a.law: got ['Pareto']; "),
    "a portfolio that is a list": (
        "portfolio = []",
        "portfolio: must be a table with the keys bets, dependence, count",
    ),
    "no bets": ("[portfolio]", "portfolio.bets: is missing"),
    "an empty list of bets": ("portfolio.bets = []", "portfolio.bets: must be a list of at least one table"),
    "a bet that is a number": ("portfolio.bets = [3]", "portfolio.bets[0]: must be a table with the keys payoff"),
    "a date": ("laws.a = {law = 'Pareto', tail_index = 2020-01-01}", "laws.a: tail_index must be"),
    "text for a number": ("laws.a = {law = 'Pareto', tail_index = '1.5'}", "laws.a: tail_index must be"),
    "a number for a law": ("laws.a = {law = 'ZeroInflated', base = 3, p_zero = 0}", "laws.a: base must be"),
}


@pytest.mark.parametrize(("text", "says"), BAD.values(), ids=BAD)
def test_a_bad_scenario_is_refused(write, text, says):
    (problem,) = problems(write(text))
    assert problem.startswith(says)
    assert "\n" not in problem


def test_a_bad_scenario_runs_nothing(write, monkeypatch):
    def ran(*args, **kwargs):
        raise RuntimeError("ran")

    monkeypatch.setattr("builtins.__import__", importlib.__import__)
    monkeypatch.setattr("builtins.eval", ran)
    monkeypatch.setattr("builtins.exec", ran)
    (problem,) = problems(write("laws.a = {law = \"__import__('os').system('true')\"}"))
    assert problem.startswith("laws.a.law: got ")


@pytest.mark.parametrize("path", [None, 3, b"plan.toml"])
def test_a_path_of_another_type_is_refused(path):
    with pytest.raises(ts.ArgumentTypeError, match=r"^path must be the path of a TOML file"):
        ts.load_scenario(path)


# --- the schema ---------------------------------------------------------------------------------------


def test_the_published_schema_is_that_of_the_classes():
    assert schema() == json.loads(json.dumps(generated()))


def test_the_schema_names_every_law_and_every_one_of_ours_can_travel():
    named = {law["properties"]["law"]["const"] for law in schema()["$defs"]["law"]["oneOf"]}
    laws = {n for n in ts._HOME["payoffs"] if n[0].isupper()} - {"Payoff", "Tabulated", "Uncertain"}
    assert named == laws == set(KINDS["law"])


def test_every_goal_can_travel():
    given = {
        "ProbAtLeast": (3,),
        "QuantileMultiple": (0.9,),
        "ExpectedUtility": (2,),
        "WorstCase": (0.05,),
        "Hits": (9, 2),
    }
    every = {getattr(ts.decide, name) for name in ts.decide.__all__ if isinstance(getattr(ts.decide, name), type)}
    goals = {cls for cls in every if issubclass(cls, ts.decide.Goal) and not inspect.isabstract(cls)}
    assert goals == set(KINDS["goal"].values())
    for name, cls in KINDS["goal"].items():
        goal = cls(*given.get(name, ()))
        reader = Reader()
        assert reader.thing("goal", to_plain(goal), "goal") == goal
        assert reader.problems == []


def test_the_schema_agrees_with_the_reader(write):
    jsonschema = pytest.importorskip("jsonschema")
    tomllib = importlib.import_module("tomllib")
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(tomllib.loads(GOOD), schema())
    for text in ("laws.a = {law = 'Paretto'}", "portfolo = 3", "portfolio.bets = [{steak = 3}]"):
        assert Reader().table(tomllib.loads(text), "", ()) is not None
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(tomllib.loads(text), schema())
