"""Each plot draws the result's own numbers on the Axes it is given, and changes nothing else."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

import tailsim as ts

BET = ts.presets.venture()


@pytest.fixture(autouse=True)
def _nothing_else_changes():
    before = mpl.rcParams.copy()
    yield
    assert dict(mpl.rcParams) == dict(before)
    plt.close("all")


def results():
    run = ts.simulate(ts.Portfolio.of(BET, 10), n_trials=5000, rng=1)
    curve = ts.bet_count_curve(BET, 30, targets=[1, 3], n_trials=5000, rng=1)
    return run, curve, ts.optimal_bet_count(BET, ts.ProbAtLeast(3), max_bets=30, n_trials=5000, rng=1)


def test_plots_use_the_axes_given_or_make_their_own():
    for result in results():
        figure, ax = plt.subplots()
        assert result.plot(ax=ax) is ax
        assert plt.get_fignums() == [figure.number]
        assert result.plot() is not ax
        plt.close("all")
        with pytest.raises(ts.ArgumentError, match=r"^ax must be .*\.$"):
            result.plot(ax=3)


def test_what_is_drawn_is_what_was_found():
    run, curve, best = results()
    x, y = run.plot().lines[0].get_data()
    assert y[np.argmin(abs(x - 1))] == pytest.approx(run.prob_at_least(1).value, abs=0.02)
    np.testing.assert_array_equal(curve.plot().lines[0].get_ydata(), curve.median)
    np.testing.assert_array_equal(best.plot().lines[0].get_ydata(), best.values)


def test_words_a_reader_knows():
    run, curve, best = results()
    assert "multiple of what was spent" in run.plot().get_xlabel()
    labels = [text.get_text() for text in curve.plot().get_legend().get_texts()]
    assert "chance of at least 3x (right)" in labels
    assert best.plot().get_ylabel() == "chance to get back at least 3x"


@pytest.mark.parametrize(
    ("goal", "written"),
    [(ts.ProbAtLeast(3), "20%"), (ts.MedianMultiple(), "0.2x"), (ts.NetValue(), "0.2")],
    ids=["a chance", "a multiple", "money"],
)
def test_scores_are_written_in_their_unit(goal, written):
    ax = ts.optimal_bet_count(BET, goal, max_bets=20, n_trials=2000, rng=1).plot()
    assert ax.yaxis.get_major_formatter()(0.2) == written
