"""Sliders over a portfolio: what more failures, a wilder tail or more bets do, answered while you drag."""

from dataclasses import dataclass
from typing import Any

from . import _check
from .engine import simulate
from .payoffs import Pareto, ZeroInflated
from .payoffs._rng import RngLike, seed_of
from .portfolio import Portfolio
from .results import Simulation

_TRIALS = 10_000
_RANGES = {"tail_index": (0.6, 4.0, 0.05), "p_zero": (0.0, 0.99, 0.01), "n_bets": (1, 300, 1)}
_WORDS = {"tail_index": "tail index", "p_zero": "bets that pay nothing", "n_bets": "number of bets"}


@dataclass(slots=True, eq=False, repr=False)
class Explorer:
    """A portfolio of like bets that answers anew when its parameters are set; made by ``explore``.

    A bet pays nothing with probability ``p_zero``, else a Pareto multiple of its stake from 1 on.

    Attributes
    ----------
    tail_index, p_zero, n_bets
        What the sliders show.
    seed : int
        Of every simulation, so that moving a slider back gives the same answer.
    """

    tail_index: float
    p_zero: float
    n_bets: int
    seed: int

    @property
    def bet(self) -> ZeroInflated:
        """One bet as the sliders stand."""
        return ZeroInflated(Pareto(self.tail_index), self.p_zero)

    def run(self) -> Simulation:
        """The portfolio as the sliders stand, simulated."""
        return simulate(Portfolio.of(self.bet, self.n_bets), n_trials=_TRIALS, rng=self.seed)

    def sentence(self, run: Simulation) -> str:
        """What a run of it says, in words; a mean that does not exist is not given."""
        once, thrice = run.prob_at_least(1), run.prob_at_least(3)
        chances = f"money back in {once:.0%} of worlds, three times as much in {thrice:.1%}"
        mean = f"the mean is {self.bet.mean():.2f}x" if self.tail_index > 1.0 else "there is no mean"
        return (
            f"{run.failure_rate():.0%} of bets fail; half of the worlds reach {run.median():.2f}x; {chances}; {mean}."
        )

    def plot(self, *, ax: Any = None) -> Any:
        """The chances of the portfolio as the sliders stand; see ``plotting.plot_simulation``."""
        from .plotting import plot_simulation

        return plot_simulation(self.run(), ax=ax)

    def widget(self) -> Any:
        """Sliders, a sentence and a picture, as an ipywidgets box."""
        try:
            import ipywidgets
        except ImportError:
            raise ImportError("sliders need ipywidgets; install it with: pip install 'tailsim[notebooks]'.") from None
        sliders = {name: _slider(ipywidgets, name, getattr(self, name)) for name in _RANGES}
        said, picture = ipywidgets.HTML(), ipywidgets.Image(format="png")

        from .plotting._style import png

        def answer(_: Any = None) -> None:
            for name, slider in sliders.items():
                setattr(self, name, slider.value)
            run = self.run()
            said.value, picture.value = self.sentence(run), png(run)

        for slider in sliders.values():
            slider.observe(answer, names="value")
        answer()
        return ipywidgets.VBox([*sliders.values(), said, picture])

    def _repr_mimebundle_(self, **how: Any) -> Any:
        """Sliders where ipywidgets is there, else the picture as it stands."""
        try:
            return self.widget()._repr_mimebundle_(**how)
        except ImportError:
            from .plotting._style import png

            run = self.run()
            return {"image/png": png(run), "text/plain": self.sentence(run)}

    def __repr__(self) -> str:
        settings = f"tail_index={self.tail_index:g}, p_zero={self.p_zero:g}, n_bets={self.n_bets}"
        return f"Explorer({settings}): {self.sentence(self.run())}"


def _slider(ipywidgets: Any, name: str, value: float) -> Any:
    low, high, step = _RANGES[name]
    make = ipywidgets.IntSlider if name == "n_bets" else ipywidgets.FloatSlider
    wide = ipywidgets.Layout(width="32em")
    style = {"description_width": "12em"}
    words = _WORDS[name]
    return make(value=value, min=low, max=high, step=step, description=words, layout=wide, style=style)


def explore(tail_index: float = 1.5, p_zero: float = 0.65, n_bets: int = 30, *, rng: RngLike = 1) -> Explorer:
    """Sliders over tail index, share of bets that pay nothing and number of bets, in a notebook.

    Parameters
    ----------
    tail_index : float
        Where the slider of the tail index starts, from 0.6 to 4.
    p_zero : float
        Where that of the bets that pay nothing starts, from 0 to 0.99.
    n_bets : int
        Where that of the number of bets starts, from 1 to 300.
    rng : None, int, SeedSequence or Generator
        The seed, the same for all positions of the sliders.

    Returns
    -------
    Explorer
        Shown by a notebook as sliders with a picture of 10,000 simulated worlds; without ipywidgets as the picture.

    Raises
    ------
    ArgumentError
        If an argument breaks its rule.

    Examples
    --------
    >>> import tailsim as ts
    >>> ts.explore(0.9, n_bets=10)
    Explorer(tail_index=0.9, p_zero=0.65, n_bets=10): 65% of bets fail; half of the worlds reach ...; there is no mean.
    """
    (a_low, a_high, _), (p_low, p_high, _), (n_low, n_high, _) = _RANGES.values()
    index = _check.real("tail_index", tail_index, f"a number from {a_low:g} to {a_high:g}", low=a_low, high=a_high)
    zero = _check.real("p_zero", p_zero, f"a number from {p_low:g} to {p_high:g}", low=p_low, high=p_high)
    rule = f"a whole number from {n_low} to {n_high}"
    n = _check.integer("n_bets", n_bets, rule, low=int(n_low), high=int(n_high))
    return Explorer(index, zero, n, seed_of(rng))
