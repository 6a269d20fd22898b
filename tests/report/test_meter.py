"""One bar over many runs."""

from tailsim.report.meter import Meter


def test_a_run_that_begins_again_is_a_further_run() -> None:
    seen: list[float] = []
    meter = Meter(seen.append, total=30.0)
    part = meter.part(10.0)
    for done in (50, 100, 50, 100):
        part(done, 100)
    meter.part(10.0)(100, 100)
    assert seen == [5 / 30, 10 / 30, 15 / 30, 20 / 30, 1.0]


def test_nothing_is_shown_where_nobody_looks() -> None:
    Meter(None, 1.0).part(1.0)(1, 1)
