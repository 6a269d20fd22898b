"""Everything wrong is refused at the door, in one sentence that names the argument, its value and the rule."""

import math
import re
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tailsim as ts

NAN, INF = math.nan, math.inf
LAW = ts.Pareto(1.5)
PORTFOLIO = ts.Portfolio.of(LAW, 2)
LONG = "x" * 500


def refused(call, name, value=...):
    """The message of a refusal: one sentence, one line, with the argument and the short form of its value."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ts.ArgumentError) as caught:
            call()
    text = str(caught.value)
    assert "\n" not in text
    assert len(text) < 400
    assert text.endswith(".")
    assert not re.search(r"\.\s+[A-Z]", text), "one sentence"
    assert re.match(re.escape(name) + r"\b", text), text
    if value is not ...:
        shown = " ".join(repr(value).split())
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        forms = {
            shown[:57],
            *({repr(float(value)), f"{value:g}"} if (number and abs(value) < 1e308) or value != value else set()),
        }
        assert any(form in text for form in forms), text
    return text


WRONG_TYPE = ["1.5", b"1", None, True, np.True_, [1.5], (1.5,), {}, object(), 1 + 2j, LONG]
NOT_FINITE = [NAN, INF, -INF, np.float64("nan"), 10**400]
NOT_POSITIVE = [0, 0.0, -1, -1e-300, -0.0]

LAWS_AND_POSITIVE_PARAMETERS = [
    (lambda v: ts.Pareto(v), "tail_index"),
    (lambda v: ts.Pareto(1.5, v), "scale"),
    (lambda v: ts.Lomax(v), "tail_index"),
    (lambda v: ts.Lomax(1.5, scale=v), "scale"),
    (lambda v: ts.Frechet(v), "tail_index"),
    (lambda v: ts.Frechet(1.5, v), "scale"),
    (lambda v: ts.Weibull(v), "shape"),
    (lambda v: ts.Weibull(0.5, v), "scale"),
    (lambda v: ts.Exponential(v), "scale"),
    (lambda v: ts.LogNormal(0, v), "sigma"),
    (lambda v: ts.Bet(LAW, v), "stake"),
    (lambda v: ts.Bet.from_multiple(LAW, v), "stake"),
]
FINITE_PARAMETERS = [
    (lambda v: ts.LogNormal(v, 1), "mu"),
    (lambda v: ts.Constant(v), "value"),
    (lambda v: ts.Uniform(v, 10), "low"),
    (lambda v: ts.Uniform(0, v), "high"),
    (lambda v: ts.Affine(LAW, v, 0), "factor"),
    (lambda v: ts.Affine(LAW, 1, v), "shift"),
    (lambda v: ts.simulate(PORTFOLIO, hurdle=v), "hurdle"),
]


@pytest.mark.parametrize("value", [*WRONG_TYPE, *NOT_FINITE, *NOT_POSITIVE], ids=lambda v: repr(v)[:12])
@pytest.mark.parametrize(("call", "name"), LAWS_AND_POSITIVE_PARAMETERS, ids=lambda v: v if isinstance(v, str) else "")
def test_parameters_above_zero(call, name, value):
    refused(lambda: call(value), name, value)


@pytest.mark.parametrize("value", [*WRONG_TYPE, *NOT_FINITE], ids=lambda v: repr(v)[:12])
@pytest.mark.parametrize(("call", "name"), FINITE_PARAMETERS, ids=lambda v: v if isinstance(v, str) else "")
def test_parameters_that_are_finite(call, name, value):
    refused(lambda: call(value), name, value)


@pytest.mark.parametrize("value", [*WRONG_TYPE, *NOT_FINITE, -0.1, 1.0000001, 65], ids=lambda v: repr(v)[:12])
def test_p_zero(value):
    refused(lambda: ts.ZeroInflated(LAW, value), "p_zero", value)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: ts.Uniform(LAW, 10), "high must be above low"),
        (lambda: ts.ZeroInflated(LAW, LAW), "p_zero must be a probability"),
        (lambda: ts.Pareto(ts.Normal(2, 1)), "tail_index must be a finite number above 0"),
    ],
)
def test_a_law_as_a_parameter_must_give_only_values_that_are_allowed(call, name):
    assert name in refused(call, "an uncertain parameter can take a value that is refused")


@pytest.mark.parametrize("call", [lambda: ts.Bet(LAW, LAW), lambda: ts.Bet.from_multiple(LAW, LAW)])
def test_a_stake_is_no_law(call):
    refused(call, "stake", LAW)


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 1), (-1e308, 1e308)])
def test_uniform_bounds(low, high):
    refused(lambda: ts.Uniform(low, high), "high", float(high))


def test_affine_factor_zero():
    assert "Constant" in refused(lambda: ts.Affine(LAW, 0, 3), "factor")
    refused(lambda: 0 * LAW, "factor")


@pytest.mark.parametrize(
    "value", [1.5, True, "Pareto(1.5)", ts.Pareto, [LAW], ts.Bet(LAW), PORTFOLIO], ids=lambda v: repr(v)[:12]
)
@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda v: ts.ZeroInflated(v, 0.5), "base"),
        (lambda v: ts.Affine(v, 2, 1), "base"),
        (lambda v: ts.Mixture([LAW, v], [0.5, 0.5]), "components[1]"),
        (lambda v: ts.Buckets([0, 1], [0.5, 0.5], "low", v), "tail"),
        (lambda v: ts.Bet(v), "payoff"),
        (lambda v: ts.Bet.from_multiple(v, 2), "law"),
    ],
    ids=["ZeroInflated", "Affine", "Mixture", "Buckets", "Bet", "from_multiple"],
)
def test_laws_inside_others(call, name, value):
    with pytest.raises(ts.ArgumentError) as caught:
        call(value)
    assert str(caught.value).startswith(name + " must be")
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("weights", "shown"),
    [
        ([0.5, 0.6], "a sum of 1.1"),
        ([0.5, 0.5 + 2e-9], "a sum of 1.000000002"),
        ([1.5, -0.5], "-0.5 at position 1"),
        ([NAN, 1], "nan at position 0"),
        ([INF, 0], "inf at position 0"),
        ([1.0], "1"),
        ([0.2, 0.3, 0.5], "3"),
        ([], "[]"),
        ("ab", "'ab'"),
        (["a", "b"], "['a', 'b']"),
        (0.5, "0.5"),
        (None, "None"),
        ([[0.5, 0.5]], "(1, 2)"),
    ],
)
def test_weights_and_probabilities(weights, shown):
    assert shown in refused(lambda: ts.Mixture([LAW, LAW], weights), "weights")
    if shown not in ("1", "3"):  # a table of another length may be one with an open bucket
        assert shown in refused(lambda: ts.Buckets([0, 1, 2], weights, "low"), "probabilities")


def test_sums_within_a_billionth_of_one_are_rescaled():
    assert math.fsum(ts.Mixture([LAW, LAW], [0.5, 0.5 + 9e-10]).weights) == pytest.approx(1, rel=1e-15)


@pytest.mark.parametrize("components", [[], (), "laws", LAW, None, 3])
def test_components(components):
    refused(lambda: ts.Mixture(components, [1.0]), "components")


@pytest.mark.parametrize(
    "values",
    [[], [1, NAN], [1, INF], [-INF], "12", ["1", "2"], [[1, 2]], None, 5, [None], [1 + 2j], [1, [2]], np.array([True])],
    ids=repr,
)  # fmt: skip
def test_empirical_values(values):
    refused(lambda: ts.Empirical(values), "values")


@pytest.mark.parametrize(
    "edges", [[0, 0, 1], [0, 2, 1], [0, NAN, 1], [-INF, 0, 1], [0, INF, INF], [0, 1, 2, 3, 4], "abc", None, [0]]
)
def test_bucket_edges(edges):
    refused(lambda: ts.Buckets(edges, [0.5, 0.5], "low"), "edges")


@pytest.mark.parametrize("within", ["log", "", None, 3, ["low"], ["low", "low", "low"], ["low", "high"], "LOW", LONG])
def test_bucket_rules(within):
    refused(lambda: ts.Buckets([0, 1, 2], [0.5, 0.5], within), "within")


def test_a_bucket_from_zero_refuses_loguniform():
    text = refused(lambda: ts.Buckets([0, 1, 2], [0.5, 0.5]), "within")
    assert "[0, 1)" in text


def test_bucket_tails():
    refused(lambda: ts.Buckets([0, 1], [0.5, 0.5], "low"), "tail", None)
    refused(lambda: ts.Buckets([0, 1], [0.5, 0.5], "low", ts.Pareto(1.5, 0.5)), "tail")
    refused(lambda: ts.Buckets([0, 1], [1.0], "low", ts.Pareto(1.5)), "tail")


# ---- bets and portfolios


@pytest.mark.parametrize("label", ["name", "group"])
@pytest.mark.parametrize("value", [3, b"x", ["a"], True])
def test_labels(label, value):
    refused(lambda: ts.Bet(LAW, **{label: value}), label, value)


@pytest.mark.parametrize("bets", [[], (), None, 3, LAW, ts.Bet(LAW)], ids=lambda v: repr(v)[:12])
def test_bets(bets):
    refused(lambda: ts.Portfolio(bets), "bets")


@pytest.mark.parametrize("item", [3, None, "Pareto", [LAW], PORTFOLIO])
def test_items_of_a_portfolio(item):
    text = refused(lambda: ts.Portfolio([LAW, item]), "bets")
    assert text.startswith("bets[1] must be")


def test_a_string_is_no_list_of_bets():
    refused(lambda: ts.Portfolio("abc"), "bets")


@pytest.mark.parametrize("n_bets", [0, -1, 1.5, NAN, INF, 1e30, "many", None, True, [3]])
def test_n_bets(n_bets):
    refused(lambda: ts.Portfolio.of(LAW, n_bets), "n_bets", n_bets)


@pytest.mark.parametrize("bet", [None, 3, "bet", [LAW], PORTFOLIO])
def test_the_bet_of_a_portfolio(bet):
    refused(lambda: ts.Portfolio.of(bet, 3), "bet")


def test_stakes_whose_sum_is_no_double():
    huge = ts.Bet(LAW, 1e308)
    refused(lambda: ts.Portfolio.of(huge, 10), "bets")
    refused(lambda: ts.Portfolio([huge, ts.Bet(LAW, 1.5e308)]), "bets")


# ---- simulate


@pytest.mark.parametrize("portfolio", [None, 3, LAW, ts.Bet(LAW), [LAW], "portfolio"], ids=lambda v: repr(v)[:12])
def test_portfolio(portfolio):
    assert "Portfolio.of" in refused(lambda: ts.simulate(portfolio), "portfolio")


BAD_ARGUMENTS = {
    "n_trials": [0, -1, 1.5, 1e30, 2**44 + 1, NAN, INF, "many", "100", None, True, [100], 10**400],
    "n_workers": [0, -1, 1.5, 1025, "two", NAN, True, [2]],
    "executor": [3, "threads", True, object(), [], int],
    "progress": [3, "yes", 0.5, [], None],
    "top": [-1, 10_001, 1.5, "all", None, True, NAN],
    "keep": ["all", "", None, True, 3, "TRIALS", LONG, ["trials"]],
    "rng": [-1, 1.5, "x", True, NAN, [1, 2], np.array([1]), object(), np.random.default_rng, LONG],
}
CALLS = [(name, value) for name, values in BAD_ARGUMENTS.items() for value in values]


@pytest.mark.parametrize(("name", "value"), CALLS, ids=[f"{name}={value!r}"[:25] for name, value in CALLS])
def test_arguments_of_simulate(name, value, monkeypatch):
    """And nothing runs before the refusal."""
    from tailsim.engine import run

    monkeypatch.setattr(run, "over_blocks", None)
    refused(lambda: ts.simulate(PORTFOLIO, **{name: value}), name, value)


def test_legacy_random_state():
    text = refused(lambda: ts.simulate(PORTFOLIO, rng=np.random.RandomState(1)), "rng")
    assert "default_rng" in text
    refused(lambda: ts.simulate(PORTFOLIO, rng=np.random), "rng")


def test_simulate_takes_one_positional_argument():
    with pytest.raises(TypeError):
        ts.simulate(PORTFOLIO, 100)
    with pytest.raises(TypeError):
        ts.simulate(PORTFOLIO, trials=100)


def test_whole_floats_are_whole_numbers():
    run = ts.simulate(PORTFOLIO, n_trials=1e3, top=np.int8(3), n_workers=np.int64(1), hurdle=np.float32(1), rng=1)
    assert run.n_trials == 1000
    assert type(run.n_trials) is int
    assert type(run.hurdle) is float


def test_refusals_are_value_errors_and_those_of_a_wrong_type_type_errors():
    assert issubclass(ts.ArgumentError, ValueError)
    assert issubclass(ts.ArgumentTypeError, TypeError)
    with pytest.raises(ValueError, match="tail_index"):
        ts.Pareto(-1)
    with pytest.raises(TypeError, match="tail_index"):
        ts.Pareto("1.5")


NOTHING_RIGHT = [st.none(), st.text(max_size=80), st.binary(max_size=5), st.booleans(), st.complex_numbers()]
CONTAINERS = [st.lists(st.floats(), max_size=3), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2)]
TOO_SMALL = [st.floats(max_value=0), st.integers(max_value=0), st.sampled_from([NAN, INF])]
JUNK = st.one_of(*NOTHING_RIGHT, *CONTAINERS, *TOO_SMALL)


@given(JUNK)
def test_junk_is_refused_in_one_sentence(value):
    refused(lambda: ts.Pareto(value), "tail_index")
    refused(lambda: ts.Bet(LAW, value), "stake")
    refused(lambda: ts.Portfolio.of(LAW, value), "n_bets")
    refused(lambda: ts.simulate(PORTFOLIO, n_trials=value), "n_trials")


@given(st.floats(min_value=5e-324, allow_infinity=False), st.floats(min_value=2.0**-1000, max_value=2.0**1000))
def test_whatever_is_accepted_simulates_without_a_nan(tail_index, scale):
    for law in (
        ts.Pareto(tail_index, scale),
        ts.Lomax(tail_index, scale),
        ts.Weibull(tail_index, scale),
        ts.Frechet(tail_index, scale),
    ):
        x = law.rvs(20, rng=1)
        assert not np.isnan(x).any()
        assert (x >= law.support[0]).all()
