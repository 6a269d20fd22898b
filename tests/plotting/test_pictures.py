"""Every picture draws its result's own numbers in words a reader knows, and fits on its page."""

import itertools

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

import tailsim as ts
from tailsim import decide, fit, stats
from tailsim.plotting import plot_fan, plot_law, plot_lorenz, plot_trial

VENTURE = ts.presets.venture()
RARE = ts.ZeroInflated(ts.Pareto(1.5), 0.65)
DATA = ts.Pareto(1.2).rvs(400, rng=1)


def run():
    return ts.simulate(ts.Portfolio.of(VENTURE, 30), n_trials=5000, rng=1)


def curve():
    return ts.bet_count_curve(VENTURE, 40, targets=[1, 3], n_trials=5000, rng=1)


def tornado():
    team = ts.Programme(RARE, 20, 1.0, 4.0, [decide.Gate(0.2, 0.5)], 3, ts.ProbAtLeast(2))
    return ts.sensitivity(team, n_trials=2000, rng=1)


# what is drawn, and what a reader finds on its axes
PICTURES = {
    "a law": (lambda: VENTURE.plot(), "what one bet pays", "chance of at least that"),
    "a law of both signs": (lambda: ts.presets.bessembinder().plot(), "what one bet pays", "chance of at least that"),
    "a law of nine decades": (lambda: ts.Pareto(0.5).plot(), "what one bet pays", "chance of at least that"),
    "a law in a narrow range": (lambda: ts.Uniform(2, 3).plot(), "what one bet pays", "chance of at least that"),
    "a fixed payoff": (lambda: ts.Constant(3).plot(), "what one bet pays", "chance of at least that"),
    "an exact total": (lambda: ts.exact_total(RARE, 20).plot(), "what the bets pay together", "chance of at least"),
    "a Lorenz curve": (lambda: ts.lorenz_curve(DATA).plot(), "outcomes, from the smallest", "share of the total"),
    "running means": (
        lambda: stats.running_means(ts.Pareto(1.1), 10_000, rng=1).plot(), "outcomes so far", "their average",
    ),
    "running means of both signs": (
        lambda: stats.running_means(ts.StudentT(0.9), 10_000, rng=1).plot(), "outcomes so far", "their average",
    ),
    "a drought": (lambda: ts.drought(VENTURE, 50, 5000).plot(), "longest run of failures, in bets", "chance"),
    "a waiting time": (lambda: ts.waiting_time(VENTURE, 10).plot(), "bets made", "the first hit has come"),
    "a wait for three": (lambda: ts.waiting_time(VENTURE, 10, 3).plot(), "bets made", "3 hits have come"),
    "a wait for nothing": (lambda: ts.waiting_time(ts.Uniform(), 10).plot(), "bets made", "the first hit has come"),
    "after a drought": (lambda: ts.after_drought(30, (1, 19), hit_value=40).plot(), "hit rate", "belief that it is"),
    "a drought without value": (lambda: ts.after_drought(1, (1, 19)).plot(), "hit rate", "belief that it is above"),
    "a comparison": (
        lambda: ts.compare(ts.Portfolio.of(RARE, 10), ts.Portfolio.of(RARE, 50), n_trials=2000, rng=1).plot(),
        "median multiple, with its 95 % interval", "",
    ),
    "a Kelly stake": (lambda: decide.kelly_bet(RARE * 3, share=0.5).plot(), "part of wealth staked", "growth"),
    "no stake": (lambda: decide.kelly_bet(ts.Uniform(0, 1.5)).plot(), "part of wealth staked on each bet", "growth"),
    "a bet without bound": (lambda: decide.kelly_bet(ts.Normal(2, 1)).plot(), "part of wealth staked", "growth"),
    "parallel tries": (lambda: ts.optimal_parallel_count(ts.Frechet(2), 0.1).plot(), "tries at once", "less all"),
    "one try": (lambda: ts.optimal_parallel_count(ts.Exponential(), 0.9).plot(), "tries at once", "less all stakes"),
    "an A/B programme": (
        lambda: ts.ABProgram(ts.Lomax(2) - 2, noise_sd=1, n_users=10, n_ideas=40).plot(),
        "ideas tested, on 10 users in all", "expected gain of the programme",
    ),
    "one trial": (lambda: plot_trial(run(), 7), "bets, the biggest payoff first", "what each pays"),
    "the best trials": (lambda: run().winners().plot(), "paid in all", "number of the world"),
    "concentration": (lambda: run().concentration().plot(), "share of the biggest payoff", "share of the worlds"),
    "a simulation": (lambda: run().plot(), "paid back, as a multiple of what was spent", "chance of at least that"),
    "a fan": (lambda: plot_fan(curve()), "number of bets", "paid back, as a multiple of what was spent"),
    "a bet-count curve": (lambda: curve().plot(), "number of bets", "paid back, as a multiple of what was spent"),
    "the best number of bets": (
        lambda: ts.optimal_bet_count(VENTURE, ts.MedianMultiple(), max_bets=40, n_trials=5000, rng=1).plot(),
        "number of bets", "median of paid / spent",
    ),
    "a tornado": (lambda: tornado().plot(), "change of the chance to reach the goal, in percentage points", ""),
    "a tornado of medians": (
        lambda: tornado().plot(quantity="median"), "change of the median outcome, in budgets", "",
    ),
    "a fitted tail": (lambda: ts.fit_power_law(DATA).plot(), "outcome", "share of outcomes at least that"),
    "Hill's estimates": (lambda: fit.hill_plot(DATA).plot(), "outcomes in the tail", "tail index"),
    "mean excesses": (lambda: fit.mean_excess_curve(DATA).plot(), "threshold", "mean of what exceeds it"),
    "the tail against its fit": (lambda: fit.qq(ts.fit_power_law(DATA)).plot(), "by the fitted power law", "seen"),
    "the largest in the sum": (lambda: fit.max_to_sum_paths(DATA).plot(), "outcomes so far", "share of the largest"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nothing_else_changes():
    before = mpl.rcParams.copy()
    yield
    assert dict(mpl.rcParams) == dict(before)
    plt.close("all")


def words_of(ax):
    """Every text on the page with the rectangle it takes, in pixels, and the name of what it belongs to."""
    ax.figure.canvas.draw()
    renderer = ax.figure.canvas.get_renderer()
    groups = {"title": [ax.title], "x label": [ax.xaxis.label], "y label": [ax.yaxis.label], "notes": list(ax.texts)}
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        ticks = zip(axis.get_major_ticks(), axis.get_majorticklocs(), strict=False)
        groups[f"{axis.axis_name} ticks"] = [t.label1 for t, at in ticks if low <= at <= high]
    if legend := ax.get_legend():
        groups["legend"] = legend.get_texts()
    drawn = [(name, text) for name, texts in groups.items() for text in texts if text.get_text().strip()]
    return [(name, text.get_text(), text.get_window_extent(renderer)) for name, text in drawn]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_says_what_it_shows_and_fits_on_its_page(name):
    draw, below, beside = PICTURES[name]
    ax = draw()
    assert below in ax.get_xlabel()
    assert beside in ax.get_ylabel()
    page = ax.figure.bbox
    texts = words_of(ax)
    for group, text, box in texts:
        assert page.x0 <= box.x0, (group, text)
        assert box.x1 <= page.x1, (group, text)
        assert page.y0 <= box.y0, (group, text)
        assert box.y1 <= page.y1, (group, text)
    for one, other in itertools.combinations(texts, 2):
        assert not one[2].overlaps(other[2]), f"{one[:2]} over {other[:2]}"
    for axis in "xy":
        assert sum(group == f"{axis} ticks" for group, *_ in texts) >= 2


@pytest.mark.parametrize("name", PICTURES)
def test_lines_lie_inside_their_axes(name):
    ax = PICTURES[name][0]()
    for line in ax.lines:
        x, y = (np.asarray(data, dtype=float) for data in line.get_data())
        if line.get_transform() is not ax.transData:
            continue  # a rule across the page
        seen = np.isfinite(x) & np.isfinite(y)
        assert seen.any()
        for values, (low, high) in ((x[seen], sorted(ax.get_xlim())), (y[seen], sorted(ax.get_ylim()))):
            room = 1e-9 * (abs(low) + abs(high))
            assert low - room <= values.min()
            assert values.max() <= high + room


RESULTS = (
    VENTURE,
    ts.exact_total(RARE, 5),
    ts.lorenz_curve(DATA),
    stats.running_means(ts.Pareto(1.1), 100, rng=1),
    ts.drought(VENTURE, 10, 50),
    ts.waiting_time(VENTURE, 10),
    ts.after_drought(30, (1, 19)),
    decide.kelly_bet(RARE * 3),
    ts.optimal_parallel_count(ts.Frechet(2), 0.1),
    ts.ABProgram(ts.Normal(-1, 1), noise_sd=1, n_users=10, n_ideas=4),
)


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: type(r).__name__)
def test_results_draw_on_the_axes_they_are_given(result):
    figure, ax = plt.subplots()
    assert result.plot(ax=ax) is ax
    assert plt.get_fignums() == [figure.number]
    with pytest.raises(ts.ArgumentError, match=r"^ax must be None or a matplotlib Axes, got 3.*\.$"):
        result.plot(ax=3)


def test_a_law_is_drawn_by_its_own_probabilities():
    x, y = VENTURE.plot().lines[0].get_data()
    np.testing.assert_array_equal(y, VENTURE.prob_at_least(x))
    assert y.min() == pytest.approx(1e-6)


def test_a_power_tail_is_a_straight_line_and_named():
    ax = ts.Pareto(1.5).plot()
    x, y = (np.log(data) for data in ax.lines[0].get_data())
    np.testing.assert_allclose(np.diff(y)[:-1] / np.diff(x)[:-1], -1.5, rtol=1e-6)
    assert ax.get_legend().get_texts()[0].get_text() == "pays at least that, tail index 1.5"


def test_losses_are_drawn_where_there_are_any():
    both = ts.presets.bessembinder().plot()
    assert [t.get_text().split(",")[0] for t in both.get_legend().get_texts()] == [
        "pays at least that",
        "loses at least that",
    ]
    assert len(VENTURE.plot().lines) == 1


def test_sample_and_population_share_one_diagonal():
    law = ts.Pareto(1.2)
    ax = plot_lorenz(law, ax=ts.lorenz_curve(DATA).plot())
    labels = [t.get_text() for t in ax.get_legend().get_texts()]
    assert labels == ["all alike", "the sample", "all there is"]
    x, y = ax.lines[2].get_data()
    np.testing.assert_allclose(y, 1.0 - (1.0 - x) ** (1.0 - 1.0 / 1.2), atol=1e-12)


def test_running_means_are_drawn_beside_the_mean_there_is():
    seen = stats.running_means(ts.Pareto(1.5), 1000, n_paths=3, rng=1)
    ax = seen.plot()
    assert len(ax.lines) == 4
    np.testing.assert_array_equal(ax.lines[2].get_ydata(), seen.paths[2])
    assert ax.lines[3].get_ydata()[0] == 3.0
    without = stats.running_means(ts.Pareto(0.9), 1000, n_paths=3, rng=1).plot()
    assert len(without.lines) == 3
    assert "no mean" in without.get_title()


def test_a_trial_shows_who_carries_it():
    found = run()
    ax = plot_trial(found, 7)
    np.testing.assert_array_equal(ax.patches[0].get_data().values, np.sort(found.replay(7))[::-1])
    few = ax.patches[1].get_data().values
    assert few.sum() >= 0.5 * found.totals[7] > few[:-1].sum()
    with pytest.raises(ts.ArgumentError, match=r"^trial must be a whole number from 0 to 4,999"):
        plot_trial(found, 5000)


def test_a_comparison_names_the_difference():
    found = ts.compare(ts.Portfolio.of(RARE, 10), ts.Portfolio.of(RARE, 50), n_trials=2000, rng=1)
    ax = found.plot()
    assert tuple(ax.lines[0].get_xdata()) == found.a.interval
    assert tuple(ax.lines[2].get_xdata()) == found.b.interval
    assert ax.get_title().startswith(f"a less b: {found.difference.value:+.3g}")


def test_stakes_and_tries_are_marked_at_the_best():
    bet = decide.kelly_bet(RARE * 3)
    grown = bet.plot().lines[0].get_ydata()
    assert grown.max() <= bet.growth * (1 + 1e-9)
    best = ts.optimal_parallel_count(ts.Frechet(2), 0.1)
    net = best.plot().lines[0].get_ydata()
    assert net.max() <= best.net_value * (1 + 1e-9)


def test_the_fan_is_the_curve_s_quantiles():
    found = curve()
    ax = plot_fan(found)
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), found.median)
    outer = ax.collections[0].get_paths()[0].vertices
    for q in (found.quantile(0.01), found.quantile(0.99)):
        assert np.isin(q, outer[:, 1]).all()


def test_only_laws_are_drawn_as_laws():
    with pytest.raises(ts.ArgumentTypeError, match=r"^law must be a payoff law, got 1\.5; .*\.$"):
        plot_law(1.5)
