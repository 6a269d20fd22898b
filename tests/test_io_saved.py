"""Simulations in files: the same answers and bits come back, and a damaged file never does."""

import dataclasses
import os

import numpy as np
import pytest

import tailsim as ts
from tailsim import _sealed
from tailsim.io.plain import Reader, to_plain
from tailsim.results import _digest
from tailsim.results.summary import Summary

from .payoffs.cases import CASES

BET = ts.ZeroInflated(ts.Pareto(1.5), 0.65)
UNCERTAIN = ts.Pareto(ts.Uniform(1.1, 1.9))
PORTFOLIOS = {
    "alike": ts.Portfolio.of(BET, 20),
    "unlike": ts.Portfolio([ts.Bet(BET, 2, name="é", group="a"), ts.Empirical(np.arange(1000.0)), ts.Pareto(1.1) - 1]),
    "tied": ts.Portfolio.of(BET, 8, [ts.OneFactor("student", 0.2, 0.3, df=4), ts.CommonShock(0.1, 0.5)]),
    "correlated": ts.Portfolio([BET, ts.Pareto(2)], ts.Correlation([[1, 0.5], [0.5, 1]])),
    "a random number": ts.Portfolio.of(BET, ts.PoissonCount(3)),
    "uncertain": ts.Portfolio.of(ts.ZeroInflated(UNCERTAIN, 0.5), 5),
    "ensemble": ts.Portfolio.of(ts.Ensemble([ts.Pareto(1.2), ts.Pareto(1.8)]), 5),
}


@pytest.fixture(scope="module")
def small():
    return ts.simulate(PORTFOLIOS["alike"], n_trials=260, rng=3)


def back(run, folder):
    run.save(folder / "run.npz")
    return ts.load(folder / "run.npz")


@pytest.mark.parametrize("keep", ["trials", "summary"])
@pytest.mark.parametrize("portfolio", PORTFOLIOS.values(), ids=PORTFOLIOS)
def test_a_simulation_comes_back_with_equal_answers(portfolio, keep, tmp_path):
    run = ts.simulate(portfolio, n_trials=600, hurdle=1.5, keep=keep, top=7, rng=5)
    again = back(run, tmp_path)
    assert again.digest() == run.digest()
    assert again.portfolio == run.portfolio
    assert (again.n_trials, again.seed, again.hurdle, again.partial) == (600, run.seed, 1.5, False)
    for ask in (
        lambda s: s.failure_rate(), lambda s: s.prob_at_least(2), lambda s: s.quantile(0.9), lambda s: s.max_share(),
    ):  # fmt: skip
        assert repr(ask(again)) == repr(ask(run))
    assert np.array_equal(again.winners(7).trials, run.winners(7).trials)
    assert np.array_equal(again.replay(599), run.replay(599))
    if keep == "trials":
        for name in ("totals", "largest", "n_failures", "spent"):
            np.testing.assert_array_equal(getattr(again, name), getattr(run, name))
    else:
        with pytest.raises(ts.NotKeptError):
            _ = again.totals


def test_a_second_pass_over_a_loaded_run_gives_the_same(small, tmp_path):
    again = back(small, tmp_path)
    assert repr(again.top_share(k=3)) == repr(small.top_share(k=3))


def test_how_a_run_stopped_comes_back(tmp_path):
    rule = ts.Precision("median", 0.05)
    run = ts.simulate(PORTFOLIOS["alike"], n_trials=50_000, until=rule, keep="summary", rng=1)
    assert repr(back(run, tmp_path).precision) == repr(run.precision)


def test_a_partial_run_says_so_after_loading(small, tmp_path):
    assert back(dataclasses.replace(small, partial=True), tmp_path).partial


def test_a_loaded_run_saves_the_same_bytes(small, tmp_path):
    back(small, tmp_path).save(tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "run.npz").read_bytes()


def test_every_flipped_byte_and_every_truncation_of_a_10_kb_result_is_refused(small, tmp_path):
    path = tmp_path / "run.npz"
    small.save(path)
    whole = path.read_bytes()
    assert 9_000 < len(whole) < 20_000
    accepted = []
    with path.open("r+b", buffering=0) as file:
        for at, byte in enumerate(whole):
            os.pwrite(file.fileno(), bytes([byte ^ (1 << at % 8)]), at)
            accepted += [at] if loads(path) else []
            os.pwrite(file.fileno(), bytes([byte]), at)
    assert accepted == []
    assert loads(path)
    for size in range(len(whole) - 1, -1, -1):
        os.truncate(path, size)
        accepted += [size] if loads(path) else []
    assert accepted == []


def loads(path):
    try:
        ts.load(path)
    except ts.CorruptFileError:
        return False
    return True


def forged(run, tmp_path, change):
    """The file of a run, changed and sealed again with a right digest."""
    path = tmp_path / "run.npz"
    run.save(path)
    manifest, arrays = _sealed.read_file(path)
    change(manifest, arrays)
    _sealed.write_file(path, manifest, arrays)
    return path


