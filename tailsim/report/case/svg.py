"""Drawings small enough to read on a phone, in colours that the page around them sets."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

WIDTH, HEIGHT = 360, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 12, 12, 42
# Okabe and Ito's colours where the page sets none
FALLBACK = {"ink": "#222", "muted": "#666", "grid": "#ccc", "main": "#0072B2", "warm": "#D55E00", "good": "#009E73"}


def colour(name: str) -> str:
    """A colour of the page, or its own where there is no page."""
    return f"var(--{name}, {FALLBACK[name]})"


@dataclass(slots=True)
class Frame:
    """Axes over a range of x, plain or logarithmic, and of y; collects what is drawn in them."""

    x: tuple[float, float]
    y: tuple[float, float]
    log: bool = False
    height: int = HEIGHT
    items: list[str] = field(default_factory=list)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies in the drawing; what is outside is drawn on the border."""
        low, high = self.x
        if self.log:
            x, low, high = (math.log(max(v, 1e-300)) for v in (x, low, high))
        right = (min(max(x, low), high) - low) / ((high - low) or 1.0)
        up = (min(max(y, self.y[0]), self.y[1]) - self.y[0]) / ((self.y[1] - self.y[0]) or 1.0)
        return (
            round(_LEFT + right * (WIDTH - _LEFT - _RIGHT), 1),
            round(self.height - _BOTTOM - up * (self.height - _TOP - _BOTTOM), 1),
        )

    def line(self, points: Iterable[tuple[float, float]], name: str = "main", dash: str = "") -> None:
        """A line through points."""
        path = " ".join(f"{x:g},{y:g}" for x, y in (self.at(*p) for p in points))
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.items.append(f'<polyline points="{path}" fill="none" stroke="{colour(name)}" stroke-width="2"{dashed}/>')

    def bar(self, x: tuple[float, float], y: tuple[float, float], name: str, opacity: float = 1.0) -> None:
        """A filled box between two corners."""
        (x0, y0), (x1, y1) = self.at(x[0], y[0]), self.at(x[1], y[1])
        left, top = min(x0, x1), min(y0, y1)
        size = f'x="{left:g}" y="{top:g}" width="{max(abs(x1 - x0), 0.5):.1f}" height="{abs(y1 - y0):.1f}"'
        self.items.append(f'<rect {size} fill="{colour(name)}" fill-opacity="{opacity:g}"/>')

    def dot(self, x: float, y: float, name: str = "warm") -> None:
        """A point."""
        cx, cy = self.at(x, y)
        self.items.append(f'<circle cx="{cx:g}" cy="{cy:g}" r="4" fill="{colour(name)}"/>')

    def mark(self, x: float, words: str, name: str = "muted", row: int = 0) -> None:
        """A vertical line with words at its top."""
        left, top = self.at(x, self.y[1])
        bottom = self.height - _BOTTOM
        where = "end" if left > WIDTH * 0.6 else "start"
        shift = -4 if where == "end" else 4
        self.items.append(
            f'<line x1="{left:g}" x2="{left:g}" y1="{top:g}" y2="{bottom:g}" stroke="{colour(name)}" '
            f'stroke-dasharray="2 3"/>' + text(left + shift, top + 11 + 14 * row, words, where, name, halo=True)
        )

    def ticks_x(self, ticks: Sequence[tuple[float, str]], label: str) -> None:
        """Numbers and words under the drawing."""
        base = self.height - _BOTTOM
        for x, words in ticks:
            left = self.at(x, self.y[0])[0]
            self.items.append(
                f'<line x1="{left:g}" x2="{left:g}" y1="{base}" y2="{base + 4}" stroke="{colour("muted")}"/>'
            )
            self.items.append(text(left, base + 16, words, "middle", "muted"))
        self.items.append(text((_LEFT + WIDTH - _RIGHT) / 2, self.height - 6, label, "middle", "ink"))

    def ticks_y(self, ticks: Sequence[tuple[float, str]]) -> None:
        """Numbers at the left, with lines across."""
        for y, words in ticks:
            top = self.at(self.x[0], y)[1]
            across = f'x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{top:g}" y2="{top:g}"'
            self.items.insert(0, f'<line {across} stroke="{colour("grid")}" stroke-width="1"/>')
            self.items.append(text(_LEFT - 5, top + 4, words, "end", "muted"))

    def svg(self, name: str, title: str, description: str) -> str:
        """The drawing, with what it shows in words for those who do not see it."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height}" role="img" '
            f'aria-labelledby="{name}-title {name}-desc" font-family="system-ui, sans-serif" font-size="12">'
            f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
            f"{''.join(self.items)}</svg>"
        )


def text(x: float, y: float, words: str, anchor: str, name: str, halo: bool = False) -> str:
    """Words in a drawing, with a rim in the colour of the ground where lines may run under them."""
    rim = ' stroke="var(--card, #fff)" stroke-width="4" paint-order="stroke"' if halo else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour(name)}"{rim}>{escape(words)}</text>'


def decades(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers 1, 2, 5, 10, ... between two ends, thinned where there are many."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for steps in ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)):
        ticks = [s * 10.0**d for d in range(first, last + 1) for s in steps if low <= s * 10.0**d <= high]
        if len(ticks) <= most:
            return ticks
    return ticks[:: math.ceil(len(ticks) / most)]


def round_ticks(high: float, most: int = 4) -> list[float]:
    """Round numbers from 0 to an end."""
    if not 0.0 < high < math.inf:
        return [0.0]
    step = 10.0 ** math.floor(math.log10(high))
    for part in (0.2, 0.5, 1.0, 2.0, 5.0):
        if high / (part * step) <= most:
            step *= part
            break
    return [i * step for i in range(int(high / step + 1e-9) + 1)]
