"""Every constructor and method refuses bad input in one sentence naming argument, value and rule."""

import math

import pytest

from tailsim.errors import ArgumentError, ArgumentTypeError, UndefinedMomentError
from tailsim.payoffs import (
    Affine,
    Buckets,
    BurrXII,
    Capped,
    Constant,
    Empirical,
    Exponential,
    Frechet,
    GeneralizedPareto,
    LogLogistic,
    LogNormal,
    Lomax,
    Mixture,
    Normal,
    Pareto,
    Spliced,
    Stable,
    StudentT,
    Truncated,
    Uniform,
    Weibull,
    ZeroInflated,
)

NAN, INF = math.nan, math.inf
ABOVE_ZERO = "a finite number above 0"
NOT_POSITIVE = [0, -1.5, NAN, INF, -INF, "2", None, True, [1.0], 1j, 10**400]


def said(make, *words):
    """The one sentence of the refusal, which names all the words."""
    with pytest.raises(ArgumentError) as refusal:
        make()
    text = str(refusal.value)
    assert text.endswith(".")
    assert "\n" not in text
    for word in words:
        assert word in text
    return text


def shown(value):
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57]


@pytest.mark.parametrize("bad", NOT_POSITIVE, ids=lambda bad: shown(bad)[:20])
@pytest.mark.parametrize("law", [Pareto, Lomax, Frechet, LogLogistic])
def test_tail_index_and_scale(law, bad):
    said(lambda: law(bad), "tail_index", ABOVE_ZERO, shown(bad))
    said(lambda: law(1.5, bad), "scale", ABOVE_ZERO, shown(bad))


@pytest.mark.parametrize("bad", NOT_POSITIVE, ids=lambda bad: shown(bad)[:20])
def test_other_positive_parameters(bad):
    said(lambda: Weibull(bad), "shape", ABOVE_ZERO, shown(bad))
    said(lambda: Weibull(1.0, bad), "scale", ABOVE_ZERO, shown(bad))
    said(lambda: Exponential(bad), "scale", ABOVE_ZERO, shown(bad))
    said(lambda: LogNormal(0.0, bad), "sigma", ABOVE_ZERO, shown(bad))
    said(lambda: GeneralizedPareto(0.0, bad), "scale", ABOVE_ZERO, shown(bad))
    said(lambda: BurrXII(bad, 1.0), "c must", ABOVE_ZERO, shown(bad))
    said(lambda: BurrXII(1.0, bad), "k must", ABOVE_ZERO, shown(bad))
    said(lambda: BurrXII(1.0, 1.0, bad), "scale", ABOVE_ZERO, shown(bad))
    said(lambda: Normal(0.0, bad), "sd", ABOVE_ZERO, shown(bad))
    said(lambda: StudentT(1.5, 0.0, bad), "scale", ABOVE_ZERO, shown(bad))


@pytest.mark.parametrize("bad", [NAN, INF, "1", None, True], ids=repr)
def test_finite_parameters(bad):
    for name, make in {
        "mu": lambda: LogNormal(bad, 1.0),
        "loc": lambda: StudentT(1.5, bad),
        "value": lambda: Constant(bad),
        "low": lambda: Uniform(bad, 1.0),
        "high": lambda: Uniform(0.0, bad),
        "factor": lambda: Affine(Pareto(1.5), bad),
        "shift": lambda: Affine(Pareto(1.5), 1.0, bad),
        "xi": lambda: GeneralizedPareto(bad),
        "threshold": lambda: GeneralizedPareto(0.5, 1.0, bad),
        "mean": lambda: Normal(bad),
        "threshold must": lambda: Spliced(LogNormal(0, 1), Pareto(1.5), bad, 0.1),
    }.items():
        said(make, name, "a finite number", shown(bad))


@pytest.mark.parametrize("bad", [*NOT_POSITIVE, 0.001, 1e13], ids=lambda bad: shown(bad)[:20])
def test_degrees_of_freedom(bad):
    said(lambda: StudentT(bad), "df", "a number of degrees of freedom from 0.01 to 1e12", shown(bad))


@pytest.mark.parametrize("bad", [0, 0.01, -1.0, 2.0000001, NAN, INF, "1", None, True], ids=repr)
def test_stability(bad):
    said(lambda: Stable(bad), "stability", "a stability in (0, 2]", shown(bad))


@pytest.mark.parametrize("bad", [1.0000001, -1.5, NAN, INF, "1", None, True], ids=repr)
def test_skewness(bad):
    said(lambda: Stable(1.5, bad), "beta", "a skewness between -1 and 1", shown(bad))


def test_a_missing_tail_index_is_pythons_own_error():
    with pytest.raises(TypeError, match="tail_index"):
        Pareto()


