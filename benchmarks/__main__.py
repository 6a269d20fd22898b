"""Run the benchmarks.

python -m benchmarks             all jobs; writes benchmarks/RESULTS.md and results.json (about five minutes)
python -m benchmarks JOB ...     some jobs; prints only
python -m benchmarks --full      larger sizes (1e10 payoffs) and more rounds
python -m benchmarks --smoke     under a minute; writes nothing, fails when a ratio is far below its promise
"""

import argparse
import json
import sys
import time
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path

from .findings import Effort, Findings, markdown, plain, table
from .machine import describe

JOBS = ("reference", "portfolios", "scaling", "cold_start", "draws", "bet_count", "concentration", "rare", "vectors")
FOLDER = Path(__file__).parent


def measure(jobs: list[str], effort: Effort) -> dict[str, Findings]:
    """Run the jobs in turn, printing each as soon as it is done."""
    found = {}
    for job in jobs:
        module = import_module(f".{job}", __package__)
        print(f"{job} ...", file=sys.stderr, flush=True)
        found[job] = module.run(effort)
        print(markdown(job, module.TITLE, found[job]), flush=True)
    return found


def write(found: dict[str, Findings], effort: Effort) -> None:
    """RESULTS.md for people, results.json for machines."""
    machine, today = describe(), date.today().isoformat()
    command = "python -m benchmarks" + (" --full" if effort is Effort.FULL else "")
    parts = [
        "# Benchmarks",
        f"Written by `{command}` on {today}. Contenders of a job took turns in one process; medians over rounds, and "
        "the range from the least to the greatest round. Compiling is not counted, except in the cold start. Not "
        "every promise is kept on every machine: the last column says which.",
        table(("machine", ""), machine.items()),
        *(markdown(job, import_module(f".{job}", __package__).TITLE, each) for job, each in found.items()),
    ]
    (FOLDER / "RESULTS.md").write_text("\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8")
    results = {"date": today, "command": command, "machine": machine, "jobs": {k: plain(v) for k, v in found.items()}}
    (FOLDER / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """The command line; 1 when a smoke run finds a promise broken."""
    parser = argparse.ArgumentParser("python -m benchmarks", description="Measure tailsim beside its peers.")
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"one of {', '.join(JOBS)}; all by default")
    size = parser.add_mutually_exclusive_group()
    store = partial(size.add_argument, dest="effort", action="store_const")
    store("--smoke", const=Effort.SMOKE, help="under a minute; writes nothing, fails when a promise is broken by far")
    store("--full", const=Effort.FULL, help="larger sizes, more rounds")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.jobs).difference(JOBS):
        parser.error(f"unknown job {', '.join(sorted(unknown))}; choose from {', '.join(JOBS)}")
    effort = asked.effort or Effort.USUAL
    start = time.perf_counter()
    found = measure(asked.jobs or list(JOBS), effort)
    print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
    if effort is Effort.SMOKE:
        broken = [check.name for each in found.values() for check in each.checks if check.fails_smoke]
        for name in broken:
            print(f"too slow: {name}", file=sys.stderr)
        return int(bool(broken))
    if not asked.jobs:
        write(found, effort)
    return 0


if __name__ == "__main__":
    sys.exit(main())
