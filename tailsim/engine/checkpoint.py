"""Checkpoints: what a run has merged so far, on disk in two generations, for the same call to go on from."""

import contextlib
import hashlib
import os
import time
import warnings
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from .. import _check, _sealed
from ..errors import CheckpointError, CheckpointWarning, CorruptFileError
from ..portfolio import Portfolio
from ..results import Columns, Precision, Summary
from ..results._bytes import apart, together
from ..results._digest import STREAM_VERSION, portfolio_digest

Held: TypeAlias = tuple[Summary, "Columns | None"]
_KIND = "tailsim checkpoint 1"
_EVERY = 2.0  # seconds between two checkpoints, or so many times what one takes to write
_TIMES = 50.0
_SHOWN = 200  # characters of a field that an error shows
_COLUMNS = {"totals": "<f8", "largest": "<f8", "n_failures": "<i4"}


def configuration(
    portfolio: Portfolio,
    *,
    n_trials: int,
    hurdle: float,
    top: int,
    keeps: bool,
    until: Precision | None,
    seed: int,
) -> dict[str, str]:
    """What decides on the bits of a run, field by field, as text."""
    return {
        "stream_version": str(STREAM_VERSION),
        "portfolio": f"{_short(repr(portfolio))} (SHA-256 {portfolio_digest(portfolio)[:16]})",
        "n_trials": str(n_trials),
        "hurdle": repr(float(hurdle)),
        "top": str(top),
        "keep": "trials" if keeps else "summary",
        "until": _rule(until),
        "rng": str(seed),
    }


def _rule(until: Precision | None) -> str:
    """A stop rule as text that is the same in every process."""
    if until is None:
        return "None"
    quantity = repr(until.quantity) if isinstance(until.quantity, str) else _function(until.quantity)
    return f"Precision({quantity}, {until.half_width!r}, level={until.level!r})"


def _function(quantity: Any) -> str:
    """A function by its name and what it does."""
    name = getattr(quantity, "__qualname__", type(quantity).__qualname__)
    code = getattr(quantity, "__code__", None)
    constants = () if code is None else [c for c in code.co_consts if not hasattr(c, "co_code")]
    bound = [cell.cell_contents for cell in getattr(quantity, "__closure__", None) or ()]
    held = repr((None if code is None else (code.co_code, code.co_names), constants, bound))
    return f"{name} (SHA-256 {hashlib.sha256(held.encode()).hexdigest()[:16]})"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _sha256(fields: Mapping[str, str]) -> str:
    """SHA-256 of a configuration."""
    return hashlib.sha256(repr(sorted(fields.items())).encode()).hexdigest()


def check_path(path: "str | os.PathLike[str] | None") -> str | None:
    """Where checkpoints go, or None; nothing is written yet."""
    if path is None:
        return None
    if not isinstance(path, (str, os.PathLike)):
        raise _check.refuse("checkpoint", "None or the path of a file", path)
    name = os.path.abspath(os.fsdecode(path))
    folder = os.path.dirname(name)
    if os.path.isdir(name) or not os.path.isdir(folder):
        raise _check.refuse("checkpoint", "the path of a file in a folder that exists", os.fsdecode(path))
    return name


