"""The command line: ``tailsim``, or ``python -m tailsim``."""

import argparse
import math
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from ._version import __version__

_ABOUT = """\
Most bets fail and a few pay for everything: what does that make of a portfolio of 1 to 500 bets?

Without --data, the bets are venture deals (a published table of 21,640 financings). With --data they are
your own past bets, resampled, and with a fitted tail beside it.
"""
_EXAMPLES = """\
examples:
  python -m tailsim
  python -m tailsim --data outcomes.csv --stake budget_usd --payoff worldwide_gross_usd --hurdle 2
  python -m tailsim --data downloads.csv --payoff downloads_per_month --target 100
  python -m tailsim --json > answers.json

other commands, each with --help:
  tailsim case scenario.toml --html case.html     the case for failure, as one page
  tailsim simulate scenario.toml                  what a portfolio pays back
  tailsim bets scenario.toml --target 3           how many bets to make
  tailsim fit outcomes.csv --payoff paid          a law for past bets
  tailsim template programme.xlsx                 a spreadsheet to fill in, for: tailsim case programme.xlsx

--json gives every number in full with its 95 % interval; what does not exist is null, and an infinite number is
the string "inf". Exit codes: 0 done, 2 bad input (one sentence on stderr says what), 130 ended by Ctrl-C.
"""
_COMMANDS = ("case", "simulate", "bets", "fit", "template")
_FEWEST, _MOST = 10_000, 10_000_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments without the program's name; by default those of the process.

    Returns
    -------
    int
        Exit code: 0; 2 for bad input, after one sentence on stderr; 130 after Ctrl-C.

    Examples
    --------
    >>> main(["--version"])
    tailsim ...
    0
    """
    try:
        return _run(argv)
    except SystemExit as done:  # how argparse ends
        return int(done.code or 0)
    except KeyboardInterrupt:
        print("\ntailsim: ended by Ctrl-C before the answers were complete, so none are shown.", file=sys.stderr)
        return 130


def _run(argv: Sequence[str] | None) -> int:
    """Parse, do what is asked, print it."""
    given = list(sys.argv[1:] if argv is None else argv)
    parser = _command(given[0]) if given and given[0] in _COMMANDS else _parser()
    args = parser.parse_args(given[1:] if parser.prog != "tailsim" else given)
    from .errors import TailsimError

    try:
        text = args.run(args)
    except TailsimError as error:
        parser.error(str(error))
    return _print(text)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage that argparse would put before it."""

    def error(self, message: str) -> NoReturn:
        """Print the sentence and exit with code 2."""
        if "arguments are required" in message:
            message += f"; {self.prog} --help shows how"
        end = "" if message.endswith((".", "?")) else "."
        self.exit(2, f"tailsim: error: {message}{end}\n")


def _command(name: str) -> argparse.ArgumentParser:
    """The command line of a subcommand."""
    from .commands import COMMANDS

    form = argparse.RawDescriptionHelpFormatter
    parser = _Parser(prog=f"tailsim {name}", formatter_class=form, allow_abbrev=False)
    COMMANDS[name](parser, _number_type, _whole_type)
    return parser


def _number_type(rule: str, above: float = -math.inf) -> Callable[[str], float]:
    return lambda text: _number(text, rule, lambda x: x > above)


def _whole_type(low: int, high: int) -> Callable[[str], int]:
    return lambda text: _whole(text, f"a whole number from {low} to {high}", low, high)


def _parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = _Parser(
        prog="tailsim",
        description=_ABOUT,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"tailsim {__version__}")
    _add_report(parser)
    return parser


def _add_report(parser: argparse.ArgumentParser) -> None:
    """The options of the main job."""
    data = parser.add_argument_group("past bets").add_argument
    data("--data", metavar="FILE", help="table of past bets, CSV or Parquet, one row a bet")
    data("--payoff", metavar="COLUMN", help="column of what each bet paid, gross; needed with --data")
    data("--stake", metavar="COLUMN", help="column of what each bet cost; without it every bet costs 1")
    skip = "what to do with rows that have an empty cell there (default: refuse)"
    data("--missing", choices=("refuse", "skip"), default="refuse", help=skip)
    asked = parser.add_argument_group("what is asked").add_argument
    asked("--hurdle", metavar="X", type=_hurdle, default=1.0, help="a bet fails below X times its stake (default 1)")
    asked("--target", metavar="X", type=_target, default=3.0, help="multiple worth reaching (default 3)")
    how = parser.add_argument_group("how").add_argument
    trials = "simulated portfolios of each size (default 80000, with --data 40000)"
    how("--trials", metavar="N", type=_trials, help=trials)
    how("--seed", metavar="N", type=_seed, default=1, help="another number gives other random numbers (default 1)")
    how("--json", action="store_true", help="print all numbers as JSON")
    parser.set_defaults(run=_report)


def _number(text: str, rule: str, holds: Callable[[float], bool]) -> float:
    """The number in an option, or the rule it breaks."""
    try:
        x = float(text)
    except ValueError:
        x = math.nan
    if not (math.isfinite(x) and holds(x)):
        raise argparse.ArgumentTypeError(f"must be {rule}, got {text!r}")
    return x


def _hurdle(text: str) -> float:
    return _number(text, "a number from 0 on", lambda x: x >= 0.0)


def _target(text: str) -> float:
    return _number(text, "a number above 1 and at most a million", lambda x: 1.0 < x <= 1e6)


def _whole(text: str, rule: str, low: int, high: int) -> int:
    """The whole number in an option, or the rule it breaks."""
    digits = text.replace("_", "").replace(",", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 40 and low <= int(digits) <= high):
        raise argparse.ArgumentTypeError(f"must be {rule}, got {text!r}")
    return int(digits)


def _trials(text: str) -> int:
    return _whole(text, f"a whole number from {_FEWEST} to {_MOST}", _FEWEST, _MOST)


def _seed(text: str) -> int:
    return _whole(text, "a whole number from 0 to 2**64 - 1", 0, 2**64 - 1)


def _report(args: argparse.Namespace) -> str:
    """The main job, as text or JSON."""
    from .errors import ArgumentError

    if args.data is None and (args.payoff or args.stake):
        raise ArgumentError("--payoff and --stake name columns of a table, so --data must name its file")
    if args.data is not None and args.payoff is None:
        raise ArgumentError("--payoff must name the column of what each bet paid when there is --data")
    from .report import as_json, as_text, past_report, venture_report

    asked = {"hurdle": args.hurdle, "target": args.target, "seed": args.seed}
    if args.trials is not None:
        asked["n_trials"] = args.trials
    if args.data is None:
        with _bar() as show:
            report = venture_report(**asked, show=show)
    else:
        from .io import read_outcomes

        outcomes = read_outcomes(args.data, payoff=args.payoff, stake=args.stake, missing=args.missing)
        with _bar() as show:
            report = past_report(outcomes, **asked, show=show)
    return as_json(report) + "\n" if args.json else as_text(report)


@contextmanager
def _bar() -> Iterator[Callable[[float], object] | None]:
    """A progress bar on stderr, where a person may be looking."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    form = "simulating {percentage:3.0f}% |{bar:40}| {elapsed}"
    with tqdm(total=1.0, bar_format=form, leave=False, file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.n)


def _print(text: str) -> int:
    """Print what was asked for; a reader that closes the pipe early, such as ``head``, is no error."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
