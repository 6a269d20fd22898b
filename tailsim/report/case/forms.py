"""A case as JSON and as Markdown: the same figures as on its page."""

import json
from collections.abc import Iterator

from ..._version import __version__
from ..json_form import plain
from .answers import Case, Sentence, Shift, WhatIf
from .figures import Figure, ends

FORMAT = 1


def as_json(case: Case) -> str:
    """The case as strict JSON, indented; infinite numbers are the strings "inf" and "-inf"."""
    content = {
        "format": FORMAT,
        "tailsim": __version__,
        "title": case.title,
        "kind": case.kind,
        "audience": case.audience,
        "n_trials": case.n_trials,
        "seed": case.seed,
        "figures": {figure.name: _figure(figure) for figure in case.figures},
        "sentences": [_sentence(sentence) for sentence in case.sentences],
        "changes": plain(case.changes),
        "what_if": None if case.what_if is None else _grid(case.what_if),
    }
    return json.dumps(content, indent=2, allow_nan=False)


def _grid(grid: WhatIf) -> dict[str, object]:
    """The grid by answer: columns over all combinations of settings, the last slider moving fastest."""
    columns = zip(grid.names, grid.labels, zip(*grid.cells, strict=True), strict=True)
    answers = {
        name: {
            "label": label,
            "value": [plain(r.value) for r in column],
            "low": [plain(r.interval[0]) for r in column],
            "high": [plain(r.interval[1]) for r in column],
            "text": [r.text for r in column],
        }
        for name, label, column in columns
    }
    return {"sliders": plain(grid.sliders), "answers": answers}


def _figure(figure: Figure) -> dict[str, object]:
    held = plain(figure.estimate)
    return {"label": figure.label, "kind": figure.kind, "text": figure.text, **held}


def _sentence(sentence: Sentence) -> dict[str, object]:
    figures = [figure.name for figure in sentence.figures]
    return {"topic": sentence.topic, "text": sentence.text, "figures": figures}


def as_markdown(case: Case) -> str:
    """The case as Markdown."""
    return "\n".join(_lines(case)) + "\n"


def _lines(case: Case) -> Iterator[str]:
    yield from (f"# {_cell(case.title)}", "")
    for sentence in case.sentences:
        yield f"- {_cell(sentence.text)}"
    if case.changes:
        yield from ("", "## What would change the answer", "")
        yield f"| change | {' | '.join(case.columns)} |"
        yield "|---|---|---|---|"
        for change in case.changes:
            cells = " | ".join(moved(shift) for shift in change.shifts)
            yield f"| {_cell(change.label)}{' (turns the odds)' if change.flips else ''} | {cells} |"
    yield from ("", "## The numbers", "", "| what | value | 95% interval | how |", "|---|---|---|---|")
    for figure in case.figures:
        yield f"| {_cell(figure.label)} | {figure.text} | {ends(figure) or '-'} | {_cell(how(figure))} |"
    yield from ("", f"{case.n_trials:,} simulated {case.worlds}, seed {case.seed}, tailsim {__version__}.")


def how(figure: Figure) -> str:
    """The method, and what to beware of."""
    e = figure.estimate
    return e.method if e.verdict is None else f"{e.method}. {e.verdict}"


def moved(shift: Shift) -> str:
    """The answer after a change and the difference, in words where it cannot be told from none."""
    e, kind = shift.difference, shift.after.kind
    if shift.direction == "alike":
        return f"{shift.after.text}, no clear change"
    sign = "up" if shift.direction == "up" else "down"
    low, high = sorted(abs(end) for end in e.interval)
    return f"{shift.after.text}, {sign} by {_span(low, high, kind)}"


def _span(low: float, high: float, kind: str) -> str:
    """The size of a difference, between its ends."""
    if kind == "share":
        decimals = 1 if high - low < 0.02 else 0
        ends_ = f"{100 * low:.{decimals}f}", f"{100 * high:.{decimals}f}"
        return f"{ends_[0]} to {ends_[1]} points" if ends_[0] != ends_[1] else f"{ends_[0]} points"
    ends_ = f"{low:.2g}", f"{high:.2g}"
    return f"{ends_[0]}x to {ends_[1]}x" if ends_[0] != ends_[1] else f"{ends_[0]}x"


def _cell(text: str) -> str:
    """Text that no Markdown sign breaks."""
    return "".join("\\" + c if c in "\\|*_`<>#[]" else " " if c in "\r\n" else c for c in text)