@pytest.mark.parametrize("bad", [-0.1, 1.0000001, NAN, INF, "0.5", None, True], ids=repr)
def test_p_zero(bad):
    said(lambda: ZeroInflated(Pareto(1.5), bad), "p_zero", "a probability between 0 and 1", shown(bad))
    said(lambda: Spliced(LogNormal(0, 1), Pareto(1.5), 3.0, bad), "p_tail", "a probability between 0 and 1", shown(bad))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: LogNormal(0, 0), ["sigma", "Constant(exp(mu))"]),
        (lambda: Uniform(1, 1), ["high", "above low = 1.0", "Constant"]),
        (lambda: Uniform(2, 1), ["high", "above low = 2.0", "1.0"]),
        (lambda: Uniform(-1.7e308, 1.7e308), ["high", "within 1.7e308"]),
        (lambda: Affine(Pareto(1.5), 0, 3), ["factor", "other than 0", "Constant(3.0)"]),
        (lambda: Affine(2.0), ["base", "a payoff law", "Constant(2.0)"]),
        (lambda: ZeroInflated(0.5, 0.5), ["base", "a payoff law", "Constant(0.5)"]),
        (lambda: ZeroInflated("Pareto", 0.5), ["base", "a payoff law", "'Pareto'"]),
        (lambda: ZeroInflated(Pareto, 0.5), ["base", "a payoff law", "with its parameters"]),
        (lambda: Mixture([Pareto(1.5), 3.0], [0.5, 0.5]), ["components[1]", "a payoff law", "use Constant(3.0)"]),
        (lambda: Mixture([], []), ["components", "non-empty", "none"]),
        (lambda: Mixture(Pareto(1.5), [1.0]), ["components", "sequence of payoff laws", "Pareto(tail_index=1.5"]),
        (lambda: Mixture("ab", [1.0]), ["components", "sequence of payoff laws", "'ab'"]),
        (lambda: Mixture([Pareto(1.5)], [0.5, 0.5]), ["weights", "1 components", "got 2"]),
        (lambda: Mixture([Pareto(1.5)] * 2, [0.5, 0.6]), ["weights", "sum to 1", "1.1"]),
        (lambda: Mixture([Pareto(1.5)] * 2, [-0.5, 1.5]), ["weights", "not negative", "-0.5 at position 0"]),
        (lambda: Mixture([Pareto(1.5)] * 2, [NAN, 1.0]), ["weights", "nan at position 0"]),
        (lambda: Mixture([Pareto(1.5)] * 2, 0.5), ["weights", "0.5"]),
        (lambda: GeneralizedPareto(-1e-10, 1e300), ["xi", "threshold - scale / xi", "-1e-10"]),
        (lambda: Normal(3.0, 0.0), ["sd", "Constant(mean)"]),
        (lambda: Spliced(1.0, Pareto(1.5), 3.0, 0.1), ["body", "a payoff law", "Constant(1.0)"]),
        (lambda: Spliced(LogNormal(0, 1), "Pareto", 3.0, 0.1), ["tail", "a payoff law", "'Pareto'"]),
        (lambda: Spliced(Pareto(1.5), Pareto(1.5), 1.0, 0.1), ["body", "at most the threshold 1.0", "from 1.0 to inf"]),
        (lambda: Spliced(Pareto(1.5), Pareto(1.5), 0.5, 0.1), ["body", "at most the threshold 0.5", "from 1.0 to inf"]),
        (lambda: Spliced(Pareto(1.5, 5), Pareto(2), 3, 1.0), ["body", "at most the threshold 3.0", "from 5.0 to inf"]),
        (lambda: Spliced(LogNormal(0, 1), Uniform(), 1, 0.1), ["tail", "more than the threshold 1.0", "to 1.0"]),
        (lambda: Spliced(LogNormal(0, 1), Constant(5), 5, 0.1), ["tail", "more than the threshold 5.0"]),
        (lambda: Spliced(LogNormal(0, 1), Normal(), 50, 0.1), ["tail", "more than the threshold 50.0", "2**-1022"]),
        (lambda: Truncated(5.0, 0, 1), ["base", "a payoff law", "Constant(5.0)"]),
        (lambda: Truncated(Pareto(1.5), 3, 3), ["high", "above low = 3.0", "3.0", "Constant"]),
        (lambda: Truncated(Pareto(1.5), 3, 2), ["high", "above low = 3.0"]),
        (lambda: Truncated(Pareto(1.5), NAN), ["low", "-inf", "nan"]),
        (lambda: Truncated(Pareto(1.5), 1, NAN), ["high", "inf", "nan"]),
        (lambda: Truncated(Pareto(1.5), "1"), ["low", "'1'"]),
        (lambda: Truncated(Pareto(1.5), -3, 0.5), ["low and high", "from 1.0 to inf", "from -3.0 to 0.5"]),
        (lambda: Truncated(Pareto(1.5), -3, 1), ["low and high", "from 1.0 to inf", "from -3.0 to 1.0"]),
        (lambda: Truncated(Uniform(), 1, 2), ["low and high", "from 0.0 to 1.0", "from 1.0 to 2.0"]),
        (lambda: Truncated(Normal(), 50), ["low and high", "2**-1022", "from 50.0 to inf"]),
        (lambda: Truncated(LogNormal(0, 1), high=1e-30), ["low and high", "2**-1022", "1e-30"]),
        (lambda: Truncated(Empirical([1, 2, 7]), 3, 6), ["low and high", "from 1.0 to 7.0", "from 3.0 to 6.0"]),
        (
            lambda: Truncated(Mixture([Constant(0), Uniform(4, 5)], [0.5, 0.5]), 1, 2),
            ["low and high", "from 1.0 to 2.0"],
        ),
        (lambda: Truncated(ZeroInflated(Uniform(4, 5), 0.5), 1, 2), ["low and high", "from 0.0 to 5.0"]),
        (lambda: Truncated(Buckets([0, 1, 9], [0.5, 0.5], "low"), 2, 3), ["low and high", "from 2.0 to 3.0"]),
        (lambda: Capped(2.0, 5), ["base", "a payoff law", "Constant(2.0)"]),
        (lambda: Capped(Pareto(1.5), 1.0), ["cap", "above 1.0", "got 1.0", "Constant(cap)"]),
        (lambda: Capped(Pareto(1.5), 0.5), ["cap", "above 1.0", "0.5"]),
        (lambda: Capped(Pareto(1.5), NAN), ["cap", "nan"]),
        (lambda: Capped(Normal(), -INF), ["cap", "above -inf", "got -inf"]),
        (lambda: Capped(Pareto(1.5), None), ["cap", "None"]),
        (lambda: Empirical([0, 0, 3]).with_tail(1), ["values", "at least two above 0", "got 1"]),
        (lambda: Empirical([1, 2, 3]).with_tail(0), ["k must", "from 1 to 2", "got 0"]),
        (lambda: Empirical([0, 1, 2, 3]).with_tail(3), ["k must", "from 1 to 2", "got 3"]),
        (lambda: Empirical([1, 2, 3]).with_tail(1.5), ["k must", "whole number", "1.5"]),
        (lambda: Empirical([1, 2, 2, 2]).with_tail(2), ["k must", "3 largest values differ", "tail_index"]),
        (lambda: Empirical([1, 2, 3]).with_tail(1, tail_index=0), ["tail_index", ABOVE_ZERO]),
        (lambda: Empirical([]), ["values", "non-empty", "[]"]),
        (lambda: Empirical([1.0, NAN]), ["values", "finite", "nan at position 1"]),
        (lambda: Empirical([INF]), ["values", "finite", "inf at position 0"]),
        (lambda: Empirical([[1.0, 2.0]]), ["values", "one-dimensional", "(1, 2)"]),
        (lambda: Empirical("123"), ["values", "'123'"]),
        (lambda: Empirical(["1", "2"]), ["values", "numbers"]),
        (lambda: Empirical(5.0), ["values", "5.0"]),
    ],
)
def test_constructors(make, words):
    said(make, *words)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (([1, 5, 5], [0.5, 0.5]), ["edges", "increasing", "[1.0, 5.0, 5.0]"]),
        (([1, 5, 2], [0.5, 0.5]), ["edges", "increasing"]),
        (([1, INF, 9], [0.5, 0.5]), ["edges", "increasing finite", "inf"]),
        (([-INF, 0, 1], [0.5, 0.5], "low"), ["edges", "finite"]),
        (([1, NAN, 9], [0.5, 0.5]), ["edges", "nan at position 1"]),
        (([1, 2, 3, 4], [0.5, 0.5]), ["edges", "2 probabilities", "got 4"]),
        (([1], [0.5, 0.5]), ["edges", "2 probabilities", "got 1"]),
        (([1, 2, 3], [0.5, 0.6]), ["probabilities", "sum to 1", "1.1"]),
        (([1, 2, 3], []), ["probabilities"]),
        (([0, 1, 3], [0.5, 0.5]), ["within", '"uniform" or "low"', "[0, 1)", '"loguniform"']),
        (([-2, 1, 3], [0.5, 0.5], ["loguniform", "low"]), ["within", "[-2, 1)"]),
        (([1, 2, 3], [0.5, 0.5], "linear"), ["within", "'loguniform', 'uniform', 'low'", "'linear'"]),
        (([1, 2, 3], [0.5, 0.5], ["low", "high"]), ["within[1]", "'high'"]),
        (([1, 2, 3], [0.5, 0.5], ["low"]), ["within", "2 closed buckets", "got 1"]),
        (([1, 2, INF], [0.5, 0.5], ["low", "low"], Pareto(2, 2)), ["within", "1 closed", "got 2", "follows tail"]),
        (([1, 2, 3], [0.5, 0.5], None), ["within", "None"]),
        (([1, 2, INF], [0.5, 0.5]), ["tail", "above 2", "0.5", "Pareto(1.5, scale=2)", "None"]),
        (([1, 2], [0.5, 0.5]), ["tail", "above 2", "None"]),
        (([1, 2, INF], [0.5, 0.5], "low", Pareto(1.5)), ["tail", "at least the last finite edge 2", "starts at 1"]),
        (([1, 2, INF], [0.5, 0.5], "low", 5.0), ["tail", "a payoff law", "Constant(5.0)"]),
        (([1, 2, 3], [0.5, 0.5], "low", Pareto(1.5, 3)), ["tail", "None where the last edge is finite", "inf"]),
    ],
)
def test_buckets(args, words):
    said(lambda: Buckets(*args), *words)


