"""What the README shows is what its code prints."""

import contextlib
import io
import re
from pathlib import Path

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_python_blocks_print_the_text_block_behind_them():
    pairs = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", README, re.DOTALL)
    assert pairs
    for code, shown in pairs:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "README.md", "exec"), {})
        assert printed.getvalue() == shown


def test_every_call_in_the_table_of_questions_exists():
    import tailsim as ts

    table = README[README.index("## What it answers") : README.index("### Laws")]
    for name in re.findall(r"`run\.(\w+)", table):
        assert hasattr(ts.Simulation, name)
    for name in re.findall(r"`law\.(\w+)", table):
        assert hasattr(ts.Payoff, name)
    for name in re.findall(r"`ts\.(\w+)\(", table):
        assert callable(getattr(ts, name))
