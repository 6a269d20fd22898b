"""The same contenders under pytest-benchmark, one group a job: ``pytest benchmarks/``."""

import pytest

pytest.importorskip("pytest_benchmark")

from . import bet_count, concentration, draws, rare, reference
from .findings import Effort
from .timing import Contender

CASES = [
    *(("reference", each) for each in reference.contenders(Effort.SMOKE)),
    *(("bet count", each) for each in bet_count.contenders(Effort.SMOKE)),
    *(("concentration", each) for each in concentration.contenders(Effort.SMOKE)),
    *(("rare", each) for each in rare.contenders(Effort.SMOKE)),
    *((each.name.split(":")[0], each) for each in draws.contenders(Effort.SMOKE)),
]


@pytest.mark.parametrize(("group", "contender"), CASES, ids=[f"{group}-{each.name}" for group, each in CASES])
def test_contender(benchmark, group: str, contender: Contender) -> None:
    benchmark.group = group
    benchmark.extra_info["numbers a call"] = contender.units
    benchmark.pedantic(contender.call, rounds=3, warmup_rounds=1)
