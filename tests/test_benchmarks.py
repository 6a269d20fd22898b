"""The arithmetic of the benchmarks' own harness; what they measure is no test."""

import json

import pytest

from benchmarks.findings import Findings, markdown, number, plain
from benchmarks.promises import PROMISES, SLACK, Check, Promise
from benchmarks.timing import Contender, Ratio, quotient, race, ratio


def test_contenders_take_turns_and_a_first_call_is_not_counted():
    calls = []
    contenders = [Contender(name, lambda name=name: calls.append(name), 1) for name in "abc"]
    times = race(contenders, 3)
    assert "".join(calls) == "abc" + "abc" + "bca" + "cab"
    assert {name: (len(t.cpu), len(t.wall)) for name, t in times.items()} == dict.fromkeys("abc", (3, 3))


def test_time_is_per_number(monkeypatch):
    ticks = iter(range(100))
    monkeypatch.setattr("time.perf_counter", lambda: next(ticks) * 1e-9)
    assert race([Contender("a", lambda: None, 4)], 1)["a"].wall == [pytest.approx(0.25, rel=1e-12)]


def test_ratio_is_of_medians_and_its_range_is_of_pairs():
    r = ratio([10.0, 20.0, 90.0], [1.0, 4.0, 3.0])
    assert (r.value, r.low, r.high) == (20.0 / 3.0, 5.0, 30.0)
    assert r.upper_quartile == 20.0


def test_quotient_takes_the_widest_range():
    q = quotient(Ratio(1.5, 1.2, 1.8, 1.6), Ratio(2.0, 1.6, 2.4, 2.2))
    assert (q.value, q.low, q.high) == pytest.approx((0.75, 0.5, 1.125), rel=1e-12)


@pytest.mark.parametrize(
    ("value", "low", "upper", "kept", "fails"),
    [
        (10.0, 9.0, 11.0, True, False),
        (9.9, 9.0, 11.0, False, False),  # missed, but within the slack
        (5.9, 5.0, 6.1, False, False),  # beyond it, but not in three rounds of four
        (5.9, 5.0, 5.95, False, True),
    ],
)
def test_smoke_fails_only_beyond_slack_and_noise(monkeypatch, value, low, upper, kept, fails):
    assert SLACK == 0.6
    monkeypatch.setitem(PROMISES, "x", Promise(10.0))
    check = Check("x", Ratio(value, low, 12.0, upper))
    assert (check.kept, check.fails_smoke) == (kept, fails)


@pytest.mark.parametrize(
    ("value", "low", "kept", "fails"), [(9.0, 8.0, True, False), (17.0, 16.0, False, False), (17.0, 16.8, False, True)]
)
def test_what_should_be_small_fails_when_it_is_large(monkeypatch, value, low, kept, fails):
    monkeypatch.setitem(PROMISES, "x", Promise(10.0, at_least=False))
    check = Check("x", Ratio(value, low, 20.0, 18.0))
    assert (check.kept, check.fails_smoke) == (kept, fails)


def test_what_does_not_gate_never_fails_a_smoke_run(monkeypatch):
    monkeypatch.setitem(PROMISES, "x", Promise(10.0, gate=False))
    check = Check("x", Ratio(1.0, 1.0, 1.0, 1.0))
    assert (check.kept, check.fails_smoke) == (False, False)
    unpromised = Check("nothing was promised", Ratio(0.1, 0.1, 0.1, 0.1))
    assert (unpromised.kept, unpromised.fails_smoke) == (None, False)


@pytest.mark.parametrize(
    ("x", "text"),
    [(0.0, "0"), (0.0123456, "0.0123"), (2.5, "2.5"), (99.94, "99.9"), (1234.5, "1,234"), (4e18, "4.00e+18")],
)
def test_numbers_have_three_digits_that_matter(x, text):
    assert number(x) == text


def test_findings_say_the_same_to_people_and_machines():
    found = Findings()
    found.add("a job", "ns", [3.0, 1.0, 2.0])
    found.checks.append(Check("reference, one core", Ratio(9.0, 8.0, 11.0, 9.5)))
    text = markdown("reference", "Title", found)
    assert "| a job | 2      | 1 .. 3 | ns   |" in text
    assert "| reference, one core | 9        | 8 .. 11 | >= 10    | NO   |" in text
    machine = json.loads(json.dumps(plain(found)))
    assert machine["rows"] == [{"what": "a job", "unit": "ns", "median": 2.0, "low": 1.0, "high": 3.0}]
    assert machine["checks"][0]["kept"] is False