@pytest.mark.parametrize("method", ["sf", "cdf", "prob_at_least", "pdf", "logpdf", "partial_mean"])
def test_methods_of_x_refuse_nan_and_text(method):
    call = getattr(Pareto(1.5), method)
    said(lambda: call(NAN), "numbers, not NaN", "nan")
    said(lambda: call([1.0, NAN]), "nan at position 1")
    said(lambda: call("1"), "numbers, not NaN", "'1'")
    with pytest.raises(ArgumentTypeError):
        call(None)


@pytest.mark.parametrize("method", ["isf", "ppf", "lorenz"])
@pytest.mark.parametrize("bad", [-1e-9, 1.5, NAN, INF], ids=repr)
def test_methods_of_a_probability_refuse_what_is_none(method, bad):
    said(lambda: getattr(Pareto(1.5), method)(bad), "between 0 and 1", repr(bad))


@pytest.mark.parametrize("bad", [0.0, -0.5, 1.5, NAN], ids=repr)
def test_top_share_refuses_what_is_no_fraction(bad):
    said(lambda: Pareto(1.5).top_share(bad), "fraction", "above 0 and at most 1", repr(bad))


@pytest.mark.parametrize("bad", [0, -1, NAN, "1"], ids=repr)
def test_moment_exists_refuses_what_is_no_order(bad):
    said(lambda: Pareto(1.5).moment_exists(bad), "order", ABOVE_ZERO)


