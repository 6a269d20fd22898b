"""Reserved tags: what is drawn once a trial, or beside a payoff, has addresses of its own.

A payoff uses tags below 2^28 (its own depth, and the streams of nested mixtures). Above, each use
has 2^24 of them; a trial's own variables stand at bet 0.
"""

_FIRST, _EACH = 1 << 28, 1 << 24
STEP = 256  # from one variable to the next: the low byte counts the depth of a tail extension

FAILURE, FAILURE_MIXING, SIZE, SIZE_MIXING, FAILURE_OWN, SHOCK, COUNT, PARAMETER = (
    _FIRST + use * _EACH for use in range(8)
)
ALIGNED, DARED, REPORTED, SIGNAL = (_FIRST + use * _EACH for use in range(16, 20))  # beside a bet of a programme

DURATION = _FIRST + 24 * _EACH  # how long a bet takes to pay
