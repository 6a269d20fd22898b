"""Sealed files: whole or refused, never half written, and no larger in memory than on disk."""

import io
import os
import stat
import tracemalloc
import zipfile

import numpy as np
import pytest

from tailsim import _sealed
from tailsim.errors import CorruptFileError

ARRAYS = {"x": np.arange(5.0), "n": np.arange(3), "k": np.arange(4, dtype=np.int32), "none": np.empty(0)}


def forged(members, *, compress=zipfile.ZIP_STORED):
    """An archive with these members and a right digest: what a hostile writer can make."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compress) as archive:
        archive.comment = _sealed._MARK + b"0" * _sealed._DIGEST
        for name, data in members:
            archive.writestr(name, data)
    return resealed(stream.getvalue())


def resealed(data):
    body = data[: -_sealed._DIGEST]
    return body + _sealed._digest(io.BytesIO(body), len(body))


def npy(descr="'<f8'", shape="(4,)", data=b"\0" * 32):
    head = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + data


def test_what_is_packed_comes_back():
    manifest, arrays = _sealed.unpack(_sealed.pack({"a": [1, "é", None, 0.1]}, ARRAYS), "it")
    assert manifest == {"a": [1, "é", None, 0.1]}
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert np.array_equal(arrays[name], array)
        assert not arrays[name].flags.writeable


def test_a_sealed_file_is_an_npz_that_numpy_reads(tmp_path):
    _sealed.write_file(tmp_path / "a.npz", {}, ARRAYS)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as held:
        assert np.array_equal(held["x"], ARRAYS["x"])


def test_equal_contents_are_equal_bytes():
    assert _sealed.pack({"a": 1}, ARRAYS) == _sealed.pack({"a": 1}, ARRAYS)


def test_bytes_in_another_order_are_turned():
    arrays = _sealed.unpack(_sealed.pack({}, {"x": np.arange(3.0).astype(">f8")}), "it")[1]
    assert arrays["x"].tolist() == [0.0, 1.0, 2.0]
    assert arrays["x"].dtype.str == "<f8"


HOSTILE = {
    "no manifest": [("x.npy", npy())],
    "a manifest that is no JSON": [("manifest.json", "{")],
    "a manifest that is no table": [("manifest.json", "[]")],
    "a manifest without end": [("manifest.json", "[" * 100_000)],
    "a number of many digits": [("manifest.json", "1" * 10_000)],
    "objects": [("manifest.json", "{}"), ("x.npy", npy("'|O'"))],
    "records": [("manifest.json", "{}"), ("x.npy", npy("[('a', '<f8')]"))],
    "a petabyte": [("manifest.json", "{}"), ("x.npy", npy(shape="(125000000000000,)"))],
    "two dimensions": [("manifest.json", "{}"), ("x.npy", npy(shape="(2, 2)"))],
    "a negative length": [("manifest.json", "{}"), ("x.npy", npy(shape="(-4,)"))],
    "a header that is no literal": [("manifest.json", "{}"), ("x.npy", npy("__import__('os')"))],
    "an array of bytes alone": [("manifest.json", "{}"), ("x.npy", b"\0" * 100)],
}


@pytest.mark.parametrize("members", HOSTILE.values(), ids=HOSTILE)
def test_hostile_contents_are_refused_though_their_digest_is_right(members):
    tracemalloc.start()
    with pytest.raises(CorruptFileError, match=r"^it must be a whole file saved by tailsim: its contents are not what"):
        _sealed.unpack(forged(members), "it")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5e6


def test_a_compressed_bomb_is_refused_before_it_is_read():
    bomb = forged([("manifest.json", "{}"), ("x.npy", b"\0" * 50_000_000)], compress=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    tracemalloc.start()
    with pytest.raises(CorruptFileError, match="members must be stored"):
        _sealed.unpack(bomb, "it")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1e6


def test_a_declared_size_beyond_the_file_is_refused():
    data = forged([("manifest.json", "{}")])
    at = data.rindex(b"PK\x01\x02") + 20  # compressed, then plain size in the directory
    data = resealed(data[:at] + (2**31).to_bytes(4, "little") * 2 + data[at + 8 :])
    with pytest.raises(CorruptFileError, match="declared sizes exceed the file"):
        _sealed.unpack(data, "it")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a.npz"
    _sealed.write_file(path, {"a": 1}, ARRAYS)
    old = path.read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        _sealed.write_file(path, {"a": 2}, ARRAYS)
    assert path.read_bytes() == old
    assert os.listdir(tmp_path) == ["a.npz"]


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_a_file_has_the_mode_that_any_new_file_has(tmp_path):
    (tmp_path / "plain").touch()
    _sealed.write_file(tmp_path / "a.npz", {}, {})
    modes = {stat.S_IMODE(os.stat(tmp_path / name).st_mode) for name in ("plain", "a.npz")}
    assert len(modes) == 1


@pytest.mark.parametrize("data", [b"", b"PK", b"x" * 1000], ids=["empty", "short", "another"])
def test_other_files_are_refused(data):
    with pytest.raises(CorruptFileError, match="does not end with tailsim's mark"):
        _sealed.unpack(data, "it")
