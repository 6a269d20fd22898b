"""Pictures of what practices do to a programme."""

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from .. import _check
from ..decide.tornado import QUANTITIES, Sensitivity
from ..decide.years import chance
from ..stats.estimate import Estimate
from ._style import BLUE, GREY, ORANGE, axes, legend_below

SIDES = (("alone", 0.19, BLUE, "this practice alone"), ("last", -0.19, ORANGE, "on top of all others"))


def plot_sensitivity(found: Sensitivity, *, quantity: str = "prob_goal", ax: Axes | None = None) -> Axes:
    """A tornado: what each practice moves, alone and on top of all others, the largest effect at the top.

    Parameters
    ----------
    found : Sensitivity
        The result to draw.
    quantity : str
        "median", "prob_hit" or "prob_goal".
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
    """
    _check.one_of("quantity", quantity, tuple(QUANTITIES))
    ax = axes(ax)
    moves = sorted(found.moves, key=lambda move: abs(getattr(move.alone, quantity).value))
    for name, lift, colour, label in SIDES:
        shifts = [getattr(getattr(move, name), quantity) for move in moves]
        at = [y + lift for y in range(len(moves))]
        ax.barh(at, [shift.value for shift in shifts], height=0.36, color=colour, alpha=0.75, label=label)
        for y, shift in zip(at, shifts, strict=True):
            line = ax.plot(shift.interval, [y, y], color="black", lw=1)[0]
            line.set_label("" if name == "alone" or y > 0.0 else f"{100 * found.level:g} % interval")
    ax.axvline(0.0, color=GREY, lw=1)
    ax.set_yticks(range(len(moves)), [_wrapped(move.label) for move in moves])
    chances = quantity != "median"
    ax.xaxis.set_major_formatter(FuncFormatter(_points if chances else _signed))
    ax.set_xlabel(f"change of {QUANTITIES[quantity]}, in {'percentage points' if chances else 'budgets'}")
    before, after = (_level(getattr(years, quantity), chances) for years in (found.base, found.together))
    ax.set_title(f"What practices are assumed to move\n{before} as it is, {after} with all", fontsize="medium")
    ax.grid(alpha=0.25, axis="x")
    handles, labels = ax.get_legend_handles_labels()
    legend_below(ax, handles[::-1], labels[::-1], ncols=3)
    return ax


def _level(answer: Estimate, chances: bool) -> str:
    """An answer, with the bound where too few years are seen."""
    return chance(answer) if chances else f"{answer.value:.3g}"


def _points(x: float, _: object = None) -> str:
    return f"{100 * x + 0.0:+g}" if x else "0"


def _signed(x: float, _: object = None) -> str:
    return f"{x:+g}" if x else "0"


def _wrapped(label: str) -> str:
    """A label on two lines where it is long."""
    words = label.split()
    if len(label) <= 22:
        return label
    cut = min(range(1, len(words)), key=lambda i: abs(len(" ".join(words[:i])) - len(label) / 2))
    return " ".join(words[:cut]) + "\n" + " ".join(words[cut:])
