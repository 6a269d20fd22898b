"""The explorer answers what its sliders say, with the same luck for all their positions."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

import tailsim as ts


def test_it_simulates_what_its_sliders_say():
    seen = ts.explore(1.2, 0.5, 20, rng=3)
    run = seen.run()
    assert run.portfolio == ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.2), 0.5), 20)
    seen.n_bets = 10
    fewer = seen.run()
    np.testing.assert_array_equal(fewer.replay(5), run.replay(5)[:10])


def test_a_mean_that_does_not_exist_is_not_given():
    assert "there is no mean" in repr(ts.explore(0.9))
    said = repr(ts.explore(1.5))
    assert "the mean is 1.05x" in said  # (1 - .65) 1.5 / .5
    assert "65% of bets fail" in said


def test_without_widgets_it_is_a_picture(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ipywidgets", None)
    seen = ts.explore(1.5)
    shown = seen._repr_mimebundle_()
    assert shown["image/png"].startswith(b"\x89PNG")
    assert shown["text/plain"] == seen.sentence(seen.run())
    assert plt.get_fignums() == []
    with pytest.raises(ImportError, match=r"^sliders need ipywidgets; install it with: .*\.$"):
        seen.widget()


def test_sliders_change_sentence_and_picture():
    pytest.importorskip("ipywidgets")
    seen = ts.explore(1.5)
    tail, zero, count, said, picture = seen.widget().children
    before = said.value, picture.value
    tail.value = 0.9
    assert seen.tail_index == 0.9
    assert "there is no mean" in said.value
    assert picture.value != before[1]
    tail.value = 1.5
    assert (said.value, picture.value) == before
    zero.value, count.value = 0.9, 100
    assert (seen.p_zero, seen.n_bets) == (0.9, 100)


def test_it_draws_on_axes_given():
    _, ax = plt.subplots()
    assert ts.explore().plot(ax=ax) is ax
    plt.close("all")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"tail_index": 0.1}, r"^tail_index must be a number from 0\.6 to 4, got 0\.1"),
        ({"p_zero": 1}, r"^p_zero must be a number from 0 to 0\.99, got 1"),
        ({"n_bets": 0}, r"^n_bets must be a whole number from 1 to 300, got 0"),
    ],
)
def test_sliders_start_within_their_range(arguments, sentence):
    with pytest.raises(ts.ArgumentError, match=sentence):
        ts.explore(**arguments)
