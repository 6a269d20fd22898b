"""The subcommands of ``tailsim``: case, simulate, bets, fit and template, each a parser and what it prints."""

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._check import shown
from ._version import __version__
from .errors import ArgumentError, DataError, TailsimError

if TYPE_CHECKING:
    from .decide import Programme
    from .portfolio import Portfolio

Parser = argparse.ArgumentParser
_CODES = "Exit codes: 0 done, 2 bad input (said on stderr; nothing is written then), 130 ended by Ctrl-C."
_SCENARIO = """\
a scenario file says which bets are made, for instance
  [[portfolio.bets]]
  n_bets = 30
  payoff = {law = "ZeroInflated", base = {law = "Pareto", tail_index = 1.5}, p_zero = 0.65}
"""


def case(parser: Parser, number: Callable[..., Any], whole: Callable[..., Any]) -> None:
    """``tailsim case``."""
    parser.description = "The case for failure: what to expect of bets most of which fail, as Markdown, JSON or a page."
    parser.epilog = f"""\
examples:
  tailsim case scenario.toml --html case.html
  tailsim case scenario.toml --audience board --target 2
  tailsim case programme.xlsx --html case.html      (tailsim template programme.xlsx writes one to fill in)
  tailsim case scenario.toml --json > case.json

{_SCENARIO}
{_CODES}"""
    parser.add_argument("file", help="scenario (.toml) or filled-in spreadsheet (.xlsx)")
    parser.add_argument("--html", metavar="PATH", help="write one self-contained page there")
    parser.add_argument("--markdown", metavar="PATH", help="write Markdown there")
    parser.add_argument("--audience", default="team", choices=("team", "board", "engineer"), help="whom it speaks to")
    parser.add_argument("--title", help="heading of the page")
    parser.add_argument(
        "--target", metavar="X", type=number("a number above 0", above=0.0), help="multiple worth reaching"
    )
    parser.add_argument(
        "--hit", metavar="X", type=number("a number above 0", above=0.0), help="a bet is a hit from X on"
    )
    parser.add_argument("--hurdle", metavar="X", type=number("a finite number"), help="a bet fails below X (default 1)")
    _runs(parser, whole, 1000, 20_000)
    parser.set_defaults(run=_case)


def simulate(parser: Parser, number: Callable[..., Any], whole: Callable[..., Any]) -> None:
    """``tailsim simulate``."""
    parser.description = "Simulate the portfolio of a scenario: how often bets fail and what comes back."
    parser.epilog = f"""\
examples:
  tailsim simulate scenario.toml
  tailsim simulate scenario.toml --trials 1000000 --multiple 5 --json

{_SCENARIO}
{_CODES}"""
    parser.add_argument("file", help="scenario (.toml)")
    parser.add_argument(
        "--hurdle", metavar="X", type=number("a finite number"), default=1.0, help="a bet fails below X"
    )
    several = "a multiple whose chance is wanted; may be given several times (default 1, 3, 10)"
    parser.add_argument("--multiple", metavar="X", type=number("a finite number"), action="append", help=several)
    _runs(parser, whole, 100, 100_000)
    parser.set_defaults(run=_simulate)


def bets(parser: Parser, number: Callable[..., Any], whole: Callable[..., Any]) -> None:
    """``tailsim bets``."""
    parser.description = "How many bets to make: the best number, and all that cannot be told from it."
    parser.epilog = f"""\
examples:
  tailsim bets scenario.toml --target 3
  tailsim bets scenario.toml --median --max 300 --json

The bets of the scenario must all be alike.

{_SCENARIO}
{_CODES}"""
    parser.add_argument("file", help="scenario (.toml)")
    goal = parser.add_mutually_exclusive_group()
    wanted = number("a number above 0", above=0.0)
    goal.add_argument("--target", metavar="X", type=wanted, default=3.0, help="best chance of X (default 3)")
    goal.add_argument("--median", action="store_true", help="best median instead")
    parser.add_argument(
        "--max", metavar="N", type=whole(1, 2000), default=500, help="most bets to look at (default 500)"
    )
    _runs(parser, whole, 100, 100_000)
    parser.set_defaults(run=_bets)


