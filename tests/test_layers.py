"""Imports run downwards only: the layers of the package, bottom first, read from its source."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parents[1] / "tailsim"
LAYERS = (
    ("errors", "_check", "_lazy", "_version", "_sealed"),
    ("kernels",),
    ("payoffs",),
    ("stats",),
    ("portfolio", "dependence"),
    ("results",),
    ("engine",),
    ("decide", "io"),
    ("rare", "exact", "fit"),
    ("presets",),
    ("plotting",),
    ("report", "cli", "commands", "explorer", "testing", "_info", "__main__"),
)
LAYER = {part: i for i, layer in enumerate(LAYERS) for part in layer}
# the functions that may call upwards, lazily
UPWARD = {"plot", "replay", "_repr_html_", "_again", "concentration", "save", "to_toml"}
# What is slow to load, and the parts of ours that may import it at the top of a module.
SLOW = {
    "numba": {"kernels"},
    "llvmlite": {"kernels"},
    "scipy.special": set(),
    "scipy": set(),
    "matplotlib": {"plotting"},
    "pandas": set(),
    "pyarrow": set(),
}


class Import(NamedTuple):
    """One imported name: by which module, of which module, at which line, within which functions, for types only."""

    module: str
    target: str
    line: int
    functions: tuple[str, ...]
    typing: bool


def read_sources() -> dict[str, str]:
    """The package's text by module name; a package's own is named ``...__init__``."""
    files = sorted(PACKAGE.rglob("*.py"))
    return {".".join(("tailsim", *f.relative_to(PACKAGE).with_suffix("").parts)): f.read_text("utf-8") for f in files}


def imported(module: str, node: ast.Import | ast.ImportFrom) -> list[str]:
    """The absolute names a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = module.split(".")[: -node.level] if node.level else []
    base += [node.module] if node.module else []
    return [".".join([*base, alias.name]) for alias in node.names]


def imports_of(module: str, source: str, modules: set[str]) -> Iterator[Import]:
    """Every import of a module; names of our own are cut back to the module that holds them."""

    def visit(node: ast.AST, functions: tuple[str, ...], typing: bool) -> Iterator[Import]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            functions = (*functions, node.name)
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            typing = True
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in imported(module, node):
                yield Import(module, owner(name, modules), node.lineno, functions, typing)
        for child in ast.iter_child_nodes(node):
            yield from visit(child, functions, typing)

    yield from visit(ast.parse(source), (), False)


def owner(name: str, modules: set[str]) -> str:
    """The module of ours that holds ``name``; a name of others' is returned as it is."""
    parts = name.split(".")
    while parts[0] == "tailsim":
        for module in (".".join(parts), ".".join([*parts, "__init__"])):
            if module in modules:
                return module
        if len(parts) == 1:
            break
        parts.pop()
    return name


def part_of(module: str) -> str:
    """The part of the house a module of ours belongs to: ``tailsim.payoffs.power`` to payoffs."""
    return module.split(".")[1]


def wrong_direction(found: Import) -> str | None:
    """What is wrong with an import of our own, or None."""
    here, there = part_of(found.module), part_of(found.target)
    if there == "__init__":
        return "imports the table of contents"
    if there not in LAYER:
        return f"imports {there}, which has no layer"
    if here == "kernels" != there:
        return "kernels import nothing of ours outside their folder"
    if LAYER[there] > LAYER[here] and not UPWARD.intersection(found.functions):
        return f"imports upwards, from {here} to {there}"
    return None


def wrong_load(found: Import) -> str | None:
    """What is wrong with an import of somebody else's package, or None."""
    here, name = part_of(found.module), found.target
    if name.split(".")[0] == "matplotlib" and here != "plotting":
        return "only plotting imports matplotlib"
    slow = next((key for key in SLOW if name == key or name.startswith(key + ".")), None)
    if slow and not found.functions and not found.typing and here not in SLOW[slow]:
        return f"loads {name} at the top of the module"
    return None


