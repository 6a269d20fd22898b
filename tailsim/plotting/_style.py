"""What all pictures share: axes, colours, how numbers are written."""

from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import EngFormatter, LogLocator, NullFormatter

from .. import _check

# colour-blind safe (Okabe and Ito)
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#666666"
COLOURS = (BLUE, ORANGE, GREEN, "#CC79A7", "#56B4E9", "#E69F00")


def axes(ax: Axes | None) -> Axes:
    """The axes given, or those of a new figure."""
    if ax is not None:
        return _check.instance("ax", ax, Axes, "None or a matplotlib Axes")  # type: ignore[no-any-return]
    return plt.subplots(layout="constrained")[1]


def times(x: float, _: Any = None) -> str:
    """A multiple: 3x."""
    return f"{x:g}x"


def per_cent(x: float, _: Any = None) -> str:
    """A share: 3 %."""
    return f"{100 * x:g} %"


def plain(x: float, _: Any = None) -> str:
    """A number without an exponent."""
    return f"{x:.10g}"


def amounts(axis: Axis) -> None:
    """Amounts on a log axis: 300k, 1M, 3M, ..."""
    axis.set_major_locator(LogLocator(subs=(1.0, 3.0)))
    axis.set_major_formatter(EngFormatter(sep=""))
    axis.set_minor_formatter(NullFormatter())


def legend_below(ax: Axes, handles: list[Any], labels: list[str], ncols: int) -> None:
    """A legend under the axis, where it hides nothing."""
    place = (0.5, -0.14)
    ax.legend(handles, labels, ncols=ncols, frameon=False, fontsize="small", loc="upper center", bbox_to_anchor=place)