def fit(parser: Parser, number: Callable[..., Any], whole: Callable[..., Any]) -> None:
    """``tailsim fit``."""
    parser.description = "Fit a law of payoffs to a table of past bets: the zeros, the body, the tail and its rivals."
    parser.epilog = f"""\
examples:
  tailsim fit outcomes.csv --payoff paid --stake cost
  tailsim fit outcomes.csv --payoff paid --json

{_CODES}"""
    parser.add_argument("file", help="table of past bets, CSV or Parquet, one row a bet")
    parser.add_argument("--payoff", metavar="COLUMN", required=True, help="column of what each bet paid, gross")
    parser.add_argument("--stake", metavar="COLUMN", help="column of what each bet cost; without it every bet costs 1")
    parser.add_argument("--missing", choices=("refuse", "skip"), default="refuse", help="rows with an empty cell")
    parser.add_argument("--seed", metavar="N", type=whole(0, 2**64 - 1), default=1, help="random numbers (default 1)")
    parser.add_argument("--json", action="store_true", help="print all numbers as JSON")
    parser.set_defaults(run=_fit)


def template(parser: Parser, number: Callable[..., Any], whole: Callable[..., Any]) -> None:
    """``tailsim template``."""
    parser.description = "Write a spreadsheet to fill in, for people without Python; needs the package openpyxl."
    parser.epilog = f"""\
example:
  tailsim template programme.xlsx
  tailsim case programme.xlsx --html case.html

An existing file is not overwritten. {_CODES}"""
    parser.add_argument("file", help="where to write it (.xlsx)")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")
    parser.set_defaults(run=_template)


COMMANDS = {"case": case, "simulate": simulate, "bets": bets, "fit": fit, "template": template}


def _runs(parser: Parser, whole: Callable[..., Any], fewest: int, usual: int) -> None:
    """Options that every simulation has."""
    trials = f"simulated worlds (default {usual})"
    parser.add_argument("--trials", metavar="N", type=whole(fewest, 10_000_000), default=usual, help=trials)
    parser.add_argument("--seed", metavar="N", type=whole(0, 2**64 - 1), default=1, help="random numbers (default 1)")
    parser.add_argument("--json", action="store_true", help="print all numbers as JSON")


def _case(args: argparse.Namespace) -> str:
    from ._sealed import in_one_step
    from .report import case_for_failure

    given = _programme_or_portfolio(args.file)
    asked = {name: getattr(args, name) for name in ("title", "target", "hit", "hurdle")}
    made = case_for_failure(given, args.audience, n_trials=args.trials, rng=args.seed, **asked)
    if args.html is not None:
        _writing("--html", args.html, lambda: made.to_html(args.html))
    if args.markdown is not None:
        text = made.to_markdown().encode()
        _writing("--markdown", args.markdown, lambda: in_one_step(args.markdown, lambda stream: stream.write(text)))
    if args.json:
        return made.to_json() + "\n"
    if args.html or args.markdown:
        return "".join(f"wrote {path}\n" for path in (args.html, args.markdown) if path)
    return made.to_markdown()


def _writing(name: str, path: str, write: Callable[[], object]) -> None:
    """Write, or say in a sentence why that cannot be."""
    try:
        write()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ArgumentError(f"{name} must be a place that can be written, got {shown(path)} ({reason})") from None


def _programme_or_portfolio(path: str) -> "Programme | Portfolio":
    """What a file describes."""
    if Path(path).suffix.lower() == ".xlsx":
        from .io.spreadsheet import read_programme

        return read_programme(path)
    scenario = _scenario(path)
    found: Any = getattr(scenario, "programme", None) or scenario.portfolio
    if found is None:
        raise DataError(f"{path}: the scenario has no portfolio; add one as a table [[portfolio.bets]].")
    return found  # type: ignore[no-any-return]


