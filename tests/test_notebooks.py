"""Notebooks are stored as they ran, say nothing of the machine, and conclude only from numbers printed above."""

import json
import re
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
NUMBER = re.compile(r"-?\d(?:[\d,.]*\d)?(?:e[+-]\d+)?|\binf\b")


def cells(path):
    return json.loads(path.read_text("utf-8"))["cells"]


def text_of(cell):
    """What a code cell printed."""
    parts = []
    for output in cell.get("outputs", []):
        parts += output.get("text", []) or output.get("data", {}).get("text/plain", [])
    return "".join(parts)


def unfounded(parts):
    """Numbers in bold print that nothing printed before them shows."""
    shown, missing = set(), []
    for cell in parts:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            shown |= set(NUMBER.findall(text_of(cell)))
        else:
            bold = re.findall(r"\*\*(.+?)\*\*", source)
            missing += [n for words in bold for n in NUMBER.findall(words) if n not in shown]
    return missing


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 7
    assert NOTEBOOKS[0].name == "01_quickstart.ipynb"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_stored_as_it_ran(path):
    raw = path.read_text("utf-8")
    whole = json.loads(raw)
    assert whole["metadata"]["kernelspec"]["name"] == "python3"
    code = [cell for cell in whole["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert all(cell["metadata"] == {} for cell in whole["cells"])
    outputs = [output for cell in code for output in cell["outputs"]]
    assert not [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"]
    assert not re.search(r"/(tmp|home|root|usr|Users)/|\\\\Users", raw), "a path of some machine"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_conclusions_rest_on_numbers_printed_above(path):
    parts = cells(path)
    assert sum("**" in "".join(c["source"]) for c in parts if c["cell_type"] == "markdown") >= 3
    assert unfounded(parts) == []


def test_a_number_from_nowhere_is_found():
    printed = {"cell_type": "code", "source": "", "outputs": [{"text": ["chance 23%, mean 1,234.5\n"]}]}
    said = {"cell_type": "markdown", "source": "It is **23%** of **1,234.5**, not **24%** or **1,234**."}
    assert unfounded([printed, said]) == ["24", "1,234"]
    assert unfounded([said, printed]) == ["23", "1,234.5", "24", "1,234"]
