"""One way to compile: cached on disk under a name that holds the hash of every kernel source.

numba's own cache does not notice that a function called from another file has changed, so the
hash of all files of this folder goes into the name under which each function is cached.
"""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core import event

_FOLDER = Path(__file__).parent


def source_hash(folder: Path = _FOLDER) -> str:
    """First 12 hex digits of the SHA-256 over every Python file of the folder, names included."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


SOURCE_HASH = source_hash()
OPTIONS: dict[str, Any] = {"error_model": "numpy", "nogil": True}


def jit(function: Callable[..., Any]) -> Any:
    """Compile with the project's options; cache on disk where a writable place for it exists."""
    function.__qualname__ = f"{function.__qualname__}-{SOURCE_HASH}"
    try:
        return numba.njit(cache=True, **OPTIONS)(function)
    except RuntimeError:  # no locator: read-only install without a home directory
        return numba.njit(**OPTIONS)(function)


def inline(function: Callable[..., Any]) -> Any:
    """Compile a small function that LLVM inlines into its callers; not cached by itself."""
    return numba.njit(**OPTIONS)(function)


class _Announce(event.Listener):
    """Says once per process that a kernel is being compiled, since that takes seconds."""

    said = False

    def on_start(self, event: Any) -> None:
        function = getattr(event.data.get("dispatcher"), "py_func", None)
        if self.said or not getattr(function, "__module__", "").startswith("tailsim."):
            return
        _Announce.said = True
        print(
            "tailsim: compiling kernels not used on this machine before (a few seconds)...", file=sys.stderr, flush=True
        )

    def on_end(self, event: Any) -> None:
        """Nothing: the work that was announced goes on."""


event.register("numba:compile", _Announce())
