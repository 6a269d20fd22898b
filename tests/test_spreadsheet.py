"""The spreadsheet for people without Python: written, filled in, read, refused."""

import json
import math

import pytest

import tailsim as ts
from tailsim.cli import main

openpyxl = pytest.importorskip("openpyxl")


@pytest.fixture
def sheet(tmp_path):
    """A template as written, with a function that fills in answers by key."""
    path = tmp_path / "programme.xlsx"
    assert main(["template", str(path)]) == 0

    def fill(**answers):
        book = openpyxl.load_workbook(path)
        for row in book.active.iter_rows(min_row=2):
            if row[0].value in answers:
                row[2].value = answers[row[0].value]
        book.save(path)
        return str(path)

    return fill


def test_the_template_as_it_is_makes_a_case(capsys, sheet) -> None:
    path = sheet()
    capsys.readouterr()
    assert main(["case", path, "--trials", "1000", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["kind"] == "programme"
    assert content["figures"]["n_bets"]["value"] == 30


@pytest.mark.parametrize("tail", ["power law", "lognormal"])
def test_answers_become_the_programme(sheet, tail: str) -> None:
    from tailsim.io.spreadsheet import read_programme

    made = read_programme(sheet(ideas=12, stake=5, overhead=7, fail=0.8, typical=2, big=9, goal=1.5, hit=20, tail=tail))
    assert (made.n_bets, made.stake, made.overhead, made.hit, made.goal) == (12, 5, 7, 20, ts.ProbAtLeast(1.5))
    assert made.budget() == 67
    assert made.ideas.sf(2.0) == pytest.approx(0.2 * 0.5, rel=1e-12)
    assert made.ideas.sf(9.0) == pytest.approx(0.2 * 0.1, rel=1e-12)
    assert math.isinf(made.ideas.tail_index) == (tail == "lognormal")


def test_every_bad_cell_is_listed(capsys, sheet, tmp_path) -> None:
    path, page = sheet(ideas=2.5, fail="often", stake=None, tail="fat"), tmp_path / "case.html"
    capsys.readouterr()
    assert main(["case", path, "--html", str(page)]) == 2
    err = capsys.readouterr().err
    assert "cell C2 (ideas) must be a whole number from 1 to 100,000, got 2.5" in err
    assert "cell C3 (stake) must be a number above 0, got nothing" in err
    assert "cell C5 (fail) must be a share from 0 to 1, got 'often'" in err
    assert "cell C10 (tail) must be power law or lognormal, got 'fat'" in err
    assert not page.exists()


def test_big_successes_are_above_the_typical_one(capsys, sheet) -> None:
    path = sheet(typical=3, big=3)
    capsys.readouterr()
    assert main(["case", path]) == 2
    assert "cell C7 (big) must be above typical (3), got 3" in capsys.readouterr().err


def test_an_existing_file_is_kept(capsys, sheet) -> None:
    path = sheet(ideas=12)
    capsys.readouterr()
    assert main(["template", path]) == 2
    assert "exists already, and is not overwritten" in capsys.readouterr().err
    assert openpyxl.load_workbook(path).active["C2"].value == 12


def test_what_is_no_spreadsheet_is_refused(capsys, tmp_path) -> None:
    path = tmp_path / "odd.xlsx"
    path.write_bytes(b"not a zip file")
    assert main(["case", str(path)]) == 2
    assert "no spreadsheet that can be read" in capsys.readouterr().err
