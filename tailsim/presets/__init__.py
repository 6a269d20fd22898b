"""Published outcome tables as payoffs, each with its source.

Every function returns a payoff law, ready for `Bet`, `Portfolio.of` or `simulate`. What a source says beyond
its law stands beside it: `OPEN_SOURCE_POPULATION`, `IDEA_SUCCESS`.
"""

from .products import IDEA_SUCCESS, OPEN_SOURCE_POPULATION, OpenSourcePopulation, open_source
from .research import bessembinder, bing_experiments, scherer_harhoff
from .ventures import crossan, horsley_bridge, neumann, venture, weinberg

__all__ = [
    "venture",
    "neumann",
    "crossan",
    "weinberg",
    "horsley_bridge",
    "scherer_harhoff",
    "bing_experiments",
    "bessembinder",
    "open_source",
    "OPEN_SOURCE_POPULATION",
    "OpenSourcePopulation",
    "IDEA_SUCCESS",
]