def _scenario(path: str) -> Any:
    from .io import load_scenario

    try:
        return load_scenario(path)
    except (OSError, ValueError) as error:
        if isinstance(error, TailsimError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(
            f"{shown(path)}: the scenario cannot be read ({reason}); give the path of a TOML file."
        ) from None


def _portfolio(path: str) -> "Portfolio":
    """The portfolio of a scenario."""
    found = _scenario(path).portfolio
    if found is None:
        raise DataError(f"{path}: the scenario has no portfolio; add one as a table [[portfolio.bets]].")
    return found  # type: ignore[no-any-return]


def _simulate(args: argparse.Namespace) -> str:
    from .engine import simulate as run_simulation

    run = run_simulation(_portfolio(args.file), n_trials=args.trials, hurdle=args.hurdle, rng=args.seed)
    if run.partial:
        raise KeyboardInterrupt
    asked = args.multiple or (1.0, 3.0, 10.0)
    if not args.json:
        extra = "".join(f"  chance of at least {m:g}x: {run.prob_at_least(m)}\n" for m in args.multiple or ())
        return f"{run}\n{extra}"
    return _json(
        {
            "n_trials": run.n_trials,
            "seed": run.seed,
            "hurdle": run.hurdle,
            "spent": run.portfolio.spent,
            "failure_rate": run.failure_rate(),
            "prob_at_least": [{"multiple": m, "probability": run.prob_at_least(m)} for m in asked],
            "quantiles": [{"q": q, "multiple": run.quantile(q)} for q in (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)],
            "max_share": _or_none(run.max_share),
            "mean": _or_none(run.mean),
        }
    )


def _bets(args: argparse.Namespace) -> str:
    from .decide import MedianMultiple, ProbAtLeast, optimal_bet_count

    portfolio = _portfolio(args.file)
    kinds = {bet for bet, _ in portfolio.runs()}
    if len(kinds) > 1 or portfolio.dependence is not None:
        raise DataError(f"{args.file}: bets must be alike and independent to be counted; describe one bet.")
    goal = MedianMultiple() if args.median else ProbAtLeast(args.target)
    found = optimal_bet_count(portfolio.bets[0], goal, max_bets=args.max, n_trials=args.trials, rng=args.seed)
    if not args.json:
        return f"{found.verdict}\n"
    low, high = found.plateau
    return _json(
        {
            "goal": goal.label,
            "n_trials": args.trials,
            "seed": args.seed,
            "n_bets": found.n_bets,
            "score": float(found.values[found.n_bets - 1]),
            "plateau": [low, high],
            "plateau_set": found.plateau_set.tolist(),
            "at_edge": found.at_edge,
            "verdict": found.verdict,
            "scores": found.values.tolist(),
        }
    )


def _fit(args: argparse.Namespace) -> str:
    from .fit import fit_payoff
    from .io import read_outcomes

    outcomes = read_outcomes(args.file, payoff=args.payoff, stake=args.stake, missing=args.missing)
    found = fit_payoff(outcomes, rng=args.seed)
    if not args.json:
        return f"{found}\n{found.verdict}\n"
    rivals = [{"family": rival.family, "p_value": getattr(rival, "p_value", None)} for rival in found.rivals]
    return _json(
        {
            "source": outcomes.source,
            "n_bets": found.n,
            "p_zero": found.p_zero,
            "tail_index": found.tail_index,
            "threshold": found.threshold,
            "n_tail": found.n_tail,
            "cap": found.cap,
            "law": repr(found.payoff) if len(repr(found.payoff)) < 2000 else type(found.payoff).__name__,
            "rivals": rivals,
            "verdict": str(found.verdict),
        }
    )


def _template(args: argparse.Namespace) -> str:
    from .io.spreadsheet import write_template

    if Path(args.file).suffix.lower() != ".xlsx":
        raise ArgumentError(f"the file must end in .xlsx, got {shown(args.file)}")
    if os.path.lexists(args.file):
        raise ArgumentError(f"{shown(args.file)} exists already, and is not overwritten; name another file")
    _writing("the file", args.file, lambda: write_template(args.file))
    if args.json:
        return json.dumps({"wrote": args.file}) + "\n"
    return f"wrote {args.file}: fill it in, then: tailsim case {args.file} --html case.html\n"


def _or_none(answer: Callable[[], Any]) -> Any:
    """An answer, or None where it does not exist."""
    from .errors import UndefinedMomentError

    try:
        return answer()
    except UndefinedMomentError:
        return None


def _json(content: dict[str, Any]) -> str:
    """Strict JSON with the version; infinite numbers are the strings "inf" and "-inf"."""
    from .report.json_form import plain

    whole = {"tailsim": __version__, **{name: _deep(value, plain) for name, value in content.items()}}
    return json.dumps(whole, indent=2, allow_nan=False) + "\n"


def _deep(value: Any, plain: Callable[[Any], Any]) -> Any:
    if isinstance(value, dict):
        return {name: _deep(item, plain) for name, item in value.items()}
    if isinstance(value, list):
        return [_deep(item, plain) for item in value]
    return plain(value)
