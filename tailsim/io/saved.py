"""Simulations in files: saved whole, loaded with the same answers and the same digest, or refused."""

import os
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _check, _sealed
from ..errors import ArgumentError, ArgumentTypeError, CorruptFileError
from ..results import Columns, Simulation, Stopped
from ..results._bytes import apart, together
from ..results._digest import STREAM_VERSION
from ..stats.estimate import Estimate
from .plain import Reader, to_plain

_FORMAT = "tailsim simulation 1"
_COLUMNS = {"totals": "<f8", "largest": "<f8", "n_failures": "<i4"}
_LONG = 256  # a list of more numbers travels as an array
_KEYS = (
    "format", "stream_version", "portfolio", "n_trials", "seed", "hurdle", "partial", "precision", "numbers", "digest",
)  # fmt: skip


def save(run: Simulation, path: str | os.PathLike[str]) -> None:
    """Write a simulation into one sealed file; see ``Simulation.save``."""
    _path(path)
    if os.fsdecode(path).lower().endswith((".parquet", ".pq")):
        raise _check.refuse(
            "path", "a file that holds a whole result, such as run.npz", path,
            "to_frame().to_parquet(path) exports its trials as a plain table",
        )  # fmt: skip
    numbers, arrays = apart(run._summary)
    if run._columns is not None:
        arrays |= {name: getattr(run._columns, name) for name in _COLUMNS}
    head = (_FORMAT, STREAM_VERSION, _hoisted(to_plain(run.portfolio), arrays), run.n_trials, hex(run.seed))
    rest = (float(run.hurdle).hex(), run.partial, _stopped_to_plain(run.precision), numbers, run.digest())
    _sealed.write_file(path, dict(zip(_KEYS, (*head, *rest), strict=True)), arrays)


def load(path: str | os.PathLike[str]) -> Simulation:
    """The simulation that ``Simulation.save`` wrote.

    Parameters
    ----------
    path : str or path
        The file.

    Returns
    -------
    Simulation
        It gives the answers, the digest and the replayed trials of the one saved.

    Raises
    ------
    CorruptFileError
        If one bit of the file is not as it was written, if it was cut short, or if it holds what no simulation is.
    OSError
        If there is no such file, or it cannot be read.

    Notes
    -----
    A file runs no code: laws are looked up by name in a list of tailsim's own, arrays are of plain numbers, and
    nothing is allocated that is larger than the file.
    """
    manifest, arrays = _sealed.read_file(_path(path))
    name = os.fsdecode(path)
    if manifest.get("format") != _FORMAT:
        raise _sealed.corrupt(name, f"it is no {_FORMAT}, but {_check.shown(manifest.get('format'))}")
    if manifest.get("stream_version") != STREAM_VERSION:
        was = _check.shown(manifest.get("stream_version"))
        raise _sealed.corrupt(name, f"its random numbers are of stream {was}, and this version has {STREAM_VERSION}")
    try:
        run = _simulation(manifest, arrays, name)
        same = run.digest() == manifest["digest"]
    except (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        if isinstance(error, CorruptFileError):
            raise
        raise _sealed.corrupt(name, f"its contents are no simulation ({_check.shown(error)})") from None
    if not same:
        raise _sealed.corrupt(name, "what it holds does not have the digest of what was saved")
    return run


def _path(path: Any) -> Any:
    if not isinstance(path, (str, os.PathLike)):
        raise ArgumentTypeError(f"path must be the path of a file, got {_check.shown(path)}.")
    return path


def _simulation(manifest: dict[str, Any], arrays: dict[str, NDArray[Any]], name: str) -> Simulation:
    """The parts put together, each checked against the others."""
    reader = Reader()
    portfolio = reader.portfolio(_lowered(manifest["portfolio"], arrays), "portfolio")
    if portfolio is None:
        raise _sealed.corrupt(name, reader.problems[0])
    summary = together(manifest["numbers"], arrays, name)
    n_trials, hurdle, partial = manifest["n_trials"], float.fromhex(manifest["hurdle"]), manifest["partial"]
    if type(n_trials) is not int or n_trials != summary.n_trials or n_trials < 1 or type(partial) is not bool:
        raise ArgumentError("trials of another number than the summary's")
    held = (portfolio, n_trials, int(manifest["seed"], 16), _check.real("hurdle", hurdle), partial, summary)
    return Simulation(*held, _columns(arrays, n_trials), precision=_stopped(manifest["precision"]))


def _columns(arrays: dict[str, NDArray[Any]], n_trials: int) -> Columns | None:
    """Per-trial columns, where they were kept."""
    if not _COLUMNS.keys() & arrays.keys():
        return None
    columns = {name: arrays[name] for name in _COLUMNS}
    if any(len(x) != n_trials or x.dtype.str != _COLUMNS[name] for name, x in columns.items()):
        raise ArgumentError("columns of another length or type")
    return Columns(**columns)


def _stopped_to_plain(stopped: Stopped | None) -> dict[str, Any] | None:
    """How a run ended."""
    if stopped is None:
        return None
    plain = {f.name: getattr(stopped, f.name) for f in fields(stopped)}
    if stopped.estimate is not None:
        plain["estimate"] = {f.name: _number(getattr(stopped.estimate, f.name)) for f in fields(stopped.estimate)}
    return plain


def _number(value: Any) -> Any:
    """A scalar as JSON has it."""
    if isinstance(value, tuple):
        return [float(x) for x in value]
    return value.item() if isinstance(value, np.generic) else value


def _stopped(plain: Any) -> Stopped | None:
    if plain is None:
        return None
    estimate = plain["estimate"]
    if estimate is not None:
        low, high = estimate["interval"]
        estimate = Estimate(**estimate | {"interval": (float(low), float(high))})
    return Stopped(**plain | {"estimate": estimate})


def _hoisted(value: Any, arrays: dict[str, NDArray[Any]]) -> Any:
    """The tables with long lists of numbers put among the arrays."""
    if isinstance(value, dict):
        return {key: _hoisted(x, arrays) for key, x in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) > _LONG and all(type(x) is float for x in value):
        name = f"list_{len(arrays)}"
        arrays[name] = np.array(value)
        return {"array": name}
    return [_hoisted(x, arrays) for x in value]


def _lowered(value: Any, arrays: dict[str, NDArray[Any]]) -> Any:
    """The tables with their lists back in place."""
    if isinstance(value, dict):
        if value.keys() == {"array"}:
            return arrays[value["array"]].tolist()
        return {key: _lowered(x, arrays) for key, x in value.items()}
    return [_lowered(x, arrays) for x in value] if isinstance(value, list) else value
