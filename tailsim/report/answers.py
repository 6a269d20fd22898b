"""What the main job answers, as plain numbers: text and JSON are written from these and nothing else."""

from dataclasses import dataclass

from ..stats.estimate import Estimate
from ..stats.verdict import Verdict


@dataclass(frozen=True, slots=True)
class TopShare:
    """The share of all value that the best ``fraction`` of all bets holds."""

    fraction: float
    share: float


@dataclass(frozen=True, slots=True)
class Concentration:
    """Where the value of all bets sits, by the law they are drawn from.

    ``top_shares`` and ``gini`` are None where shares do not exist, and ``why_not`` says why.
    """

    top_shares: tuple[TopShare, ...] | None
    gini: float | None
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class Chance:
    """The probability that a portfolio pays back at least ``multiple`` times what it costs."""

    multiple: float
    probability: Estimate


@dataclass(frozen=True, slots=True)
class Size:
    """What a portfolio of ``n_bets`` bets pays back, as a multiple of what it costs.

    ``low`` and ``high`` are the multiples that one portfolio in
    ten stays below or goes above; ``best_share`` is the largest payoff's average share of the total, and
    ``best_is_half`` how often it makes half or more (both None where payoffs can be negative or nothing is paid).
    """

    n_bets: int
    at_least: tuple[Chance, ...]
    median: Estimate
    low: Estimate
    high: Estimate
    best_share: Estimate | None
    best_is_half: Estimate | None


@dataclass(frozen=True, slots=True)
class BestCount:
    """How many bets serve a goal: the best number, its score, and the plateau that cannot be told from it.

    ``plateau`` are the plateau's ends; ``gaps`` says that many numbers between them do worse.
    """

    goal: str
    n_bets: int
    score: Estimate
    plateau: tuple[int, int]
    at_edge: bool
    verdict: str
    gaps: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """One law of what a bet pays, and everything that follows from it."""

    name: str
    tail_index: float
    concentration: Concentration
    sizes: tuple[Size, ...]
    best: tuple[BestCount, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """The answer under one assumption, for portfolios of ``size.n_bets``.

    ``reference`` marks the assumption made everywhere else. The advice ``flips`` where no number of bets that is best
    there is among the best here. ``mean`` is that of a bet, ``inf`` where there is none, and ``mean_is_reliable`` says
    whether what the largest number of bets pays shows it; ``zero`` is the rule for multiples of 0-1x, if there is one.
    """

    name: str
    tail_index: float
    mean: float
    mean_is_reliable: bool
    zero: str | None
    size: Size
    best: BestCount
    reference: bool
    flips: bool


@dataclass(frozen=True, slots=True)
class PastBets:
    """What is known of a table of past bets beside its multiples.

    ``by_stake`` is the failure rate by money staked, None where all stakes are equal. ``tail`` is the tail index of
    the ``tail.n`` largest multiples, those above ``threshold``; None where too few, and ``why_no_tail`` says so.
    """

    n_bets: int
    n_skipped: int
    by_stake: Estimate | None
    tail: Estimate | None
    threshold: float | None
    why_no_tail: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """The main job's answers.

    Attributes
    ----------
    title, source : str
        What was simulated, and where its outcomes come from.
    target : float
        The multiple worth reaching; ``max_bets`` numbers of bets are compared.
    n_trials, seed : int
        Simulated portfolios of each size; what reproduces them.
    hurdle : float
        A bet fails when it pays less than this multiple of its stake, or nothing.
    failure_rate, mean : Estimate
        Of one bet. The mean carries its verdict in words, and is ``inf`` where it does not exist.
    mean_verdict : Verdict
        Whether portfolios of ``max_bets`` come close to the mean.
    views : tuple of View
        One for a published table; for past bets resampled and, where it can be fitted, with a tail.
    scenarios : tuple of Scenario
        How the answer moves with what is not known.
    past : PastBets or None
        For a table of past bets.
    """

    title: str
    source: str
    n_trials: int
    seed: int
    hurdle: float
    target: float
    max_bets: int
    failure_rate: Estimate
    mean: Estimate
    mean_verdict: Verdict
    views: tuple[View, ...]
    scenarios: tuple[Scenario, ...]
    past: PastBets | None = None
