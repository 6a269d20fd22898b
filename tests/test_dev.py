"""The set-up script: what it refuses, what it reuses, what it passes on. No test here installs anything."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "dev.py"


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, at work on an empty project, its installers replaced by a list of their calls."""
    spec = importlib.util.spec_from_file_location("dev", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    calls: list[list[str]] = []
    monkeypatch.setattr(module, "calls", calls, raising=False)

    def record(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        calls.append(command)
        return subprocess.CompletedProcess(command, 0)

    def venv() -> None:
        module.VENV.mkdir(exist_ok=True)

    (tmp_path / "pyproject.toml").write_text("[project]\n")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "stamp")
    monkeypatch.setattr(module, "make_venv", venv)
    monkeypatch.setattr(module, "uv", lambda: "uv")
    monkeypatch.setattr(module.subprocess, "run", record)
    return module


def test_installs_once_until_pyproject_changes(dev: ModuleType) -> None:
    dev.install({"test"})
    dev.install({"test"})
    dev.install(set())
    assert len(dev.calls) == 1
    (dev.ROOT / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    dev.install(set())
    assert [call[-1] for call in dev.calls] == [f"{dev.ROOT}[test]", str(dev.ROOT)]


def test_a_second_extra_keeps_the_first(dev: ModuleType) -> None:
    dev.install({"test"})
    dev.install({"bench"})
    assert dev.calls[-1][-1] == f"{dev.ROOT}[bench,test]"


def test_pip_takes_over_where_uv_cannot_be_had(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "uv", lambda: None)
    monkeypatch.setattr(dev, "pip", lambda: ["pip"])
    dev.install(set())
    assert dev.calls == [["pip", "install", "--quiet", "--editable", str(dev.ROOT)]]


def test_a_failed_install_is_tried_again(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(command: list[str], check: bool = False) -> subprocess.CompletedProcess[str]:
        if check:
            raise subprocess.CalledProcessError(3, command)
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(dev, "pip", lambda: ["pip"])
    monkeypatch.setattr(dev.subprocess, "run", fail)
    with pytest.raises(subprocess.CalledProcessError):
        dev.install(set())
    assert not dev.STAMP.exists()


def test_arguments_reach_pytest(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr(dev, "run", lambda *arguments: ran.append(arguments))
    monkeypatch.chdir(dev.ROOT)
    dev.main("test", "-k", "power")
    assert ran == [("-m", "pytest", "-k", "power")]


def test_an_unknown_command_shows_the_usage() -> None:
    done = subprocess.run([sys.executable, str(SCRIPT), "tests"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "python3 dev.py test" in done.stderr


def test_an_older_python_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 0))
    with pytest.raises(SystemExit, match=r"tailsim needs Python 3\.11 or later"):
        exec(compile(SCRIPT.read_text("utf-8"), str(SCRIPT), "exec"), {"__name__": "dev"})


LOCK = SCRIPT.parent / ".ci" / "requirements.txt"


def pinned() -> dict[str, tuple[str, bool]]:
    """The version of each package in the lock, and whether it has hashes."""
    found = re.findall(r"^([\w.-]+)==([\w.+!]+)([^\n]*\n(?:    --hash.*\n)*)", LOCK.read_text("utf-8"), re.MULTILINE)
    return {name.lower(): (version, "--hash=sha256:" in rest) for name, version, rest in found}


@pytest.mark.skipif(not LOCK.exists(), reason="a source distribution has no lock")
@pytest.mark.parametrize("extra", [None, "test", "bench", "data", "dask"])
def test_the_lock_holds_what_the_project_needs_with_hashes(extra: str | None) -> None:
    project = tomllib.loads((SCRIPT.parent / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["dependencies"] if extra is None else project["optional-dependencies"][extra]
    held = pinned()
    assert all(hashed for _, hashed in held.values())
    for requirement in wanted:
        name, floor = re.match(r"([\w.-]+)>=([\d.]+)", requirement).groups()
        version = held[name.lower()][0]
        assert [int(x) for x in version.split(".")[:2]] >= [int(x) for x in floor.split(".")[:2]], requirement