class Checkpoint:
    """Generations of one run on disk: ``path``, and the one before it under ``path`` + ".previous"."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._previous, self._new = f"{path}.previous", f"{path}.new"
        self._fields: dict[str, str] = {}
        self._written = -1  # trials in the newest generation
        self._next = 0.0  # when the next one is due

    def seed(self) -> int | None:
        """The seed of the run on disk, if there is one: a call without a seed goes on with it."""
        found = self._read()
        return None if found is None else int(found[0]["configuration"]["rng"])

    def resume(self, fields: dict[str, str]) -> Held | None:
        """What the newest whole generation holds; refuses that of another configuration."""
        self._fields = fields
        found = self._read()
        if found is None:
            return None
        manifest, arrays, path = found
        self._compare(manifest["configuration"])
        summary = together(manifest.get("numbers"), arrays, path)
        self._written = summary.n_trials
        return summary, _columns(arrays, summary.n_trials, path) if fields["keep"] == "trials" else None

    def _read(self) -> tuple[dict[str, Any], dict[str, Any], str] | None:
        """The newest generation that is whole."""
        damaged: list[CorruptFileError] = []
        for path in (self.path, self._previous):
            if not os.path.exists(path):
                continue
            try:
                manifest, arrays = _sealed.read_file(path)
                _check_manifest(manifest, path)
            except CorruptFileError as error:
                damaged.append(error)
                continue
            for one in damaged:
                warnings.warn(f"{one} The run goes on from the generation before it.", CheckpointWarning, 3)
            return manifest, arrays, path
        if damaged:
            raise damaged[0]
        return None

    def _compare(self, held: dict[str, str]) -> None:
        """Refuse another configuration, showing every field that differs."""
        differ = [name for name in self._fields if held.get(name) != self._fields[name]]
        if differ:
            shown = "; ".join(f"{name} was {held.get(name)} and is {self._fields[name]}" for name in differ)
            raise CheckpointError(
                f"checkpoint must hold the run that is asked for, and {self.path} holds another: {shown}; "
                "ask for that run, or give another path."
            )

    def due(self) -> bool:
        """Whether it is time for the next generation."""
        return time.monotonic() >= self._next

    def save(self, summary: Summary, columns: Columns | None) -> bool:
        """Write a generation; false, with a warning, where the disk refuses: what is there stays as it is."""
        if summary.n_trials == self._written:
            return True
        start = time.monotonic()
        try:
            self._write(self._bytes(summary, columns))
        except OSError as error:
            with contextlib.suppress(OSError):
                os.unlink(self._new)
            warnings.warn(
                f"the checkpoint {self.path} cannot be written ({error.strerror or error}): what it held is intact, "
                "and the run ends here with the trials done; free the disk and call again to go on from there.",
                CheckpointWarning,
                stacklevel=2,
            )
            return False
        self._written = summary.n_trials
        self._next = time.monotonic() + max(_EVERY, _TIMES * (time.monotonic() - start))
        return True

    def _bytes(self, summary: Summary, columns: Columns | None) -> bytes:
        """A generation, sealed by the SHA-256 of all of it."""
        numbers, arrays = apart(summary)
        if columns is not None:
            arrays |= {name: getattr(columns, name)[: summary.n_trials] for name in _COLUMNS}
        head = {"kind": _KIND, "configuration": self._fields, "configuration_sha256": _sha256(self._fields)}
        return _sealed.pack(head | {"numbers": numbers}, arrays)

    def _write(self, data: bytes) -> None:
        """In one step: a crash at any moment leaves a whole generation under one of the two names."""
        with open(self._new, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if os.path.exists(self.path):
            os.replace(self.path, self._previous)
        os.replace(self._new, self.path)
        _sealed._sync_folder(os.path.dirname(self.path))


def _check_manifest(manifest: dict[str, Any], path: str) -> None:
    """Refuse a sealed file that is no checkpoint."""
    fields = manifest.get("configuration")
    texts = isinstance(fields, dict) and all(isinstance(value, str) for value in fields.values())
    if manifest.get("kind") != _KIND or not isinstance(fields, dict) or not texts or "rng" not in fields:
        raise _sealed.corrupt(path, "it is no checkpoint")
    if manifest.get("configuration_sha256") != _sha256(fields) or not fields["rng"].isdigit():
        raise _sealed.corrupt(path, "its configuration does not have the SHA-256 that it names")


def _columns(arrays: Mapping[str, Any], n_trials: int, path: str) -> Columns:
    """The per-trial columns of a generation."""
    found = [arrays.get(name) for name in _COLUMNS]
    kinds = zip(found, _COLUMNS.values(), strict=True)
    if any(x is None or len(x) != n_trials or np.asarray(x).dtype.str != kind for x, kind in kinds):
        raise _sealed.corrupt(path, "its columns do not have one entry a trial")
    return Columns(*(np.asarray(x) for x in found))