@pytest.mark.parametrize("bad", [-1, 1.5, "3", True, (2, -1), (2, 1.5), [2]], ids=repr)
def test_rvs_refuses_what_is_no_size(bad):
    said(lambda: Pareto(1.5).rvs(bad, rng=1), "size", "a whole number")


@pytest.mark.parametrize("bad", [INF, -INF, NAN], ids=repr)
def test_mean_excess_wants_a_finite_threshold(bad):
    said(lambda: Pareto(1.5).mean_excess(bad), "u must be finite", repr(bad))


def test_what_does_not_exist_is_said_with_what_to_use_instead():
    heavy = Mixture([Pareto(0.9), Exponential()], [1e-6, 1 - 1e-6])
    assert heavy.mean() == INF
    with pytest.raises(UndefinedMomentError, match="use median"):
        heavy.var()
    with pytest.raises(UndefinedMomentError, match=r"infinite mean.*expected_top_share"):
        heavy.gini()
    with pytest.raises(UndefinedMomentError, match=r"infinite mean.*expected_top_share"):
        heavy.top_share(0.1)
    with pytest.raises(UndefinedMomentError, match="can be negative"):
        Uniform(-1, 1).lorenz(0.5)
    with pytest.raises(UndefinedMomentError, match="pays nothing"):
        ZeroInflated(Pareto(1.5), 1.0).gini()
    both = Mixture([Pareto(0.9), -Pareto(1.0)], [0.5, 0.5])
    with pytest.raises(UndefinedMomentError, match="no mean, for both its tails"):
        both.mean()
    assert (-Pareto(0.9)).mean() == -INF


@pytest.mark.parametrize("make", [LogNormal(0, 40).mean, LogNormal(0, 20).var, Weibull(0.005).mean])
def test_a_moment_beyond_the_doubles_is_refused(make):
    with pytest.raises(UndefinedMomentError, match=r"beyond 1.8e308; use median"):
        make()