def circle_in(imports: list[Import]) -> list[str]:
    """A circle among the imports that run when modules load, if there is one."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for found in imports:
        if not found.functions and not found.typing and found.target != found.module:
            sorter.add(found.module, found.target)
    try:
        sorter.prepare()
    except CycleError as error:
        return ["a circle: " + " <- ".join(error.args[1])]
    return []


def violations(sources: dict[str, str]) -> list[str]:
    """Every breach of the layers, as a line that says where and what."""
    checked = {module: source for module, source in sources.items() if module != "tailsim.__init__"}
    imports = [found for module in checked for found in imports_of(module, checked[module], set(sources))]
    lines = [f"{module}: has no layer" for module in checked if part_of(module) not in LAYER]
    for found in imports:
        if part_of(found.module) in LAYER:
            ours = found.target.split(".")[0] == "tailsim"
            wrong = wrong_direction(found) if ours else wrong_load(found)
            lines += [f"{found.module}:{found.line}: {wrong}"] if wrong else []
    return lines + circle_in([found for found in imports if found.target in checked])


def test_imports_run_downwards_only() -> None:
    sources = read_sources()
    assert "tailsim.errors" in sources
    assert violations(sources) == []


HOUSE = {
    "tailsim.__init__": "from .cli import main",
    "tailsim._check": "from .errors import TailsimError",
    "tailsim.errors": "import math",
    "tailsim.kernels.__init__": "",
    "tailsim.kernels.api": "import numba\nfrom . import strict",
    "tailsim.kernels.strict": "",
    "tailsim.payoffs.__init__": "from .base import Payoff",
    "tailsim.payoffs.affine": "from .base import Payoff",
    "tailsim.payoffs.base": "from .. import _check\ndef f():\n    from .affine import Affine",
    "tailsim.portfolio": "from .payoffs import Payoff",
    "tailsim.results": "class R:\n    def plot(self):\n        from . import plotting",
    "tailsim.plotting": "import matplotlib.pyplot as plt\nfrom .results import R",
    "tailsim.cli": "def main():\n    from .plotting import plt\n    import pandas",
}


def test_a_house_in_order_passes() -> None:
    assert violations(HOUSE) == []


@pytest.mark.parametrize(
    ("module", "source", "said"),
    [
        ("payoffs.base", "from ..portfolio import Bet", "imports upwards, from payoffs to portfolio"),
        ("payoffs.base", "import tailsim.portfolio", "imports upwards, from payoffs to portfolio"),
        ("payoffs.base", "def f():\n    from ..portfolio import Bet", "imports upwards, from payoffs to portfolio"),
        ("payoffs.base", "try:\n    from ..cli import main\nexcept E: pass", "imports upwards, from payoffs to cli"),
        ("results", "if TYPE_CHECKING:\n    from .plotting import plt", "imports upwards, from results to plotting"),
        ("results", "from . import plotting", "imports upwards, from results to plotting"),
        ("results", "def draw():\n    import matplotlib", "only plotting imports matplotlib"),
        ("kernels.api", "from ..errors import TailsimError", "kernels import nothing of ours outside their folder"),
        ("cli", "import tailsim as ts", "imports the table of contents"),
        ("cli", "from . import simulate", "imports the table of contents"),
        ("utils", "", "has no layer"),
        ("payoffs.base", "from .affine import Affine", "a circle"),
        ("payoffs.base", "from . import Payoff", "a circle"),
        ("portfolio", "from scipy import special", "loads scipy.special at the top of the module"),
        ("payoffs.base", "from scipy import stats", "loads scipy.stats at the top of the module"),
        ("payoffs.base", "import numba", "loads numba at the top of the module"),
        ("cli", "import pandas as pd", "loads pandas at the top of the module"),
    ],
)
def test_a_planted_breach_is_reported(module: str, source: str, said: str) -> None:
    lines = violations(HOUSE | {f"tailsim.{module}": source})
    assert any(said in line for line in lines)


def test_importing_the_package_loads_nothing_slow() -> None:
    script = f"import sys, tailsim; print(*sorted(set({[*SLOW]}).intersection(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
