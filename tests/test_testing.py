"""The hooks for whoever wants to check us."""

import subprocess
import sys

import numpy as np
import pytest

import tailsim as ts

KNOWN = [
    ([0] * 4, [0] * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ([0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0], "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_known_answers_of_random123(counter, key, words):
    assert " ".join(f"{word:08x}" for word in ts.testing.philox(counter, key)) == words


def test_words_make_payoffs_at_any_depth():
    law = ts.Pareto(1.1)
    rows = [[1 << 54, 0, 0], [0, 1 << 54, 0], [0, 0, 1 << 63]]
    v = np.array([2.0**-10, 2.0**-74, 2.0**-129])
    np.testing.assert_array_equal(ts.testing.transform(law, rows), law.isf(v))
    assert ts.testing.transform(law, [1 << 54]).shape == (1,)


@pytest.mark.parametrize("words", [[], [[]], [0], [-1], [1 << 64], [1.5], "abc", [[1, 2], [3]]])
def test_words_that_are_none_are_refused(words):
    with pytest.raises(ts.ArgumentError, match=r"^words.*\.$"):
        ts.testing.transform(ts.Pareto(1.1), words)


def test_versions_are_shown(capsys):
    ts.show_versions()
    assert capsys.readouterr().out.startswith(f"tailsim {ts.__version__}, Python ")


def test_modules_load_on_first_use_and_unknown_names_do_not():
    code = (
        "import tailsim as ts; ts.testing.philox; ts.plotting.plot_simulation; ts.presets.venture; print(len(dir(ts)))"
    )
    assert int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) > 40
    with pytest.raises(AttributeError, match="has no attribute 'simulat'"):
        ts.simulat  # noqa: B018
