"""Summaries as bytes: the same integers come back, and nothing else does."""

import numpy as np
import pytest

import tailsim as ts
from tailsim import _sealed
from tailsim.results._bytes import apart, summary_from_bytes, summary_to_bytes
from tailsim.results.summary import Summary


def run(n_trials=5_000, rng=1):
    bets = ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(0.8), 0.65), 20)
    return ts.simulate(bets, n_trials=n_trials, keep="summary", rng=rng)


def same(a, b):
    numbers, arrays = apart(a)
    others, more = apart(b)
    return numbers == others and all(np.array_equal(arrays[name], more[name]) for name in arrays)


@pytest.mark.parametrize("summary", [Summary(), run()._summary], ids=["no trials", "a run"])
def test_a_summary_survives_bytes(summary):
    data = summary_to_bytes(summary)
    back = summary_from_bytes(data)
    assert same(back, summary)
    assert summary_to_bytes(back) == data


def test_summaries_that_were_bytes_merge_as_those_that_were_not():
    a, b = (run(rng=seed)._summary for seed in (1, 2))
    far, near = summary_from_bytes(summary_to_bytes(a)), summary_from_bytes(summary_to_bytes(a))
    far.merge(summary_from_bytes(summary_to_bytes(b)), 10)
    near.merge(b, 10)
    assert same(far, near)
    assert far.n_trials == 10_000


def broken(change):
    numbers, arrays = apart(run(300)._summary)
    manifest = {"numbers": numbers}
    change(manifest, arrays)
    return _sealed.pack(manifest, arrays)


CHANGES = {
    "a number missing": lambda m, a: m["numbers"].pop("won"),
    "a number that is text": lambda m, a: m["numbers"].update(won="many"),
    "a number of a million digits": lambda m, a: m["numbers"].update(won="1" * 1_000_000),
    "no numbers": lambda m, a: m.clear(),
    "an array missing": lambda m, a: a.pop("bins"),
    "arrays of unlike lengths": lambda m, a: a.update(bins=a["bins"][1:]),
    "bins out of order": lambda m, a: a.update(bins=a["bins"][::-1]),
    "bins out of range": lambda m, a: a.update(bins=a["bins"] + 2**40),
    "counts below zero": lambda m, a: a.update(bin_counts=-a["bin_counts"]),
    "counts of more trials": lambda m, a: a.update(bin_counts=2 * a["bin_counts"]),
    "counts that are no integers": lambda m, a: a.update(bin_counts=a["bin_counts"] + 0.5),
    "winners that are no trials": lambda m, a: a.update(winner_trials=a["winner_trials"] + 300),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_no_trials_make_is_refused_though_its_hash_is_right(change):
    with pytest.raises(ts.CorruptFileError, match=r"^part 7 must be a whole file saved by tailsim"):
        summary_from_bytes(broken(change), "part 7")
