"""The digest changes with whatever was asked or came out, and with nothing else."""

import subprocess
import sys

import numpy as np
import pytest

import tailsim as ts
from tailsim.results import _digest

GOLDEN = "c8b9cf6d22e7e65a87121aad6fb0c6b771706d25389ff288182ebf24a5a7a777"
BASE = {"n_trials": 5000, "hurdle": 1.0, "rng": 1}
LAW = ts.ZeroInflated(ts.Pareto(1.5), 0.65)


def digest(law=LAW, n_bets=5, **changed):
    return ts.simulate(ts.Portfolio.of(law, n_bets), **(BASE | changed)).digest()


def test_golden_digest():
    """One stream version, one digest, on every machine; a change of stream raises STREAM_VERSION and this."""
    assert _digest.STREAM_VERSION == 1
    laws = [ts.Pareto(1.5), ts.Lomax(0.5), LAW, ts.LogNormal(0, 2), ts.Weibull(0.4), ts.Frechet(1.3), ts.Uniform()]
    run = ts.simulate(ts.Portfolio([ts.Bet(law, 1 + i) for i, law in enumerate(laws)]), n_trials=5000, rng=2026)
    assert run.digest() == GOLDEN


def test_every_part_of_the_question_is_in_the_digest():
    changed = [
        digest(),
        digest(rng=2),
        digest(n_trials=5001),
        digest(hurdle=1.5),
        digest(hurdle=1.0 + 2.0**-52),
        digest(n_bets=6),
        digest(ts.ZeroInflated(ts.Pareto(1.5 + 2.0**-52), 0.65)),
        digest(ts.ZeroInflated(ts.Pareto(1.5), 0.65 + 2.0**-53)),
        digest(ts.ZeroInflated(ts.Lomax(1.5), 0.65)),
        digest(ts.Bet(LAW, 2)),
        digest(2 * LAW),
        digest(ts.Mixture([LAW, ts.Constant(0)], [0.5, 0.5])),
        digest(ts.Empirical([0.0, 1.0, 2.0])),
        digest(ts.Empirical([0.0, 1.0, 2.0 + 2.0**-51])),
        digest(ts.Buckets([0, 1, 2], [0.5, 0.5], "uniform")),
        digest(ts.Buckets([0, 1, 2], [0.5, 0.5], "low")),
    ]
    assert len(set(changed)) == len(changed)


def test_equal_questions_however_written_have_one_digest():
    assert digest(hurdle=1) == digest(hurdle=np.float64(1.0)) == digest()
    assert digest(n_trials=5e3) == digest(n_trials=np.int64(5000)) == digest()
    assert digest(rng=np.int64(1)) == digest(rng=np.random.SeedSequence(1)) == digest()
    assert digest(ts.ZeroInflated(ts.Pareto(np.float64(1.5)), np.float64(0.65))) == digest()
    assert digest(ts.Pareto(2)) == digest(ts.Pareto(2.0))
    assert ts.simulate(ts.Portfolio([LAW] * 5), **BASE).digest() == digest()
    assert digest(ts.Empirical([2, 0, 1])) == digest(ts.Empirical(np.array([0.0, 1.0, 2.0])))


def test_the_digest_is_a_sha256_and_repeats_in_another_process():
    code = (
        "import tailsim as ts; p = ts.Portfolio.of(ts.ZeroInflated(ts.Pareto(1.5), 0.65), 5);"
        "print(ts.simulate(p, n_trials=5000, rng=1).digest())"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    assert output.strip() == digest()
    assert len(bytes.fromhex(digest())) == 32


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([1, 2], [[1], 2]),
        ("ab", ["a", "b"]),
        ([1], ["1"]),
        (1, 1.0),
        (0.0, -0.0),
        ([], [[]]),
        (True, 1),
        (None, "None"),
    ],
)
def test_unlike_values_feed_unlike_bytes(a, b):
    class Sink(list):
        def update(self, data):
            self.append(bytes(data))

    fed = []
    for value in (a, b):
        sink = Sink()
        _digest._feed(sink, value)
        fed.append(b"".join(sink))
    assert fed[0] != fed[1]


def test_arrays_feed_their_shape_and_their_numbers_in_one_byte_order():
    def fed(x):
        sink = []
        _digest._feed(type("Sink", (), {"update": staticmethod(sink.append)}), x)
        return b"".join(sink)

    x = np.arange(6.0)
    assert fed(x) == fed(x.astype(">f8"))
    assert fed(x) != fed(x.reshape(2, 3))
    assert fed(x[::2]) == fed(np.array([0.0, 2.0, 4.0]))
