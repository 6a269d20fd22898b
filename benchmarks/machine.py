"""The machine and the versions a result belongs to, and fresh Python processes on it."""

import json
import math
import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("numpy", "scipy", "numba", "llvmlite")


def describe() -> dict[str, str]:
    """Processor, cores, vectors, system and versions."""
    facts = {
        "processor": processor(),
        "cores this process may use": str(cores()),
        "widest vectors": vectors(),
        "system": platform.platform(),
        "Python": platform.python_version(),
    }
    return facts | {name: installed(name) for name in ("tailsim", *PACKAGES)}


def processor() -> str:
    """Its name, as far as the system tells."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def vectors() -> str:
    """The widest vectors LLVM sees: what compiled code, and NumPy's own, can use."""
    from llvmlite import binding

    features = binding.get_host_cpu_features()
    return next((name for name in ("avx512f", "avx2", "sve", "neon", "sse2") if features.get(name)), "none known")


def installed(name: str) -> str:
    """A version, or that there is none."""
    if name == "tailsim":
        import tailsim

        return tailsim.__version__
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def peak_memory() -> float:
    """The most this process has held, in MB; NaN where the system does not tell.

    On Linux from /proc: there getrusage's ru_maxrss starts at the peak of the process that started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        held = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
        return int(held.split()[1]) * 1024 / 1e6
    if os.name == "nt":
        return math.nan
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def fresh_python(code: str, environment: dict[str, str] | None = None) -> Any:
    """Run code in a new process at the root of the project; what it prints last is JSON."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | (environment or {})
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"a measured process failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])
