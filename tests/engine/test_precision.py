"""The stop rule of simulate: where it stops, what it says, and that its looks leave the coverage alone."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import tailsim as ts
from tailsim.engine.stages import judged, looks_of
from tailsim.errors import ArgumentError

from .cases import reference_job, same

BLOCK = 4096
HIT = ts.Portfolio.of(ts.ZeroInflated(ts.Constant(5), 0.9), 1)  # pays 5 in one of ten worlds
AT_LEAST_ONE = ts.Precision(lambda s: s.prob_at_least(1), 0.01)


def test_it_looks_after_doubling_numbers_of_blocks_and_at_the_end():
    assert looks_of(1) == [1]
    assert looks_of(2) == [1, 2]
    assert looks_of(25) == [1, 2, 4, 8, 16, 25]
    assert looks_of(64) == [1, 2, 4, 8, 16, 32, 64]


def test_it_stops_at_the_first_look_that_is_precise_enough():
    run = ts.simulate(HIT, n_trials=100_000, until=AT_LEAST_ONE, rng=1)
    level = 1 - 0.05 / 6
    for blocks in (1, 2, 4, 8, 16):
        alone = ts.simulate(HIT, n_trials=blocks * BLOCK, rng=1)
        low, high = alone.prob_at_least(1, level=level).interval
        value = alone.prob_at_least(1).value
        if max(high - value, value - low) <= 0.01:
            break
    assert run.n_trials == blocks * BLOCK
    assert run.precision.reached
    assert not run.partial
    assert run.precision.estimate.interval == (low, high)
    assert (run.precision.estimate.level, run.precision.n_looks) == (0.95, 6)
    assert same(run, ts.simulate(HIT, n_trials=run.n_trials, rng=1))


@pytest.mark.parametrize("n_workers", [1, 2, 5])
def test_workers_do_not_move_the_stop(n_workers):
    rule = ts.Precision("median", 0.05)
    runs = [ts.simulate(reference_job(), until=rule, n_workers=n, rng=2) for n in (3, n_workers)]
    assert runs[0].n_trials == runs[1].n_trials < 100_000
    assert same(*runs)
    assert runs[0].precision == runs[1].precision


def test_an_executor_of_another_kind_stops_there_too():
    with ThreadPoolExecutor(2) as pool:
        run = ts.simulate(HIT, until=AT_LEAST_ONE, executor=pool, rng=1)
    assert same(run, ts.simulate(HIT, until=AT_LEAST_ONE, rng=1))


def test_n_trials_is_the_cap_and_the_result_says_so():
    run = ts.simulate(HIT, n_trials=10_000, until=ts.Precision(lambda s: s.prob_at_least(1), 1e-4), rng=1)
    assert (run.n_trials, run.precision.reached, run.partial) == (10_000, False, False)
    assert (run.precision.looks, run.precision.n_looks) == (3, 3)
    assert "not reached at look 3 of 3" in str(run.precision)
    assert "stop rule" in repr(run)


def test_without_a_rule_nothing_is_said_of_precision():
    run = ts.simulate(HIT, n_trials=5000, rng=1)
    assert run.precision is None
    assert "stop rule" not in repr(run)


@pytest.mark.parametrize("name", ["failure_rate", "median", "max_share", "n_effective"])
def test_answers_can_be_named(name):
    portfolio = reference_job(20)
    run = ts.simulate(portfolio, n_trials=40_000, until=ts.Precision(name, 0.2), rng=3)
    level = 1 - 0.05 / len(looks_of(10))
    assert run.precision.reached
    assert run.precision.estimate.interval == getattr(run, name)(level=level).interval
    assert run.precision.estimate.value == getattr(run, name)().value


def test_an_open_interval_is_never_precise():
    rule = ts.Precision(lambda s: s.quantile(0.99999), 1e300)
    assert not ts.simulate(HIT, n_trials=20_000, until=rule, rng=1).precision.reached


def test_an_undefined_answer_is_not_reached():
    nothing = ts.Portfolio.of(ts.Constant(0), 2)
    run = ts.simulate(nothing, n_trials=10_000, until=ts.Precision("max_share", 0.1), rng=1)
    assert (run.precision.reached, run.precision.estimate) == (False, None)
    assert "undefined" in str(run.precision)


def test_summaries_alone_stop_at_the_same_trial():
    runs = [ts.simulate(HIT, until=AT_LEAST_ONE, keep=keep, rng=1) for keep in ("trials", "summary")]
    assert runs[0].n_trials == runs[1].n_trials
    assert runs[0].precision == runs[1].precision


def test_a_run_that_was_interrupted_between_two_looks_has_not_reached():
    run = ts.simulate(HIT, n_trials=3 * BLOCK, rng=1)
    assert not judged(ts.Precision("failure_rate", 0.5), run, 16).reached
    assert judged(ts.Precision("failure_rate", 0.5), ts.simulate(HIT, n_trials=4 * BLOCK, rng=1), 16).reached


def test_looks_do_not_ruin_the_coverage():
    """400 runs of up to 5 looks, nominal 95 %: 99 % in truth fall below 95 % with probability 1e-9.

    The width asked for is the usual one of the first look, so that where a run stops depends on its own answer. The
    plain interval of the same runs covers 96 %, and fewer than 90.5 % with probability 1e-6.
    """
    rule = ts.Precision(lambda s: s.prob_at_least(1), 0.01273)
    runs = [ts.simulate(HIT, n_trials=16 * BLOCK, until=rule, rng=seed, n_workers=1) for seed in range(400)]
    assert len({run.n_trials for run in runs}) > 1
    covered = [run.precision.estimate.interval[0] <= 0.1 <= run.precision.estimate.interval[1] for run in runs]
    assert np.mean(covered) >= 0.95
    plain = [run.prob_at_least(1).interval for run in runs]
    assert np.mean([low <= 0.1 <= high for low, high in plain]) >= 0.905


@pytest.mark.slow
@pytest.mark.parametrize("multiple", [1.0, 3.0])
def test_coverage_after_stopping_for_a_median_and_a_probability(multiple):
    """1,000 runs of the reference job against 2e7 trials; nominal 95 %, at least 95 % less 3 standard errors."""
    job = reference_job(20)
    long = ts.simulate(job, n_trials=20_000_000, keep="summary", rng=10**6)
    rules = {
        ts.Precision("median", 0.03): long.median().value,
        ts.Precision(lambda s: s.prob_at_least(multiple), 0.008): long.prob_at_least(multiple).value,
    }
    for rule, truth in rules.items():
        runs = [ts.simulate(job, n_trials=32 * BLOCK, until=rule, rng=seed) for seed in range(1000)]
        ends = [run.precision.estimate.interval for run in runs]
        assert np.mean([low <= truth <= high for low, high in ends]) >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / 1000)


@pytest.mark.parametrize("quantity", ["mean", "Median", 3, None, ["median"]])
def test_a_quantity_is_a_function_or_a_name(quantity):
    with pytest.raises(ArgumentError, match=r"^quantity must be (a function of a Simulation|one of 'failure_rate')"):
        ts.Precision(quantity, 0.1)


@pytest.mark.parametrize("half_width", [0, -1, math.nan, math.inf, "wide", None])
def test_a_half_width_is_above_zero(half_width):
    with pytest.raises(ArgumentError, match=r"^half_width must be a finite number above 0"):
        ts.Precision("median", half_width)


@pytest.mark.parametrize("level", [0, 1, 95, math.nan])
def test_a_level_is_one(level):
    with pytest.raises(ArgumentError, match=r"^level must be"):
        ts.Precision("median", 0.1, level)


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        (lambda s: 3.0, r"^quantity must be a function of a Simulation that returns an Estimate.*it returned 3\.0\.$"),
        (lambda s: s.prob_at_least(1, level=0.9), r"^quantity must leave the level to Precision.*level 0\.9"),
        (lambda s: s.mean(), r"^quantity must leave the level to Precision.*a mean has no level"),
    ],
    ids=["number", "level", "mean"],
)
def test_what_a_function_returns_is_checked(quantity, said):
    with pytest.raises(ArgumentError, match=said):
        ts.simulate(HIT, n_trials=5000, until=ts.Precision(quantity, 0.1), rng=1)


def test_until_must_be_a_precision():
    with pytest.raises(ArgumentError, match=r"^until must be None or a Precision"):
        ts.simulate(HIT, until=0.01)
