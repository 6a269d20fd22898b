"""A report as JSON: the same fields, by the same names."""

import json
import math
from dataclasses import fields, is_dataclass
from typing import Any

from .._version import __version__
from .answers import Report

FORMAT = 1


def as_json(report: Report) -> str:
    """The report as strict JSON, indented.

    Numbers are given in full; what does not exist is null. JSON has no infinity: where a number is infinite, such as
    a mean that does not exist, the strings "inf" and "-inf" stand in its place. ``format`` is raised when a field
    changes its meaning or goes.

    Parameters
    ----------
    report : Report
        From ``venture_report`` or ``past_report``.

    Returns
    -------
    str
    """
    content = {"format": FORMAT, "tailsim": __version__, **plain(report)}
    return json.dumps(content, indent=2, allow_nan=False)


def plain(value: Any) -> Any:
    """Dataclasses as objects, tuples as lists, infinities as strings."""
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value
