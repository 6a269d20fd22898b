"""Scenario files: laws, a portfolio and goals in TOML, read whole or refused with every problem there is."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from .. import _check
from .._sealed import in_one_step
from ..decide.goals import Goal
from ..errors import ArgumentTypeError, ScenarioError
from ..payoffs import Payoff
from ..portfolio import Portfolio
from .plain import Reader, to_plain, under

KEYS = ("scenario", "laws", "portfolio", "goals")
VERSION = 1
MOST_BYTES = 1 << 26


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a scenario file says.

    Attributes
    ----------
    portfolio : Portfolio or None
        From the table ``portfolio``.
    laws : mapping of str to Payoff
        From the table ``laws``, by name.
    goals : mapping of str to Goal
        From the table ``goals``, by name.
    """

    portfolio: Portfolio | None
    laws: Mapping[str, Payoff]
    goals: Mapping[str, Goal]


def load_scenario(path: str | os.PathLike[str]) -> Scenario:
    r"""Read laws, a portfolio and goals from a TOML file.

    Parameters
    ----------
    path : str or path
        A file of the keys ``scenario = 1`` (the version, may be left out), ``laws``, ``portfolio`` and ``goals``, as
        ``tailsim.io.schema()`` describes; a payoff may be the name of one of ``laws``.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With a line for every problem in the file: the path of its key, what is wrong, the nearest valid key.
        Nothing is run, and nothing the file says is looked up outside lists of known names.
    OSError
        If there is no such file, or it cannot be read.

    Examples
    --------
    >>> import pathlib, tempfile, tailsim as ts
    >>> text = '''
    ... [laws.product]
    ... law = "ZeroInflated"
    ... base = {law = "Pareto", tail_index = 1.5}
    ... p_zero = 0.65
    ... [[portfolio.bets]]
    ... n_bets = 100
    ... payoff = "product"
    ... [goals.triple]
    ... goal = "ProbAtLeast"
    ... multiple = 3
    ... '''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "plan.toml")
    ...     _ = path.write_text(text)
    ...     scenario = ts.load_scenario(path)
    >>> scenario.portfolio.n_bets, scenario.goals["triple"]
    (100, ProbAtLeast(multiple=3.0))
    """
    if not isinstance(path, (str, os.PathLike)):
        raise ArgumentTypeError(f"path must be the path of a TOML file, got {_check.shown(path)}.")
    with open(path, "rb") as stream:
        text = stream.read(MOST_BYTES + 1)
    return _scenario(text, os.fsdecode(path))


def _scenario(text: bytes, name: str) -> Scenario:
    """The scenario of a text, or all of its problems."""
    reader = Reader()
    table = _parsed(text, reader)
    laws: dict[str, Any] = {}
    goals: dict[str, Any] = {}
    portfolio = None
    if table is not None:
        if table.get("scenario", VERSION) != VERSION:
            reader.problem("scenario", f"must be {VERSION}, got {_check.shown(table['scenario'])}")
        laws = reader.laws = _named(reader, "law", table, "laws")
        goals = _named(reader, "goal", table, "goals")
        if "portfolio" in table:
            portfolio = reader.portfolio(table["portfolio"], "portfolio")
    if reader.problems:
        n = len(reader.problems)
        listed = "\n".join(f"  {problem}" for problem in reader.problems)
        shown = name if name.isprintable() else ascii(name)
        count = "1 problem" if n == 1 else f"{n} problems"
        raise ScenarioError(f"{shown} has {count}; nothing was run:\n{listed}", tuple(reader.problems))
    return Scenario(portfolio, MappingProxyType(laws), MappingProxyType(goals))


def _parsed(text: bytes, reader: Reader) -> Any:
    """The tables of a TOML text with the keys known at its top."""
    if len(text) > MOST_BYTES:
        return reader.problem("file", f"must be at most {MOST_BYTES:,} bytes long")
    try:
        return reader.table(tomllib.loads(text.decode("utf-8-sig")), "", KEYS)
    except UnicodeDecodeError as error:
        return reader.problem("file", f"must be UTF-8, got byte 0x{text[error.start]:02x} at position {error.start}")
    except (ValueError, RecursionError) as error:
        said = " ".join(str(error).split())
        return reader.problem("file", f"must be valid TOML: {said[:200] if said.isprintable() else ascii(said)[:200]}")


def _named(reader: Reader, kind: str, table: dict[str, Any], key: str) -> dict[str, Any]:
    """The things of one kind, by their names."""
    value = table.get(key, {})
    if not isinstance(value, dict):
        reader.problem(key, f"must be a table of tables, got {_check.shown(value)}")
        return {}
    return {name: reader.thing(kind, thing, under(key, name)) for name, thing in value.items()}


def to_toml(portfolio: Portfolio, path: str | os.PathLike[str] | None = None) -> str:
    """A portfolio as the text of a scenario file; see ``Portfolio.to_toml``."""
    try:
        import tomli_w
    except ImportError:
        raise ImportError("to_toml needs tomli-w; install it with: pip install tomli-w.") from None
    text: str = tomli_w.dumps({"scenario": VERSION, "portfolio": to_plain(portfolio)})
    if path is not None:
        in_one_step(path, lambda stream: stream.write(text.encode()))
    return text
