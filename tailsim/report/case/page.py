"""A case as one self-contained page, and as a fragment for notebooks."""

import json
from collections.abc import Iterator
from html import escape

from ..._version import __version__
from .answers import Case, Change, Picture, Sentence, Shift, WhatIf
from .figures import Figure, ends
from .forms import how, moved
from .page_style import SCRIPT, STYLE

_CARDS = {
    "team": ("failure_rate", "money_back", "reach_target", "a_hit", "median"),
    "board": ("money_back", "reach_target", "median", "failure_rate", "a_hit"),
    "engineer": ("failure_rate", "money_back", "reach_target", "median", "a_hit"),
}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"


def as_page(case: Case) -> str:
    """The whole page."""
    return "\n".join(_page(case)) + "\n"


def _page(case: Case) -> Iterator[str]:
    title = escape(case.title)
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield f'<meta name="generator" content="tailsim {__version__}"><title>{title}</title><style>{STYLE}</style></head>'
    yield f'<body><a class="skip" href="#main">Skip to the answers</a><header><h1>{title}</h1>'
    yield f'<p class="quiet">{_from(case)}</p>{_cards(case)}</header><main id="main">'
    yield _section("said", "What to expect", _said(case))
    yield _section("seen", "In pictures", f'<div class="drawn">{_drawn(case)}</div>')
    if case.what_if is not None:
        yield _panel(case.what_if)
    if case.changes:
        yield _section("moved", "What would change the answer", _changes(case))
    yield _section("numbers", "Every number on this page", _numbers(case))
    yield f"</main><footer><p>{_foot(case)}</p></footer>"
    if case.what_if is not None:
        yield f'<script type="application/json" id="what-if-data">{_held(case.what_if)}</script>'
        yield f"<script>{SCRIPT}</script>"
    yield "</body></html>"


def as_fragment(case: Case) -> str:
    """The sentences and pictures, for a notebook cell: its own colours, no script."""
    said = "".join(f"<li>{_parts(sentence)}</li>" for sentence in case.sentences)
    box = "display:inline-block;vertical-align:top;width:22em;max-width:100%;margin:.5em"
    drawn = "".join(f'<div style="{box}"><b>{escape(p.title)}</b>{p.svg}</div>' for p in case.pictures)
    return f"<div><h3>{escape(case.title)}</h3><ul>{said}</ul><div>{drawn}</div><small>{_foot(case)}</small></div>"


def _section(name: str, heading: str, body: str) -> str:
    return f'<section aria-labelledby="{name}"><h2 id="{name}">{heading}</h2>{body}</section>'


def _from(case: Case) -> str:
    return (
        f"From {case.n_trials:,} simulated {case.worlds}. Every number below is computed; its 95% interval stands "
        "beside it."
    )


def _foot(case: Case) -> str:
    worlds = f"{case.n_trials:,} simulated {case.worlds}, seed {case.seed}, tailsim {__version__}"
    return f"{worlds}: the same seed gives the same page."


def _data(figure: Figure, text: str | None = None) -> str:
    """A figure in the page, with its full value for machines."""
    value = repr(figure.estimate.value)
    return f'<data value="{value}" data-figure="{escape(figure.name)}">{escape(text or figure.text)}</data>'


def _ends(figure: Figure, lead: str = "95% interval ") -> str:
    interval = ends(figure)
    return f"{lead}{interval}" if interval else ""


def _cards(case: Case) -> str:
    """The first numbers, large."""
    cards = []
    for name in _CARDS[case.audience]:
        if name in case.names:
            figure = case.figure(name)
            small = _ends(figure) or "exact"
            label = escape(figure.label[:1].upper() + figure.label[1:])
            cards.append(f"<div><dt>{label}</dt><dd>{_data(figure)}<small>{small}</small></dd></div>")
    return f'<dl class="cards">{"".join(cards)}</dl>'


def _parts(sentence: Sentence) -> str:
    parts = (escape(p) if isinstance(p, str) else _data(p, sentence.shown(p)) for p in sentence.parts)
    return "".join(parts)


def _said(case: Case) -> str:
    return '<ul class="said">' + "".join(f"<li>{_parts(s)}{_intervals(s)}</li>" for s in case.sentences) + "</ul>"


def _intervals(sentence: Sentence) -> str:
    """The intervals of a sentence's figures, under it."""
    if sentence.with_ends:
        return ""
    shown = [f"{f.text}: {ends(f)}" for f in dict.fromkeys(sentence.figures) if ends(f)]
    return f"<small>95% intervals: {escape('; '.join(shown))}</small>" if shown else ""


