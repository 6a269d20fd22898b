"""Facts about the installation, and compiling ahead of time."""

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from ._version import __version__

_PACKAGES = ("numpy", "scipy", "numba", "llvmlite", "matplotlib", "tqdm", "tomli_w", "pandas", "pyarrow", "distributed")


def show_versions() -> None:
    """Print the versions that a bug report needs.

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.show_versions()  # doctest: +ELLIPSIS
    tailsim ...
    """
    print(f"tailsim {__version__}, Python {sys.version.split()[0]}, {platform.platform()}, {platform.machine()}")
    for name in _PACKAGES:
        try:
            print(f"{name} {version(name)}")
        except PackageNotFoundError:
            print(f"{name} not installed")


def warmup() -> None:
    """Compile the kernels of all built-in laws, or load them from the cache; about half a minute at first.

    Later processes load what was compiled. Call it in a container image, or before timing.

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.warmup()
    """
    from .decide import bet_count_curve
    from .engine import simulate
    from .fit import fit_power_law
    from .payoffs import Exponential, Frechet, LogNormal, Lomax, Pareto, Payoff, Uniform, Weibull, ZeroInflated
    from .portfolio import Portfolio

    heavy = (Pareto(1.5), Pareto(0.5), Lomax(1.5), Lomax(0.5), LogNormal(0, 1), Weibull(0.5), Frechet(1.5))
    laws: tuple[Payoff, ...] = (*heavy, Exponential(), Uniform(), *(ZeroInflated(law, 0.65) for law in heavy))
    for law in laws:
        simulate(Portfolio.of(law, 1), n_trials=1, rng=0)
        bet_count_curve(law, 1, n_trials=1, rng=0)
    fit_power_law(range(1, 20))
