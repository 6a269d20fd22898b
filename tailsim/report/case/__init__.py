"""The case for failure: from a portfolio to a page that a team, a board or an engineer can read."""

from .answers import Case, Change, Picture, Reading, Sentence, Shift, Slider, WhatIf
from .door import case_for_failure
from .figures import Figure

__all__ = [
    "Case", "Change", "Figure", "Picture", "Reading", "Sentence", "Shift", "Slider", "WhatIf", "case_for_failure",
]  # fmt: skip
