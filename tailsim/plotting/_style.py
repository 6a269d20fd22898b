"""What all pictures share: axes, colours, how numbers are written."""

import io
import math
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from .. import _check

# colour-blind safe (Okabe and Ito)
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#666666"
COLOURS = (BLUE, ORANGE, GREEN, "#CC79A7", "#56B4E9", "#E69F00")


def axes(ax: Axes | None) -> Axes:
    """The axes given, or those of a new figure."""
    if ax is not None:
        return _check.instance("ax", ax, Axes, "None or a matplotlib Axes")  # type: ignore[no-any-return]
    return plt.subplots(layout="constrained")[1]


def png(result: Any) -> bytes:
    """The picture of a result, on a figure of its own that pyplot does not know of and so need not close."""
    figure = Figure(figsize=(5.6, 4.0))  # with fixed margins: to lay it out would double the time it takes
    ax = figure.subplots()
    figure.subplots_adjust(left=0.14, right=0.97, bottom=0.14, top=0.92)
    result.plot(ax=ax)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=80)
    return out.getvalue()


def times(x: float, _: Any = None) -> str:
    """A multiple: 3x."""
    return f"{x:g}x"


def per_cent(x: float, _: Any = None) -> str:
    """A share: 3%."""
    return f"{100 * x:g}%"


def plain(x: float, _: Any = None) -> str:
    """A number without an exponent: 10,000."""
    return f"{x:,.10g}"


def amount(x: float, _: Any = None) -> str:
    """An amount in few letters: 0.3, 300, 3k, 3M, 3B."""
    for unit, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if unit <= abs(x) < 1e15:
            return f"{x / unit:.4g}{letter}"
    return f"{x:.4g}"


class _Steps(LogLocator):
    """Ticks of a log axis that neither crowd nor vanish, however long the axis is."""

    def tick_values(self, vmin: float, vmax: float) -> Any:
        decades = abs(math.log10(max(vmax, 1e-300)) - math.log10(max(vmin, 1e-300)))
        if decades < 0.7:
            return MaxNLocator(nbins=6).tick_values(vmin, vmax)
        subs = (1.0, 2.0, 5.0) if decades < 2.0 else (1.0, 3.0) if decades < 3.5 else (1.0,)
        self.set_params(subs=subs, numticks=20 if len(subs) > 1 else 8)
        return super().tick_values(vmin, vmax)


def log_steps(axis: Axis, words: Callable[..., str] = plain) -> None:
    """Numbers on a log axis, written by ``words``."""
    axis.set_major_locator(_Steps())
    axis.set_major_formatter(FuncFormatter(words))
    axis.set_minor_formatter(NullFormatter())


def amounts(axis: Axis) -> None:
    """Amounts on a log axis: 300k, 1M, 3M, ..."""
    log_steps(axis, amount)


def legend_below(ax: Axes, handles: list[Any], labels: list[str], ncols: int) -> None:
    """A legend under the axis, where it hides nothing."""
    place = (0.5, -0.14)
    ax.legend(handles, labels, ncols=ncols, frameon=False, fontsize="small", loc="upper center", bbox_to_anchor=place)
