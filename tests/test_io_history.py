"""Past bets from arrays, frames, mappings and files: the same bets, or one sentence."""

import numpy as np
import pandas as pd
import pytest

import tailsim.io.outcomes
from tailsim.errors import ArgumentError, DataError
from tailsim.io import history_of

PAID, COST = [0.0, 5.0, 90.0, 0.0], [10.0, 20.0, 10.0, 5.0]
GROUP, OPEN = ["a", "b", "a", "b"], [False, False, True, False]
COLUMNS = {"paid": PAID, "cost": COST, "team": GROUP, "running": OPEN}
NAMES = {"payoff": "paid", "stake": "cost", "group": "team", "still_open": "running"}


class Polars:
    """What polars frames offer: a list of names, and columns with ``to_list`` and ``__array__``."""

    columns = tuple(COLUMNS)

    def __getitem__(self, name):
        return np.array(COLUMNS[name])


def written(tmp_path):
    path = tmp_path / "bets.csv"
    pd.DataFrame(COLUMNS).to_csv(path, index=False)
    return path


def same(outcomes):
    assert outcomes.payoffs.tolist() == PAID
    assert outcomes.stakes.tolist() == COST
    assert outcomes.groups == tuple(GROUP)
    assert outcomes.still_open.tolist() == OPEN
    assert not outcomes.payoffs.flags.writeable
    return True


@pytest.mark.parametrize("table", [COLUMNS, pd.DataFrame(COLUMNS), Polars()], ids=["mapping", "pandas", "polars"])
def test_a_table_gives_its_columns(table):
    assert same(history_of(table, **NAMES))


def test_a_file_gives_the_same(tmp_path):
    assert same(history_of(written(tmp_path), **NAMES))
    assert same(history_of(str(written(tmp_path)), **NAMES))


def test_an_array_has_arrays_beside_it():
    assert same(history_of(PAID, stake=COST, group=GROUP, still_open=OPEN))
    assert same(history_of(history_of(PAID, stake=COST, group=GROUP, still_open=OPEN)))


def test_one_stake_serves_all(tmp_path):
    for table in (PAID, COLUMNS, written(tmp_path)):
        payoff = None if table is PAID else "paid"
        assert history_of(table, payoff=payoff, stake=10).multiples.tolist() == [0.0, 0.5, 9.0, 0.0]
        assert history_of(table, payoff=payoff).multiples.tolist() == PAID


def test_rows_with_an_empty_cell_are_left_out_where_asked():
    frame = pd.DataFrame({"paid": [1.0, None, 3.0, 4.0], "team": ["a", "b", None, "c"]})
    found = history_of(frame, payoff="paid", group="team", missing="skip")
    assert (found.payoffs.tolist(), found.groups, found.n_skipped) == ([1.0, 4.0], ("a", "c"), 2)


@pytest.mark.parametrize(
    ("table", "how", "said"),
    [
        (COLUMNS, {"payoff": "piad"}, r"payoff must be one of the columns .*, got 'piad'; did you mean 'paid'\."),
        (COLUMNS, {"payoff": "Paid"}, r"did you mean 'paid'"),
        (COLUMNS, {"payoff": "paid", "stake": "costs"}, r"stake must be one of the columns .* did you mean 'cost'"),
        (COLUMNS, {"payoff": "zzz"}, r"name one of these as payoff\."),
        (COLUMNS, {}, r"payoff must be the name of the column that holds what bets paid, got None"),
        (PAID, {"payoff": "paid"}, r"payoff must be left out for an array, which has no columns"),
        (PAID, {"stake": [1.0, 2.0]}, r"stake must be one value for each of the 4 bets, got 2"),
        (PAID, {"stake": [1.0, 2.0, 0.0, 1.0]}, r"stake must be above 0, got 0.0 at position 2"),
        (PAID, {"stake": -1}, r"stake must be a finite number above 0, got -1"),
        (PAID, {"group": "team"}, r"group must be one label for each of the 4 bets, got 'team'"),
        (
            PAID,
            {"group": ["a", None, "b", "a"]},
            r"group must be a label for every bet, got None; pass missing=\"skip\"",
        ),
        (PAID, {"still_open": [0, 1, 2, 0]}, r"still_open must be 4 booleans"),
        ([1.0, np.nan], {}, r"table must be .* finite numbers, got nan at position 1"),
        ([1.0, np.inf], {}, r"table must be .* finite numbers, got inf at position 1"),
        ([np.nan, None], {"missing": "skip"}, r"table must hold at least one bet"),
        (7, {}, r"table must be an array of outcomes, a frame, .* got 7"),
        (history_of(PAID), {"stake": 2}, r"must be left out where table is an Outcomes"),
    ],
)
def test_bad_tables_are_refused_in_one_sentence(table, how, said):
    with pytest.raises(ArgumentError, match=said) as refusal:
        history_of(table, **how)
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


def test_a_file_with_a_wrong_name_or_flag_is_refused(tmp_path):
    path = written(tmp_path)
    with pytest.raises(DataError, match=r"bets.csv:1:1: payoff column 'piad' .* did you mean 'paid'\?"):
        history_of(path, payoff="piad")
    path.write_text("paid,running\n1,yes\n2,maybe\n")
    with pytest.raises(DataError, match=r"bets.csv:3:2: still_open column 'running' must hold yes or no .*'maybe'"):
        history_of(path, payoff="paid", still_open="running")


def test_a_table_beyond_the_limit_is_refused_at_its_row(tmp_path, monkeypatch):
    monkeypatch.setattr(tailsim.io.outcomes, "MOST_BETS", 3)
    path = written(tmp_path)
    with pytest.raises(DataError, match=r"bets.csv:5:1: a table may hold at most 3 bets; take a random sample"):
        history_of(path, payoff="paid")
