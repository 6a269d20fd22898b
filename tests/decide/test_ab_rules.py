"""False-positive risk and test & roll: published figures, and the optimum by listing."""

import math

import numpy as np
import pytest

import tailsim as ts
from tailsim.decide import false_positive_risk, rollout_test


@pytest.mark.parametrize(("success", "risk"), [(0.33, 5.97), (0.15, 15.04), (0.10, 21.95), (0.08, 26.44)])
def test_kohavi_2022_false_positive_risk(success, risk):
    assert 100 * false_positive_risk(success) == pytest.approx(risk, abs=0.005)


def test_false_positive_risk_by_counting_ideas():
    """Of 10,000 ideas 1,000 are good: 500 of them and 90 of the others become significant."""
    assert false_positive_risk(0.1, significance=0.02, power=0.5) == pytest.approx(90 / 590, rel=1e-14)
    assert (false_positive_risk(0), false_positive_risk(1)) == (1.0, 0.0)


def test_feit_berman_2019_website_test():
    test = rollout_test(100_000, noise_sd=math.sqrt(0.68 * 0.32), prior_sd=0.03)
    assert round(test.n_per_arm) == 2284
    assert test.verdict.startswith("Test on 2,284 users per version (4.57% of all), then give all others")


@pytest.mark.parametrize(
    ("users", "noise", "prior"), [(1000, 1.0, 1.0), (1e5, 0.47, 0.03), (50, 10.0, 0.1), (1e9, 1.0, 2.0)]
)
def test_no_other_size_gains_more(users, noise, prior):
    test = rollout_test(users, noise_sd=noise, prior_sd=prior)
    k = (noise / prior) ** 2
    assert 0 < 2 * test.n_per_arm < users
    paper = math.sqrt(users / 4 * k + (0.75 * k) ** 2) - 0.75 * k
    assert test.n_per_arm == pytest.approx(paper, rel=1e-9)

    def gain(n):  # the better of two posterior means, on those not tested
        return (users - 2 * n) * math.sqrt(prior**4 / (prior**2 + noise**2 / n) / math.pi)

    assert test.gain == pytest.approx(gain(test.n_per_arm), rel=1e-12)
    others = np.array([gain(n) for n in test.n_per_arm * np.array([0.2, 0.5, 0.9, 0.99, 1.01, 1.1])])
    assert np.all(others < test.gain)
    assert test.gain < test.perfect


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: false_positive_risk(1.2), r"^success_rate must be a probability between 0 and 1, got 1.2"),
        (lambda: false_positive_risk(0.1, power=0), r"^power must be a probability above 0, got 0"),
        (lambda: false_positive_risk(0.1, significance=1), r"^significance must be a probability strictly between"),
        (lambda: rollout_test(0, noise_sd=1, prior_sd=1), r"^n_users must be a finite number above 0, got 0"),
        (lambda: rollout_test(9, noise_sd=math.nan, prior_sd=1), r"^noise_sd must be a finite number above 0"),
        (lambda: rollout_test(9, noise_sd=1, prior_sd=None), r"^prior_sd must be a finite number above 0"),
    ],
)
def test_bad_input_is_refused(call, said):
    with pytest.raises(ts.ArgumentError, match=said):
        call()
