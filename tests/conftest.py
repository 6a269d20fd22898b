"""What every test shares: plots without a screen, and property tests without a clock."""

import os

from hypothesis import settings

os.environ["MPLBACKEND"] = "Agg"

# The first call of a kernel compiles it, so a deadline would fail at random; CI tries the same examples every time.
settings.register_profile("tailsim", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("tailsim")
