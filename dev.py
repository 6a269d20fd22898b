"""Set up tailsim in ``.venv`` and run it, with nothing but Python 3.11 or later.

python3 dev.py demo [argument ...]     run the main job: python -m tailsim [argument ...]
python3 dev.py test [argument ...]     run the tests: pytest [argument ...]
python3 dev.py install [extra ...]     only install, with extras named in pyproject.toml

The first call makes .venv and fills it; later calls install again only when pyproject.toml has changed.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the one line an older Python is meant to reach
    sys.exit(f"tailsim needs Python 3.11 or later, and this is {sys.version.split()[0]}: run dev.py with a newer one.")

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = str(BIN / ("python.exe" if os.name == "nt" else "python"))
STAMP = VENV / "tailsim-installed.txt"  # what was installed: a line for pyproject.toml and place, then the extras


def works(*command: str) -> bool:
    """Whether the command exists and succeeds; what it prints is not shown."""
    try:
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """Make ``.venv`` unless a Python that is new enough runs in it already."""
    if not works(PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"):
        print("Making .venv ...", flush=True)
        # Without pip: Debian keeps ensurepip in a package of its own, and uv needs no pip.
        subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)], check=True)


def pip() -> list[str]:
    """A pip that installs into ``.venv``: its own, or that of the Python which runs this script."""
    if works(PYTHON, "-m", "pip", "--version") or works(PYTHON, "-m", "ensurepip"):
        return [PYTHON, "-m", "pip"]
    outside = [sys.executable, "-m", "pip", "--python", PYTHON]
    if works(*outside, "--version"):
        return outside
    sys.exit("This Python has no pip, and there is no uv: run 'apt-get install python3-venv', then the same again.")


def uv() -> str | None:
    """The path of uv, fetched into ``.venv`` if need be; None where it cannot be had."""
    found = shutil.which("uv") or shutil.which("uv", path=str(BIN))
    if found is None and works(*pip(), "install", "--quiet", "uv"):
        found = shutil.which("uv", path=str(BIN))
    return found


def install(extras: set[str]) -> None:
    """Install the project, editable, with its extras: by uv, which is faster, or else by pip."""
    make_venv()
    key = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + os.fsencode(ROOT)).hexdigest()
    made, *present = STAMP.read_text(encoding="utf-8").split() if STAMP.exists() else [""]
    if made == key and extras.issubset(present):
        return
    wanted = sorted(extras.union(present if made == key else ()))
    target = ["--editable", f"{ROOT}[{','.join(wanted)}]" if wanted else str(ROOT)]
    print("Installing tailsim and what it needs into .venv ...", flush=True)
    fast = uv()
    # bytecode as pip makes it: without it every start compiles numba's sources again
    how = ["pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON]
    if fast is None or subprocess.run([fast, *how, *target]).returncode != 0:
        print("uv cannot do it here; pip takes over, which is slower ...", flush=True)
        subprocess.run([*pip(), "install", "--quiet", *target], check=True)
    STAMP.write_text("\n".join([key, *wanted]) + "\n", encoding="utf-8")


def run(*arguments: str) -> None:
    """Become the Python of ``.venv`` with these arguments: exit code, signals and terminal are its own."""
    if os.name == "nt":  # there, exec would return to the prompt at once
        sys.exit(subprocess.run([PYTHON, *arguments]).returncode)
    os.execv(PYTHON, [PYTHON, *arguments])


def main(command: str = "", *rest: str) -> None:
    """Do what the command says; anything unknown shows how to use this script."""
    if command == "demo":
        install(set())
        run("-m", "tailsim", *rest)
    elif command == "test":
        install({"test"})
        os.chdir(ROOT)
        run("-m", "pytest", *rest)
    elif command == "install":
        install(set(rest))
    else:
        asked = command in ("-h", "--help")
        print(__doc__.strip(), file=sys.stdout if asked else sys.stderr)
        sys.exit(0 if asked else 2)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except subprocess.CalledProcessError as failure:  # it has said why
        sys.exit(failure.returncode)
    except KeyboardInterrupt:
        sys.exit(130)
