"""What a case says: figures, sentences made of them, pictures, what changes the answer, and a grid of what-ifs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...stats.estimate import Estimate
from .figures import Figure, ends

if TYPE_CHECKING:
    import os


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: words, and between them figures of the case.

    Attributes
    ----------
    topic : str
        What it is about, such as "failure" or "money".
    parts : tuple of str or Figure
        In order. No digit stands in the words: every number is a figure.
    with_ends : bool
        Whether figures are followed by their intervals in the text.
    """

    topic: str
    parts: tuple["str | Figure", ...]
    with_ends: bool = False

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures it is made of."""
        return tuple(part for part in self.parts if isinstance(part, Figure))

    @property
    def text(self) -> str:
        """The sentence as one reads it."""
        return "".join(part if isinstance(part, str) else self.shown(part) for part in self.parts)

    def shown(self, figure: Figure) -> str:
        """A figure as it stands in the text."""
        interval = ends(figure) if self.with_ends else ""
        return f"{figure.text} ({interval})" if interval else figure.text

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Shift:
    """How one answer moves: after the change, and by how much on the same luck."""

    after: Figure
    difference: Estimate

    @property
    def direction(self) -> str:
        """The word "up" or "down", or "alike" where the interval of the difference holds zero."""
        low, high = self.difference.interval
        return "up" if low > 0.0 else "down" if high < 0.0 else "alike"


@dataclass(frozen=True, slots=True)
class Change:
    """One assumption changed, and what that does to the answers.

    Attributes
    ----------
    name, label : str
        A key, and the change in words.
    shifts : tuple of Shift
        One for each answer, in the order of ``Case.columns``.
    flips : bool
        Whether it turns "more likely than not to get the money back" into its opposite.
    """

    name: str
    label: str
    shifts: tuple[Shift, ...]
    flips: bool


@dataclass(frozen=True, slots=True)
class Slider:
    """One assumption of the what-if panel: its settings in words, and the one that the case itself makes."""

    name: str
    label: str
    settings: tuple[str, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer at one setting of all sliders."""

    value: float
    interval: tuple[float, float]
    text: str
    ends: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Answers computed beforehand on a grid of assumptions.

    Attributes
    ----------
    sliders : tuple of Slider
        The assumptions that can be moved.
    names, labels : tuple of str
        The answers given.
    cells : tuple of tuple of Reading
        One row for each combination of settings, the last slider moving fastest; one reading for each answer.
    """

    sliders: tuple[Slider, ...]
    names: tuple[str, ...]
    labels: tuple[str, ...]
    cells: tuple[tuple[Reading, ...], ...]

    def at(self, *settings: int) -> tuple[Reading, ...]:
        """The answers at these settings of the sliders, counted from 0."""
        index = 0
        for slider, setting in zip(self.sliders, settings, strict=True):
            index = index * len(slider.settings) + setting
        return self.cells[index]

    @property
    def start(self) -> tuple[Reading, ...]:
        """The answers under the case's own assumptions."""
        return self.at(*(slider.start for slider in self.sliders))


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG whose colours follow the page's, with its title and what it shows in words."""

    name: str
    title: str
    description: str
    svg: str


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """The case for failure: made by ``case_for_failure``.

    Attributes
    ----------
    title, kind, audience : str
        What it is about; "portfolio" or "programme"; whom it speaks to.
    n_trials, seed : int
        Simulated worlds, and what reproduces them.
    figures : tuple of Figure
        Every number, as an Estimate with its label and how it is shown.
    sentences : tuple of Sentence
        What the numbers say, in the audience's order.
    changes : tuple of Change
        What would change the answer.
    what_if : WhatIf or None
        The grid behind the page's sliders.
    pictures : tuple of Picture
        Drawings for the page.
    """

    title: str
    kind: str
    audience: str
    n_trials: int
    seed: int
    figures: tuple[Figure, ...]
    sentences: tuple[Sentence, ...]
    changes: tuple[Change, ...]
    what_if: WhatIf | None
    pictures: tuple[Picture, ...]

    @property
    def worlds(self) -> str:
        """What is simulated, in the plural: "portfolios" or "years"."""
        return "years" if self.kind == "programme" else "portfolios"

    @property
    def columns(self) -> tuple[str, str, str]:
        """The answers that each of ``changes`` shifts, in words."""
        money = "budget" if self.kind == "programme" else "cost"
        target = self.figure("target").text
        return f"chance of the {money} back", f"chance of {target}", "half pay back at least"

    def figure(self, name: str) -> Figure:
        """The figure of this name; ``names`` lists them.

        Raises
        ------
        ArgumentError
            If the case has no such figure.
        """
        from ..._check import one_of

        return self.figures[self.names.index(one_of("name", name, self.names))]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all figures."""
        return tuple(figure.name for figure in self.figures)

    def to_json(self) -> str:
        """Every number in full as strict JSON; see ``tailsim case --json``."""
        from .forms import as_json

        return as_json(self)

    def to_markdown(self) -> str:
        """The case as Markdown: sentences, what would change the answer, and every number with its interval."""
        from .forms import as_markdown

        return as_markdown(self)

    def to_html(self, path: "str | os.PathLike[str] | None" = None) -> str:
        """The case as one self-contained page.

        Parameters
        ----------
        path : str or path, optional
            Where to write it; the file appears whole or not at all.

        Returns
        -------
        str
            The page: style, drawings and script are inside it, and nothing is loaded from elsewhere.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        from ..._sealed import in_one_step
        from .page import as_page

        text = as_page(self)
        if path is not None:
            in_one_step(path, lambda stream: stream.write(text.encode()))
        return text

    def _repr_html_(self) -> str:
        from .page import as_fragment

        return as_fragment(self)

    def __repr__(self) -> str:
        return "\n".join([f"Case({self.title})", *(f"  {sentence.text}" for sentence in self.sentences)])
