"""How the documentation is built: ``python3 dev.py install docs``, then ``sphinx-build -W docs docs/_build``."""

from pathlib import Path

import tailsim

project = "tailsim"
author = "The tailsim developers"
copyright = "the tailsim developers"
version = release = tailsim.__version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc", "myst_parser"]
autosummary_generate = True
autodoc_typehints = "none"
numpydoc_class_members_toctree = False
numpydoc_show_class_members = False
myst_heading_anchors = 3
exclude_patterns = ["_build"]
templates_path = ["_templates"]

html_theme = "pydata_sphinx_theme"
html_title = "tailsim"
html_static_path = ["_static"]
html_css_files = ["wrap.css"]
html_theme_options = {"show_toc_level": 2, "navigation_with_keys": True}

GROUPS = {
    "payoffs": "Laws",
    "portfolio": "Bets and portfolios",
    "dependence": "Dependence and counts",
    "engine": "Simulation",
    "results": "Results",
    "stats": "Statistics",
    "decide": "Decisions",
    "exact": "Exact totals",
    "rare": "Rare totals",
    "fit": "Fits",
    "io": "Files",
    "errors": "Errors",
    "_info": "The installation",
}


def reference() -> str:
    """A page that lists every public name by group, so that none is forgotten."""
    lines = ["Reference", "=========", "", ".. currentmodule:: tailsim", "", "All names are at the top level.", ""]
    home = {group: list(names) for group, names in tailsim._HOME.items()}
    for group, title in {**GROUPS, **{g: g for g in home if g not in GROUPS}}.items():
        if group in home:
            lines += [title, "-" * len(title), "", ".. autosummary::", "   :toctree: reference", ""]
            lines += [f"   {name}" for name in home[group]] + [""]
    return "\n".join(lines)


(Path(__file__).parent / "api.rst").write_text(reference(), encoding="utf-8")  # before Sphinx looks for pages
