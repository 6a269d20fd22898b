"""How bets hang together: latent factors and correlations that keep every bet's law, and shocks that change it."""

from .correlation import Correlation
from .one_factor import OneFactor
from .shock import CommonShock

__all__ = ["CommonShock", "Correlation", "OneFactor"]