def _drawn(case: Case) -> str:
    return "".join(_figure(picture) for picture in case.pictures)


def _figure(picture: Picture) -> str:
    caption = f"<figcaption>{escape(picture.description)}</figcaption>"
    return f"<figure><h3>{escape(picture.title)}</h3>{picture.svg}{caption}</figure>"


def _panel(grid: WhatIf) -> str:
    """The sliders, and the answers as they stand at first; hidden where no script runs."""
    sliders = "".join(
        f'<label for="slider-{s.name}">{escape(s.label)}: <output id="setting-{s.name}" for="slider-{s.name}">'
        f"{escape(s.settings[s.start])}</output></label>"
        f'<input type="range" id="slider-{s.name}" min="0" max="{len(s.settings) - 1}" step="1" value="{s.start}" '
        f'aria-valuetext="{escape(s.settings[s.start])}" autocomplete="off">'
        for s in grid.sliders
        if len(s.settings) > 1
    )
    fixed = "".join(
        f'<input type="hidden" id="slider-{s.name}" value="{s.start}"><output id="setting-{s.name}" hidden></output>'
        for s in grid.sliders
        if len(s.settings) == 1
    )
    answers = "".join(
        f'<div><dt>{escape(label[:1].upper() + label[1:])}</dt><dd><span id="answer-{name}">{escape(r.text)}</span>'
        f'<small id="ends-{name}"></small></dd></div>'
        for name, label, r in zip(grid.names, grid.labels, grid.start, strict=True)
    )
    return (
        '<section class="what-if" aria-labelledby="what-if-h"><h2 id="what-if-h">What if?</h2>'
        "<noscript><p>The sliders need a script; the table below says the main what-ifs without one.</p></noscript>"
        '<div class="panel" id="what-if" hidden><div role="group" aria-label="Assumptions">'
        f'{sliders}{fixed}<button type="button" id="what-if-reset">Back to the start</button></div>'
        f'<dl class="answers" aria-live="polite">{answers}</dl></div></section>'
    )


def _held(grid: WhatIf) -> str:
    """The grid for the script: what is shown, worked out before."""
    sliders = [{"name": s.name, "settings": s.settings, "start": s.start} for s in grid.sliders]
    cells = [[[reading.text, reading.ends] for reading in row] for row in grid.cells]
    content = json.dumps({"sliders": sliders, "names": grid.names, "cells": cells}, separators=(",", ":"))
    return content.replace("<", "\\u003c")


def _changes(case: Case) -> str:
    heads = tuple(column[:1].upper() + column[1:] for column in case.columns)
    head = "".join(f'<th scope="col" role="columnheader">{escape(h)}</th>' for h in ("Change", *heads))
    rows = "".join(_change(change, heads) for change in case.changes)
    note = "On the same luck; a difference is given by its 95% interval."
    return (
        f'<table role="table"><caption>{note}</caption><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )


def _change(change: Change, heads: tuple[str, ...]) -> str:
    turns = " <strong>(turns the odds)</strong>" if change.flips else ""
    first = f'<th scope="row" role="rowheader">{escape(change.label)}{turns}</th>'
    cells = "".join(_moved(shift, head) for shift, head in zip(change.shifts, heads, strict=True))
    return f'<tr role="row">{first}{cells}</tr>'


def _moved(shift: Shift, head: str) -> str:
    rest = escape(moved(shift).removeprefix(shift.after.text))
    return (
        f'<td role="cell" data-label="{escape(head)}">{_data(shift.after)}'
        f'<span class="{shift.direction}">{rest}</span></td>'
    )


def _numbers(case: Case) -> str:
    heads = ("What", "Value", "95% interval", "How")
    head = "".join(f'<th scope="col" role="columnheader">{h}</th>' for h in heads)
    rows = "".join(_number(figure) for figure in case.figures)
    return (
        f'<table role="table" class="numbers"><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )


def _number(figure: Figure) -> str:
    label = escape(figure.label[:1].upper() + figure.label[1:])
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{label}</th>'
        f'<td role="cell" data-label="Value">{_data(figure)}</td>'
        f'<td role="cell" data-label="95% interval">{escape(ends(figure)) or "-"}</td>'
        f'<td role="cell" data-label="How"><small>{escape(how(figure))}</small></td></tr>'
    )
