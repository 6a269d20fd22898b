"""Files that appear whole or not at all."""

import os
import tempfile
from pathlib import Path


def write_bytes(path: "str | os.PathLike[str]", content: bytes) -> None:
    """Write a file beside its place and move it there when it is complete; an old one stays until then."""
    place = Path(path)
    handle, name = tempfile.mkstemp(prefix=f".{place.name[:40]}.", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, _mode(place))
        os.replace(name, place)
    except BaseException:
        os.unlink(name)
        raise


def write_text(path: "str | os.PathLike[str]", text: str) -> None:
    """The same for text, as UTF-8."""
    write_bytes(path, text.encode())


def _mode(place: Path) -> int:
    """The permissions of the file replaced, or those that a new file gets."""
    if place.exists():
        return place.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
