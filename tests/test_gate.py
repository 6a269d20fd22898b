"""What the package's source never does, read from its syntax: a reviewer's rules that need no reviewer."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "tailsim").rglob("*.py"))
MAX_FILE, MAX_FUNCTION = 400, 40

CODE_FROM_FILES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
NETWORK = {
    "urllib", "urllib3", "requests", "socket", "socketserver", "http", "httpx", "aiohttp", "ftplib", "smtplib", "ssl",
    "xmlrpc", "imaplib", "poplib", "telnetlib", "webbrowser", "websocket", "websockets",
}  # fmt: skip
CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "np.random.seed", "numpy.random.seed"}
BY_NAME = {"import_module", "importlib.import_module"}  # only a table of contents may: the layers cannot see it
PICKLED = {"read_pickle", "to_pickle"}


def imported_roots(node: ast.AST) -> set[str]:
    """The top-level packages a statement imports, none of them ours."""
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {node.module.split(".")[0]}
    return set()


def options_of(node: ast.AST) -> Iterator[tuple[object, ast.expr]]:
    """The named options a call or a literal dictionary sets, and what to."""
    if isinstance(node, ast.Call):
        yield from ((keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg)
    elif isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        yield from ((key.value, value) for key, value in pairs if isinstance(key, ast.Constant))


def names_of_parameters(node: ast.AST) -> set[str]:
    """The parameters of a function, and the fields of a class, which become parameters."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        given = node.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        return {one.arg for one in every if one}
    if isinstance(node, ast.ClassDef):
        fields = [each.target for each in node.body if isinstance(each, ast.AnnAssign)]
        return {field.id for field in fields if isinstance(field, ast.Name)}
    return set()


def body_length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body, its docstring not counted."""
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def found_in(node: ast.AST, path: Path) -> Iterator[str]:
    """What one piece of syntax breaks."""
    for root in sorted(imported_roots(node)):
        if root in CODE_FROM_FILES:
            yield f"imports {root}: a file must never run code"
        if root in NETWORK:
            yield f"imports {root}: nothing here uses the network"
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        if called.removeprefix("builtins.") in CALLS or (called in BY_NAME and path.name != "__init__.py"):
            yield f"calls {called}"
    if isinstance(node, ast.Attribute) and node.attr in PICKLED:
        yield f"uses {node.attr}: a file must never run code"
    for name, value in options_of(node):
        off = isinstance(value, ast.Constant) and value.value is False
        if name in ("parallel", "fastmath", "shell", "allow_pickle") and not off:
            yield f"sets {name}"
    if "alpha" in names_of_parameters(node):
        yield "has a parameter named alpha: say tail_index, level or what it is"
    if isinstance(node, ast.Assert):
        yield "asserts: raise an error that says what to do"
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        n_lines = body_length(node)
        if n_lines > MAX_FUNCTION and "kernels" not in path.parts:
            yield f"{node.name} has {n_lines} lines, more than {MAX_FUNCTION}"


def violations(path: Path, source: str) -> list[str]:
    """Every breach in one file, as a line that says where and what."""
    n_lines = len(source.splitlines())
    lines = [f"{path}: has {n_lines} lines, more than {MAX_FILE}"] if n_lines > MAX_FILE else []
    for node in ast.walk(ast.parse(source)):
        lines += [f"{path}:{getattr(node, 'lineno', 0)}: {what}" for what in found_in(node, path)]
    return lines


def test_the_gate_reads_the_package() -> None:
    assert len(FILES) > 10


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(ROOT)) for file in FILES])
def test_source_keeps_the_rules(file: Path) -> None:
    assert violations(file.relative_to(ROOT), file.read_text("utf-8")) == []


@pytest.mark.parametrize("root", sorted(CODE_FROM_FILES | NETWORK))
def test_every_forbidden_import_is_reported(root: str) -> None:
    for source in (f"import {root}", f"import {root}.x as y", f"def f():\n    from {root} import x"):
        (line,) = violations(Path("tailsim/planted.py"), source)
        assert f"imports {root}: " in line


@pytest.mark.parametrize("call", sorted(CALLS))
def test_every_forbidden_call_is_reported(call: str) -> None:
    assert violations(Path("tailsim/planted.py"), f"{call}('1')") == [f"tailsim/planted.py:1: calls {call}"]


LONG = "def f(x):\n    '''Doc.'''\n" + "    x += 1\n" * (MAX_FUNCTION + 1)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import pickle", "imports pickle"),
        ("def f():\n    from pickle import loads", "imports pickle"),
        ("import urllib.request", "imports urllib"),
        ("from http import client", "imports http"),
        ("x = eval('1')", "calls eval"),
        ("import builtins\nbuiltins.exec('1')", "calls builtins.exec"),
        ("__import__('pickle')", "calls __import__"),
        ("importlib.import_module('tailsim.cli')", "calls importlib.import_module"),
        ("os.system('ls')", "calls os.system"),
        ("np.random.seed(1)", "calls np.random.seed"),
        ("frame.to_pickle('x')", "uses to_pickle"),
        ("np.load('x', allow_pickle=True)", "sets allow_pickle"),
        ("@njit(parallel=True)\ndef f(): pass", "sets parallel"),
        ("@njit(fastmath={'nnan'})\ndef f(): pass", "sets fastmath"),
        ("OPTIONS = {'fastmath': True}", "sets fastmath"),
        ("subprocess.run('ls', shell=True)", "sets shell"),
        ("def f(x, *, alpha=1): pass", "named alpha"),
        ("f = lambda alpha: alpha", "named alpha"),
        ("class Law:\n    alpha: float", "named alpha"),
        ("def f(x):\n    assert x > 0", "asserts"),
        (LONG, "f has 41 lines"),
        ("x = 1\n" * (MAX_FILE + 1), "has 401 lines"),
    ],
)
def test_a_planted_breach_is_reported(source: str, said: str) -> None:
    assert [line for line in violations(Path("tailsim/planted.py"), source) if said in line]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("tailsim/kernels/loop.py", LONG),
        ("tailsim/law.py", LONG.replace("    x += 1\n", "", 1)),
        ("tailsim/law.py", "@njit(parallel=False)\ndef f(tail_index): re.compile('a')"),
        ("tailsim/law.py", "'''No pickle, no eval, no fastmath.'''\nax.plot(x, alpha=0.5)\nimport http_free"),
        ("tailsim/__init__.py", "def __getattr__(name): return importlib.import_module(name)"),
    ],
)
def test_what_is_allowed_passes(path: str, source: str) -> None:
    assert violations(Path(path), source) == []