def bet(manifest):
    return manifest["portfolio"]["bets"][0]


FORGERIES = {
    "another format": (lambda m, a: m.update(format="tailsim simulation 9"), "it is no tailsim simulation 1"),
    "another stream": (lambda m, a: m.update(stream_version=99), "its random numbers are of stream 99"),
    "no portfolio": (lambda m, a: m.pop("portfolio"), "no simulation"),
    "an unknown law": (lambda m, a: bet(m)["payoff"].update(law="os.system"), "use one of Pareto"),
    "a law that refuses": (lambda m, a: bet(m)["payoff"].update(p_zero=7), "p_zero must be"),
    "bets without end": (lambda m, a: bet(m).update(n_bets=10**15), "n_bets must be"),
    "many times bets without end": (
        lambda m, a: m["portfolio"].update(bets=[bet(m) | {"n_bets": 10**7}] * 99), "must be at most 10,000,000 bets"),
    "laws without end": (lambda m, a: bet(m).update(payoff=nested(60)), "tables deep"),
    "another law": (lambda m, a: bet(m)["payoff"].update(p_zero=0.6), "does not have the digest of what was saved"),
    "another seed": (lambda m, a: m.update(seed="0x7"), "does not have the digest of what was saved"),
    "a seed that is none": (lambda m, a: m.update(seed=[]), "no simulation"),
    "more trials": (lambda m, a: m.update(n_trials=261), "trials of another number"),
    "a flag that is text": (lambda m, a: m.update(partial="no"), "no simulation"),
    "short columns": (lambda m, a: a.update(totals=a["totals"][1:]), "columns of another length"),
    "a missing column": (lambda m, a: a.pop("largest"), "no simulation"),
    "a missing list": (lambda m, a: bet(m).update(payoff={"array": "values"}), "no simulation"),
    "half of a stop rule": (lambda m, a: m.update(precision={"estimate": None, "colour": 3}), "no simulation"),
}  # fmt: skip


def nested(depth):
    law = {"law": "Pareto", "tail_index": 1.5}
    for _ in range(depth):
        law = {"law": "ZeroInflated", "base": law, "p_zero": 0.1}
    return law


@pytest.mark.parametrize(("change", "says"), FORGERIES.values(), ids=FORGERIES)
def test_what_no_simulation_is_is_refused_though_its_hash_is_right(small, tmp_path, change, says):
    path = forged(small, tmp_path, change)
    with pytest.raises(ts.CorruptFileError) as caught:
        ts.load(path)
    assert says in str(caught.value)
    assert str(caught.value).startswith(f"{path} must be a whole file saved by tailsim: ")
    assert "\n" not in str(caught.value)


@dataclasses.dataclass(frozen=True)
class Own(ts.Payoff):
    tail_index = np.inf
    left_tail_index = np.inf
    support = (0.0, 1.0)
    atoms = ()

    def _isf(self, p):
        return 1.0 - p

    def _sf(self, x):
        return np.clip(1.0 - x, 0.0, 1.0)


class Pareto(ts.Pareto):
    """Of the same name as a law of ours, and not that law."""


TABULATED = ts.from_isf(lambda p: p**-0.5, tail_index=2, support=(1, np.inf))


@pytest.mark.parametrize(
    "law", [Own(), ts.ZeroInflated(Own(), 0.5), Pareto(1.5), TABULATED],
    ids=["own", "within another", "of the same name", "tabulated"],
)  # fmt: skip
def test_a_law_that_no_file_can_hold_is_refused_and_nothing_is_written(law, tmp_path):
    run = ts.simulate(ts.Portfolio.of(law, 2), n_trials=100, rng=1)
    with pytest.raises(ts.ArgumentError, match="must be one of tailsim's laws with parameters to be written to a file"):
        run.save(tmp_path / "run.npz")
    assert os.listdir(tmp_path) == []


def test_a_table_is_exported_otherwise(small, tmp_path):
    with pytest.raises(ts.ArgumentError, match=r"to_frame\(\)\.to_parquet\(path\) exports its trials"):
        small.save(tmp_path / "run.parquet")


@pytest.mark.parametrize("path", [None, 3, b"run.npz"])
def test_a_path_of_another_type_is_refused(small, path):
    with pytest.raises(ts.ArgumentTypeError, match=r"^path must be the path of a file"):
        small.save(path)
    with pytest.raises(ts.ArgumentTypeError, match=r"^path must be the path of a file"):
        ts.load(path)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_law_comes_back_bit_by_bit(case):
    reader = Reader()
    portfolio = ts.Portfolio.of(case.law, 2)
    again = reader.portfolio(to_plain(portfolio), "portfolio")
    assert reader.problems == []
    assert type(again.bets[0].payoff) is type(case.law)
    assert again == portfolio
    digests = {_digest.digest(each, 1, 1, 1.0, Summary()) for each in (portfolio, again)}
    assert len(digests) == 1
