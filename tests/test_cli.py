"""The command line: what it prints, where, and with which exit code."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tailsim import __version__
from tailsim.cli import main

ROOT = Path(__file__).parents[1]
FEW = ("--trials", "10000")
BETS = "name,cost,paid\n" + "".join(f"bet {i},{1 + i % 3},{(i % 7) ** 2}\n" for i in range(60))


@pytest.fixture
def bets(tmp_path):
    """A small table of past bets."""
    path = tmp_path / "bets.csv"
    path.write_text(BETS)
    return str(path)


def process(*arguments: str, **how) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "tailsim", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **how,
    )


def without_compiling(err: str) -> str:
    """What is on stderr beside the note that kernels are being compiled, once on a machine."""
    return "".join(line for line in err.splitlines(keepends=True) if "compiling kernels" not in line)


def refusal(capsys, *arguments: str) -> str:
    """The one sentence in which a command is refused, with code 2 and nothing on stdout."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("tailsim: error: ")
    assert err.count("\n") == 1
    assert err.endswith((".\n", "?\n"))
    return err


# --- what is printed ----------------------------------------------------------------------------------


def test_the_main_job_prints_a_page(capsys) -> None:
    assert main(FEW) == 0
    out, err = capsys.readouterr()
    assert 20 < len(out.splitlines()) < 60
    assert out.startswith("VENTURE DEALS")
    assert "64.8%" in out
    assert "10,000 simulated portfolios" in out
    assert without_compiling(err) == ""


def test_json_is_strict_and_has_the_arguments(capsys) -> None:
    assert main([*FEW, "--json", "--seed", "7", "--target", "5"]) == 0
    content = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert (content["seed"], content["target"], content["n_trials"]) == (7, 5.0, 10_000)
    assert content["views"][0]["sizes"][0]["at_least"][1]["multiple"] == 5.0


def test_past_bets_are_read_from_the_columns_named(capsys, bets: str) -> None:
    arguments = ["--data", bets, "--payoff", "paid", "--stake", "cost", "--hurdle", "2", *FEW, "--json"]
    assert main(arguments) == 0
    content = json.loads(capsys.readouterr().out)
    failed = [(i % 7) ** 2 < 2 * (1 + i % 3) for i in range(60)]
    by_stake = sum(1 + i % 3 for i in range(60) if failed[i]) / sum(1 + i % 3 for i in range(60))
    assert content["failure_rate"]["value"] == sum(failed) / 60
    assert content["past"]["by_stake"]["value"] == pytest.approx(by_stake, rel=1e-12)
    assert content["source"] == bets


def test_without_stake_every_bet_costs_one(capsys, bets: str) -> None:
    assert main(["--data", bets, "--payoff", "paid", *FEW]) == 0
    out = capsys.readouterr().out
    assert "All stakes are equal" in out
    assert out.splitlines()[-1].startswith("Other options")


def test_rows_with_an_empty_cell_are_skipped_on_demand(capsys, tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text(BETS + "bet,1,\n")
    assert 'missing="skip"' in refusal(capsys, "--data", str(path), "--payoff", "paid")
    assert main(["--data", str(path), "--payoff", "paid", "--missing", "skip", *FEW]) == 0
    assert "1 more left out for empty cells" in " ".join(capsys.readouterr().out.split())


def test_version_and_help(capsys) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"tailsim {__version__}\n"
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert (
        "\n  python -m tailsim --data outcomes.csv --stake budget_usd --payoff worldwide_gross_usd --hurdle 2\n" in out
    )


def test_a_bar_is_shown_on_a_terminal_alone(capsys, monkeypatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert main(FEW) == 0
    assert "simulating" in capsys.readouterr().err


# --- bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--trials", "9999"], "--trials: must be a whole number from 10000"),
        (["--trials", "1e30"], "--trials: must be"),
        (["--trials", "-5"], "--trials: "),
        (["--trials", "ten"], "got 'ten'"),
        (["--seed", "-1"], "--seed: "),
        (["--seed", "1.5"], "--seed: must be"),
        (["--hurdle", "nan"], "--hurdle: must be a number from 0 on, got 'nan'"),
        (["--hurdle", "inf"], "--hurdle: must be"),
        (["--hurdle", "x"], "--hurdle: must be"),
        (["--target", "1"], "--target: must be a number above 1"),
        (["--payoff", "paid"], "--data must name its file"),
        (["--stake", "cost"], "--data must name its file"),
        (["--data", "bets.csv"], "--payoff must name the column"),
        (["--data"], "--data"),
        (["--missing", "guess"], "--missing"),
        (["--jsn"], "--jsn"),
        (["case"], "case"),
        (["--data", "/no/such/file.csv", "--payoff", "paid"], "there is no such file"),
        (["--data", "a\0b", "--payoff", "paid"], "no file has such a name"),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(capsys, arguments: list[str], named: str) -> None:
    assert named in refusal(capsys, *arguments)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("", "the file is empty"),
        ("name,paid\n", "no row below the header"),
        ("name,Paid\nA,1\n", "did you mean 'Paid'?"),
        ("name,paid\nA,lots\n", ":2:2: "),
        ("name,paid\nA,nan\n", ":2:2: "),
        ("name,paid\nA,1e400\n", ":2:2: "),
        ("name,paid\nA,\n", "empty cell"),
        ("name,paid\nA,1\n", "at least 2 past bets"),
    ],
)
def test_a_bad_table_is_refused_in_a_sentence(capsys, tmp_path: Path, content: str, named: str) -> None:
    path = tmp_path / "bets.csv"
    path.write_text(content)
    assert named in refusal(capsys, "--data", str(path), "--payoff", "paid")


# --- as a process -------------------------------------------------------------------------------------


def test_the_module_runs_and_its_errors_leave_with_code_2() -> None:
    with process("--hurdle", "-1") as run:
        out, err = run.communicate(timeout=60)
    assert (run.returncode, out) == (2, "")
    assert err.startswith("tailsim: error: ")


def test_ctrl_c_ends_with_130_and_a_sentence() -> None:
    with process("--trials", "10000000") as run:
        time.sleep(3.0)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
    assert (run.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert "ended by Ctrl-C" in err


@pytest.mark.skipif(os.name == "nt", reason="a closed pipe is another error there")
def test_a_reader_that_leaves_early_is_no_error() -> None:
    with process(*FEW) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        err = run.stderr.read()
        run.wait(timeout=60)
    assert without_compiling(err) == ""
    assert run.returncode == 0
