"""How bets hang together, and how many a trial enters: latent models that keep every bet's law, shocks, counts."""

from .correlation import Correlation
from .counts import BinomialCount, CountLaw, GeometricCount, PoissonCount
from .one_factor import OneFactor
from .shock import CommonShock

__all__ = [
    "OneFactor",
    "Correlation",
    "CommonShock",
    "PoissonCount",
    "GeometricCount",
    "BinomialCount",
    "CountLaw",
]
