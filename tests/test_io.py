"""Reading tables of past bets: what is read is what was written, and every fault is named where it stands."""

import csv
import io as stdlib_io
import random
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailsim.errors import ArgumentError, ArgumentTypeError, DataError
from tailsim.io import Outcomes, read_outcomes


@pytest.fixture
def write(tmp_path):
    """Write a table and return its path."""

    def write(content, name="bets.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refusal(path, **columns):
    """The one sentence in which a table is refused."""
    with pytest.raises(DataError) as caught:
        read_outcomes(path, **{"payoff": "paid"} | columns)
    message = str(caught.value)
    assert message.isprintable(), message
    assert message[-1] in ".?", message
    assert ". " not in message, message
    return message


def csv_bytes(rows, **dialect):
    """The rows as the standard library writes them."""
    text = stdlib_io.StringIO()
    csv.writer(text, **dialect).writerows(rows)
    return text.getvalue().encode()


# --- what is read -------------------------------------------------------------------------------------


def test_columns_are_read_by_name_in_any_order(write):
    path = write("name,cost,paid,kind\nA,10,0,x\nB,20,5,y\nC,10,90,x\n")
    outcomes = read_outcomes(path, payoff="paid", stake="cost", group="kind")
    np.testing.assert_array_equal(outcomes.payoffs, [0.0, 5.0, 90.0])
    np.testing.assert_array_equal(outcomes.stakes, [10.0, 20.0, 10.0])
    np.testing.assert_array_equal(outcomes.multiples, [0.0, 0.25, 9.0])
    assert outcomes.groups == ("x", "y", "x")
    assert outcomes.source == str(path)
    assert (outcomes.n_bets, outcomes.n_skipped) == (3, 0)
    assert repr(outcomes) == f"Outcomes(3 bets in 2 groups from {path})"


def test_without_a_stake_every_bet_costs_one(write):
    outcomes = read_outcomes(write("paid\n3\n-4\n"), payoff="paid")
    np.testing.assert_array_equal(outcomes.stakes, [1.0, 1.0])
    assert outcomes.groups is None


def test_arrays_are_read_only_float64(write):
    outcomes = read_outcomes(write("paid,cost\n3,1\n"), payoff="paid", stake="cost")
    for array in (outcomes.payoffs, outcomes.stakes):
        assert array.dtype == np.float64
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7.0


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=30))
def test_doubles_survive_the_round_trip_bit_for_bit(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("round") / "bets.csv"
    path.write_bytes(csv_bytes([["paid"], *([repr(v)] for v in values)]))
    assert read_outcomes(path, payoff="paid").payoffs.tobytes() == np.array(values).tobytes()


def test_long_and_quoted_tables_survive_the_round_trip(write):
    draw = random.Random(1)
    rows = [[i, f'"{i}", a, {{;}}\nb', draw.paretovariate(1.1)] for i in range(1, 5001)]
    path = write(csv_bytes([["cost", "a, name", "paid"], *rows], lineterminator="\r\n"))
    outcomes = read_outcomes(path, payoff="paid", stake="cost", group="a, name")
    assert outcomes.payoffs.tolist() == [row[2] for row in rows]
    assert outcomes.stakes.tolist() == [row[0] for row in rows]
    assert outcomes.groups == tuple(row[1] for row in rows)


SAME_TABLE = {
    "LF": b"paid,cost\n1.5,2\n0,3\n",
    "CRLF": b"paid,cost\r\n1.5,2\r\n0,3\r\n",
    "no line end at the end": b"paid,cost\n1.5,2\n0,3",
    "byte order mark": b"\xef\xbb\xbfpaid,cost\n1.5,2\n0,3\n",
    "semicolons": b"paid;cost\n1.5;2\n0;3\n",
    "semicolons and quoted names": b'"paid";"cost"\n1.5;2\n0;3\n',
    "tabs": b"paid\tcost\n1.5\t2\n0\t3\n",
    "a delimiter inside another column's name": b'paid,cost,"a;b;c;d"\n1.5,2,x\n0,3,y\n',
    "spaces": b' paid , " cost"\n 1.5 , " 2 "\n0,3\n',
    "blank lines": b"\n  \npaid,cost\n\n1.5,2\n   \r\n0,3\n\n\n",
    "exponents and signs": b"paid,cost\n+15e-1,.2E+1\n-0,3.\n",
    "other columns may hold anything": b"paid,cost,note\n1.5,2,$5\n0,3,\n",
}


@pytest.mark.parametrize("content", SAME_TABLE.values(), ids=SAME_TABLE)
def test_forms_of_one_table_read_alike(write, content):
    outcomes = read_outcomes(write(content), payoff="paid", stake="cost")
    np.testing.assert_array_equal(outcomes.payoffs, [1.5, 0.0])
    np.testing.assert_array_equal(outcomes.stakes, [2.0, 3.0])


def test_skipped_rows_are_counted_and_only_those_with_an_empty_needed_cell(write):
    path = write("paid,cost,note\n1,2,\n,3,a\n4, ,b\n5,6,c\n")
    outcomes = read_outcomes(path, payoff="paid", stake="cost", missing="skip")
    np.testing.assert_array_equal(outcomes.payoffs, [1.0, 5.0])
    assert outcomes.n_skipped == 2
    assert "2 rows skipped" in repr(outcomes)
    assert read_outcomes(path, payoff="cost", missing="skip").n_skipped == 1


def test_reading_keeps_only_the_numbers_in_memory(write):
    row = b"7," + b"x" * 1000 + b"\n"
    path = write(b"paid,note\n" + row * 20_000)
    tracemalloc.start()
    read_outcomes(path, payoff="paid")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2e6 < path.stat().st_size


def test_outcomes_with_a_multiple_beyond_a_double_say_so():
    outcomes = Outcomes(np.array([1.0, 1e300]), np.array([1.0, 1e-300]), None, "bets.csv", 0)
    with pytest.raises(DataError, match=r"^bets\.csv: multiples must be below 1\.8e308, got 1e\+300 paid for"):
        _ = outcomes.multiples


# --- what is refused ----------------------------------------------------------------------------------

PLAIN = "must hold plain numbers such as 1234.5, got"
DOUBLE = "must hold numbers within a double (5e-324 to 1.8e308), got"

# table, line:column of the fault, what the sentence says
BAD_CELLS = {
    "text": ("paid\n1\nmany\n", "3:1", f"payoff column 'paid' {PLAIN} 'many'; remove"),
    "currency sign": ("name,paid\nA,$1000\n", "2:2", f"{PLAIN} '$1000'; remove currency signs"),
    "percent sign": ("paid\n10%\n", "2:1", f"{PLAIN} '10%'"),
    "unit": ("paid\n5k\n", "2:1", f"{PLAIN} '5k'"),
    "thousands separator": ('name,paid\nA,1\nB,"1,234"\n', "3:2", f"{PLAIN} '1,234'; write a decimal point"),
    "decimal comma, quoted": ('paid\n"1,5"\n', "2:1", f"{PLAIN} '1,5'; write a decimal point"),
    "decimal comma after semicolons": ("name;paid\nA;1,5\n", "2:2", f"{PLAIN} '1,5'; write a decimal point"),
    "underscore": ("paid\n1_000\n", "2:1", f"{PLAIN} '1_000'"),
    "other digits": ("paid\n\u0661\u0662\n", "2:1", PLAIN),
    "hexadecimal": ("paid\n0x10\n", "2:1", PLAIN),
    "formula": ("paid\n=A1*2\n", "2:1", PLAIN),
    "sign alone": ("paid\n+\n", "2:1", PLAIN),
    "NaN": ("name,paid\nA,NaN\n", "2:2", f"{PLAIN} 'NaN'; if it is not known leave the cell empty"),
    "NA": ("paid\nNA\n", "2:1", "if it is not known leave the cell empty"),
    "dash": ("paid\n-\n", "2:1", "if it is not known leave the cell empty"),
    "inf": ("paid\n1\n2\n-inf\n", "4:1", f"{PLAIN} '-inf'"),
    "too large": ("paid\n1e400\n", "2:1", f"{DOUBLE} '1e400'; rescale the unit"),
    "too small": ("paid\n1e-400\n", "2:1", f"{DOUBLE} '1e-400'; rescale the unit"),
    "empty": ("name,paid\nA,1\nB,\n", "3:2", "payoff column 'paid' must be filled, got an empty cell"),
    "spaces alone": ("name,paid\nA,  \n", "2:2", "must be filled, got an empty cell"),
    "commas alone": ("name,paid\nA,1\n,\n", "3:2", "must be filled, got an empty cell"),
    "long text": ("paid\n" + "y" * 500 + "\n", "2:1", "yyy...; remove"),
    "control characters": ("paid\n\x1b[31m7\n", "2:1", r"got '\x1b[31m7'"),
}

BAD_TABLES = {
    "empty file": (b"", "1:1", "the file is empty"),
    "blank lines alone": (b"\n \n\n", "1:1", "the file is empty"),
    "byte order mark alone": (b"\xef\xbb\xbf", "1:1", "the file is empty"),
    "header alone": (b"name,paid\n", "1:1", "there is no row below the header"),
    "long row": (b"name,paid\nA,1\nB,1,5\n", "3:3", "as many fields as the header, 2, got 3; look for a decimal comma"),
    "short row": (b"name,kind,paid\nA,x,1\n\nB\n", "4:2", "as many fields as the header, 3, got 1"),
    "unclosed quote": (b'paid,name\n1,A\n2,"B\n3,C\n', "3:1", "must be well-formed CSV (unexpected end of data)"),
    "text after a quote": (b'paid,name\n1,"A" B\n', "2:1", "must be well-formed CSV"),
    "unclosed quote in the header": (b'paid,"name\n1,A\n', "1:1", "the header must be well-formed CSV on one line"),
    "quoted names of another delimiter": (b'"name";"pay"\nA;1\n', "1:1", "the header, which has 'name', 'pay'"),
    "Latin-1": ("name,paid\nA,1\nCafé,2\n".encode("latin-1"), "3:4", "must be UTF-8, got byte 0xe9; save it as UTF-8"),
    "UTF-16": ("paid\n1\n".encode("utf-16"), "1:1", "must be UTF-8, got UTF-16; save it as UTF-8"),
    "UTF-16 without a mark": ("paid\n1\n".encode("utf-16-le"), "1:2", "got a NUL byte"),
    "NUL byte": (b"paid\n1\n2\x003\n", "3:2", "got a NUL byte"),
    "carriage returns alone": (b"paid\r1\r2\r", "1:5", "got a carriage return without a line feed"),
    "compressed": (b"\x1f\x8b\x08\x00rest", "1:4", "got a NUL byte"),
    "column twice": (b"paid,name,paid\n1,A,2\n", "1:3", "'paid' must be in the header once, got 2 of them"),
}


@pytest.mark.parametrize(
    ("content", "place", "says"), [*BAD_CELLS.values(), *BAD_TABLES.values()], ids=[*BAD_CELLS, *BAD_TABLES]
)
def test_a_bad_table_is_refused_where_it_is_bad(write, content, place, says):
    path = write(content)
    message = refusal(path)
    assert message.startswith(f"{path}:{place}: ")
    assert says in message


@pytest.mark.parametrize("cell", ["0", "-0.0", "-5"])
def test_a_stake_that_is_not_above_zero_is_refused(write, cell):
    path = write(f"paid,cost\n1,2\n3,{cell}\n")
    message = refusal(path, stake="cost")
    assert message.startswith(f"{path}:3:2: stake column 'cost' must be above 0, got '{cell}'; ")


def test_an_empty_group_is_refused(write):
    path = write("paid,kind\n1,x\n2,\n")
    assert refusal(path, group="kind").startswith(f"{path}:3:2: group column 'kind' must be filled")


def test_the_line_is_where_the_row_starts_when_a_quoted_field_spans_lines(write):
    path = write('name,paid\n"A\nB\nC",1\n"D\nE",x\nF,2\n')
    assert refusal(path).startswith(f"{path}:5:2: ")


def test_a_table_with_nothing_but_skipped_rows_is_refused(write):
    path = write("name,paid\nA,\nB,\n")
    message = refusal(path, missing="skip")
    assert message.startswith(f"{path}:1:1: every row has an empty cell in a column asked for")


MISSING_COLUMNS = {
    "near": ("title,gross\n", "gros", "did you mean 'gross'?"),
    "case": ("Title,Gross\n", "gross", "did you mean 'Gross'?"),
    "none near": ("title,gross\n", "zzz", "name one of these as payoff."),
    "listed": ("title;gross\n", "paid", "in the header, which has 'title', 'gross'; "),
    "many": (",".join(f"c{i}" for i in range(50)) + "\n", "paid", "'c19', ...; "),
}


@pytest.mark.parametrize(("header", "asked", "says"), MISSING_COLUMNS.values(), ids=MISSING_COLUMNS)
def test_a_missing_column_is_refused_with_the_nearest_and_a_list(write, header, asked, says):
    path = write(header + "1\n")
    message = refusal(path, payoff=asked)
    assert message.startswith(f"{path}:1:1: payoff column '{asked}' must be in the header")
    assert says in message


def test_an_endless_line_is_refused_after_a_megabyte(tmp_path):
    path = tmp_path / "bets.csv"
    with path.open("wb") as file:
        file.write(b"paid\n1\n")
        file.truncate(2**34)  # 16 GiB of NUL bytes, none of them on the disk
    tracemalloc.start()
    message = refusal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert message.startswith(f"{path}:3:1: no row may be longer than 1,000,000 bytes")
    assert peak < 5e6


def test_a_row_of_many_lines_is_refused_after_a_megabyte(write):
    lines = (b"x" * 99 + b"\n") * 20_000
    path = write(b'paid,note\n1,ok\n2,"' + lines)
    limit = csv.field_size_limit(2**30)  # a caller may have raised this limit, which belongs to the process
    try:
        assert refusal(path).startswith(f"{path}:3:1: no row may be longer than 1,000,000 bytes")
    finally:
        csv.field_size_limit(limit)


@pytest.mark.parametrize("name", ["bets.xlsx", "BETS.XLS", "bets.ods"])
def test_a_spreadsheet_is_refused_with_what_to_do(write, name):
    path = write(b"PK\x03\x04", name)
    assert refusal(path).startswith(f"{path}:1:1: a spreadsheet cannot be read as it is; save the sheet as CSV")


def test_paths_that_are_no_file_are_refused(tmp_path):
    assert refusal(tmp_path / "no.csv").startswith(f"{tmp_path / 'no.csv'}:1:1: there is no such file")
    assert refusal(tmp_path).startswith(f"{tmp_path}:1:1: this is a directory")
    assert refusal("a\0b\n.csv").startswith(r"a\x00b\n.csv:1:1: no file has such a name")
    assert refusal(tmp_path / ("x" * 5000)).endswith("(File name too long); check it and its permissions.")


@pytest.mark.parametrize("path", [None, 3, b"bets.csv", ["bets.csv"]])
def test_a_path_of_another_type_is_refused(path):
    with pytest.raises(ArgumentTypeError, match=r"^path must be a path"):
        read_outcomes(path, payoff="paid")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"payoff": 3}, "^payoff must be the name of a column, got 3"),
        ({"payoff": "a", "stake": 1.0}, "^stake must be the name of a column, got 1.0"),
        ({"payoff": "a", "group": ["a"]}, "^group must be the name of a column"),
        ({"payoff": "a", "stake": "a"}, "must name different columns, got payoff='a', stake='a'"),
        ({"payoff": "a", "missing": "drop"}, "^missing must be one of 'refuse', 'skip', got 'drop'"),
    ],
)
def test_bad_arguments_are_refused_before_the_file_is_opened(tmp_path, arguments, says):
    with pytest.raises(ArgumentError, match=says):
        read_outcomes(tmp_path / "no.csv", **arguments)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_one_sentence(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fuzz") / "bets.csv"
    path.write_bytes(b"paid,cost\n" + content)
    try:
        outcomes = read_outcomes(path, payoff="paid", stake="cost")
    except DataError as error:
        outcomes, message = None, str(error)
    if outcomes is None:
        assert message.startswith(f"{path}:")
        assert message.isprintable()
    else:
        assert np.isfinite(outcomes.payoffs).all()
        assert (outcomes.stakes > 0).all()


# --- Parquet ------------------------------------------------------------------------------------------


def test_parquet_without_pyarrow_is_refused_with_the_command(write, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = write(b"PAR1", "bets.parquet")
    message = refusal(path)
    assert message == (
        f"{path}:1:1: reading Parquet needs the package pyarrow; run `pip install pyarrow` or save the table as CSV."
    )


def test_parquet_keeps_the_rules_of_csv(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")

    def write(name, **columns) -> Path:
        parquet.write_table(pyarrow.table(columns), tmp_path / name)
        return tmp_path / name

    path = write("good.parquet", note=["a", "b"], cost=[2, 3], paid=[0.1, 1e300])
    outcomes = read_outcomes(path, payoff="paid", stake="cost", group="note")
    assert outcomes.payoffs.tolist() == [0.1, 1e300]
    assert outcomes.stakes.tolist() == [2.0, 3.0]
    assert outcomes.groups == ("a", "b")

    path = write("null.pq", cost=[2, 3, 4], paid=[1.0, None, 5.0])
    assert refusal(path).startswith(f"{path}:2:2: payoff column 'paid' must be filled")
    assert read_outcomes(path, payoff="paid", missing="skip").n_skipped == 1

    path = write("nan.parquet", paid=[1.0, float("nan")])
    assert refusal(path).startswith(f"{path}:2:1: payoff column 'paid' must hold plain numbers")
    assert refusal(path, payoff="Paid").endswith("did you mean 'paid'?")


def test_a_corrupt_parquet_file_is_refused(write):
    pytest.importorskip("pyarrow")
    path = write(b"PAR1 nothing PAR1", "bets.parquet")
    assert refusal(path).startswith(f"{path}:1:1: the file must be valid Parquet (")
