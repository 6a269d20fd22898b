"""The JSON schema of scenario files, made from the signatures of the classes that they may name."""

import inspect
import json
from importlib import resources
from typing import Any

from .plain import BET_KEYS, KINDS, PORTFOLIO_KEYS, parameters
from .scenario import KEYS, VERSION

_LAW = {"$ref": "#/$defs/law"}
_UNCERTAIN = {"anyOf": [{"type": "number"}, _LAW]}  # a law in the place of a number: it is not known
_ARRAY = {"type": "array", "items": {"type": "number"}, "minItems": 1}
_LAWS = {"type": "array", "items": _LAW, "minItems": 1}
_MATRIX = {"type": "array", "items": _ARRAY, "minItems": 1}
_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
# parameters that are no numbers
_SHAPES: dict[str, Any] = {
    "base": _LAW, "body": _LAW, "tail": _LAW, "within": _TEXTS, "matrix": _MATRIX,
    "components": _LAWS, "laws": _LAWS,
    "weights": _ARRAY, "values": _ARRAY, "edges": _ARRAY, "probabilities": _ARRAY, "coefficients": _ARRAY,
    "copula": {"type": "string"}, "group": {"type": "string"}, "n": {"type": "integer", "minimum": 1},
}  # fmt: skip


def schema() -> dict[str, Any]:
    """The JSON schema of scenario files, for editors and other programs.

    Returns
    -------
    dict
        A schema of draft 2020-12: which tables there are, their keys, and the classes they may name. Whether values fit
        each other, a schema cannot say; ``load_scenario`` does.

    Examples
    --------
    >>> from tailsim.io import schema
    >>> list(schema()["properties"])
    ['scenario', 'laws', 'portfolio', 'goals']
    """
    text = resources.files("tailsim").joinpath("data/scenario.schema.json").read_text("utf-8")
    published: dict[str, Any] = json.loads(text)
    return published


def generated() -> dict[str, Any]:
    """The schema as the classes are now; the published one is this one, which a test holds it to."""
    named = {"laws": _many(_LAW), "portfolio": {"$ref": "#/$defs/portfolio"}, "goals": _many({"$ref": "#/$defs/goal"})}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tailsim scenario",
        **_table({key: named.get(key, {"const": VERSION}) for key in KEYS}),
        "$defs": {kind: _kind(kind) for kind in KINDS} | {"bet": _bet(), "portfolio": _portfolio()},
    }


def _table(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    found = {"type": "object", "properties": properties, "additionalProperties": False}
    return found | ({"required": list(required)} if required else {})


def _many(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": of}


def _kind(kind: str) -> dict[str, Any]:
    """One of the classes of a kind."""
    return {"oneOf": [_class(kind, name) for name in KINDS[kind]]}


def _class(kind: str, name: str) -> dict[str, Any]:
    takes = parameters(KINDS[kind][name])
    number = _UNCERTAIN if kind == "law" else {"type": "number"}
    shapes = {key: _SHAPES.get(key, number) | _default(p) for key, p in takes.items()}
    needed = tuple(key for key, p in takes.items() if p.default is p.empty)
    return _table({kind: {"const": name}} | shapes, (kind, *needed))


def _default(parameter: inspect.Parameter) -> dict[str, Any]:
    """The default, where JSON has it."""
    value = parameter.default
    plain = isinstance(value, (int, float, str)) and abs(value if not isinstance(value, str) else 0) < float("inf")
    return {"default": value} if plain else {}


def _bet() -> dict[str, Any]:
    text, price = {"type": "string"}, {"type": "number", "exclusiveMinimum": 0, "default": 1.0}
    how_many = {"type": "integer", "minimum": 1, "default": 1}
    payoff = {"anyOf": [_LAW, {"type": "string", "description": "the name of one of laws"}]}
    return _table(dict(zip(BET_KEYS, (payoff, price, text, text, how_many), strict=True)), ("payoff",))


def _portfolio() -> dict[str, Any]:
    model = {"$ref": "#/$defs/model"}
    ties = {"anyOf": [model, {"type": "array", "items": model}]}
    bets = {"type": "array", "items": {"$ref": "#/$defs/bet"}, "minItems": 1}
    return _table(dict(zip(PORTFOLIO_KEYS, (bets, ties, {"$ref": "#/$defs/count"}), strict=True)), ("bets",))
