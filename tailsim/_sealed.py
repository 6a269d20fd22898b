"""Arrays and a manifest in one file that is whole, or is refused: an npz that ends with its own SHA-256."""

import contextlib
import hashlib
import io
import json
import os
import struct
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from .errors import CorruptFileError

_MARK = b"tailsim sha256 "
_DIGEST = 64  # hexadecimal digits at the very end, over every byte before them
_CHUNK = 1 << 20
_MANIFEST = "manifest.json"
_MOST_MANIFEST = 1 << 28
_DTYPES = ("<f8", "<i8", "<i4")
_WRONG = (
    zipfile.BadZipFile, ValueError, KeyError, TypeError, EOFError, NotImplementedError, RuntimeError, OverflowError,
    struct.error,
)  # fmt: skip


def pack(manifest: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """A JSON-ready manifest and arrays of numbers as bytes; equal contents give equal bytes."""
    stream = io.BytesIO()
    _write(stream, manifest, arrays)
    return stream.getvalue()


def unpack(data: bytes, name: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What ``pack`` packed; ``name`` is what errors call it."""
    return _read(io.BytesIO(data), name)


def write_file(path: str | os.PathLike[str], manifest: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a sealed file in one step: after a crash, or on a full disk, the old one is there or the new one."""
    in_one_step(path, lambda stream: _write(stream, manifest, arrays))


def in_one_step(path: str | os.PathLike[str], write: Callable[[BinaryIO], object]) -> None:
    """Write beside the file, make it durable, and rename it to its name."""
    target = os.path.abspath(os.fsdecode(path))
    folder, name = os.path.split(target)
    handle, temporary = tempfile.mkstemp(prefix=f".{name[:100]}.", suffix=".tmp", dir=folder)
    try:
        with os.fdopen(handle, "w+b") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o666 & ~_umask())  # mkstemp lets nobody else read
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(folder)


def read_file(path: str | os.PathLike[str]) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The manifest and the arrays of a sealed file."""
    with open(path, "rb") as stream:
        return _read(stream, os.fsdecode(path))


def _umask() -> int:
    """The process's file mode mask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _sync_folder(folder: str) -> None:
    """Make a rename outlive a power cut, where a folder can be opened at all."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _write(stream: BinaryIO, manifest: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """The archive, members stored as they are, and its digest in the archive's comment."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = _MARK + b"0" * _DIGEST
        archive.writestr(zipfile.ZipInfo(_MANIFEST), json.dumps(manifest))
        for name, array in arrays.items():
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                little = np.ascontiguousarray(array, np.dtype(array.dtype).newbyteorder("<"))
                np.lib.format.write_array(member, little, (1, 0), allow_pickle=False)
    size = stream.seek(0, os.SEEK_END)
    digest = _digest(stream, size - _DIGEST)
    stream.seek(size - _DIGEST)
    stream.write(digest)


def _digest(stream: BinaryIO, n_bytes: int) -> bytes:
    """SHA-256 of the first bytes, in hexadecimal digits."""
    sink = hashlib.sha256()
    stream.seek(0)
    while n_bytes > 0 and (chunk := stream.read(min(_CHUNK, n_bytes))):
        sink.update(chunk)
        n_bytes -= len(chunk)
    return sink.hexdigest().encode()


def _read(stream: BinaryIO, name: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Contents, after the digest was found right and no size declared is beyond what is there."""
    size = stream.seek(0, os.SEEK_END)
    tail = len(_MARK) + _DIGEST
    stream.seek(max(size - tail, 0))
    end = stream.read(tail)
    if not end.startswith(_MARK) or len(end) != tail:
        raise corrupt(name, "it does not end with tailsim's mark, so it is another kind of file or was cut short")
    if _digest(stream, size - _DIGEST) != end[len(_MARK) :]:
        raise corrupt(name, "its contents do not have the SHA-256 that it ends with")
    try:
        return _contents(stream, size)
    except _WRONG as error:
        raise corrupt(name, f"its contents are not what tailsim writes ({_short(error)})") from None


def corrupt(name: str, why: str) -> CorruptFileError:
    """The error for a file that cannot be trusted, for the caller to raise."""
    shown = name if name.isprintable() else ascii(name)
    return CorruptFileError(f"{shown} must be a whole file saved by tailsim: {why}; use a copy, or run it again.")


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:80] or type(error).__name__


def _contents(stream: BinaryIO, size: int) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The manifest and the arrays of an archive that may be hostile: a digest is no signature."""
    with zipfile.ZipFile(stream) as archive:
        members = archive.infolist()
        names = [member.filename for member in members]
        if len(set(names)) != len(names) or any(m.compress_type != zipfile.ZIP_STORED for m in members):
            raise ValueError("members must be stored, each once")
        if sum(member.file_size for member in members) > size or max(m.file_size - m.compress_size for m in members):
            raise ValueError("declared sizes exceed the file")
        if archive.getinfo(_MANIFEST).file_size > _MOST_MANIFEST:
            raise ValueError("the manifest is too long")
        manifest = json.loads(archive.read(_MANIFEST))
        if not isinstance(manifest, dict):
            raise ValueError("the manifest is no table")
        arrays = {name.removesuffix(".npy"): _array(archive.read(name)) for name in names if name != _MANIFEST}
    return manifest, arrays


def _array(data: bytes) -> NDArray[Any]:
    """A one-dimensional array of numbers, read-only, from bytes that are no longer than it."""
    head = io.BytesIO(data)
    if np.lib.format.read_magic(head) != (1, 0):
        raise ValueError("an array of another version")
    shape, _, dtype = np.lib.format.read_array_header_1_0(head, max_header_size=1000)
    if dtype.str not in _DTYPES or len(shape) != 1 or shape[0] * dtype.itemsize != len(data) - head.tell():
        raise ValueError("an array of another kind or size than declared")
    return np.frombuffer(data, dtype, offset=head.tell())
