"""Laws from a published table of counts."""

import numpy as np
import pytest

import tailsim as ts
from tailsim.errors import ArgumentError

TABLE = [64.8, 25.3, 5.9, 2.5, 1.1, 0.4], [0.0, 1.0, 5.0, 10.0, 20.0, 50.0]


@pytest.mark.parametrize(("threshold", "index", "error"), [(10, 1.423, 0.054), (5, 1.348, 0.031), (1, 0.897, 0.011)])
def test_correlation_ventures_binned_maximum_likelihood(threshold, index, error):
    assert ts.from_buckets(*TABLE, threshold=threshold).tail_index == pytest.approx(index, abs=5e-4)
    counts = [round(share * 216.40) for share in TABLE[0]]
    fitted = ts.fit.fit_binned_power_law([*TABLE[1], np.inf], counts, threshold=threshold)
    assert fitted.tail_index.std_error == pytest.approx(error, abs=1e-3)


def test_the_table_itself_stays_as_it_is():
    law = ts.from_buckets(*TABLE)
    assert law.prob_at_least([1.0, 5.0, 10.0, 20.0, 50.0]) == pytest.approx([0.352, 0.099, 0.04, 0.015, 0.004])


def test_an_infinite_last_edge_may_be_named():
    assert ts.from_buckets(TABLE[0], [*TABLE[1], np.inf]) == ts.from_buckets(*TABLE)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: ts.from_buckets([1, 2], [1, 2, 3]), "edges must be as many as counts, 2"),
        (lambda: ts.from_buckets([1, -2], [1, 2]), "counts must be a list of numbers of at least 0"),
        (lambda: ts.from_buckets([0, 0], [1, 2]), "counts must be not all zero"),
        (lambda: ts.from_buckets([5, 1, 2], [1, 3, 2]), "edges must be increasing"),
        (lambda: ts.from_buckets([5, 1, 2], [1, 2, 3], threshold=1.5), "threshold must be one of the edges"),
        (lambda: ts.from_buckets([5, 0, 0], [1, 2, 3]), "counts must be above 0 in at least two buckets"),
    ],
)
def test_bad_input_is_one_sentence(call, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        call()
