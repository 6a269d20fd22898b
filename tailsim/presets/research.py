"""Inventions, experiments and stocks: what one pays, by published facts."""

from .._check import one_of, positive, real
from ..payoffs import Exponential, Lomax, Mixture, Payoff, StudentT, from_top_share

_HARHOFF = {"low": 0.48, "high": 0.93}


def scherer_harhoff(concentration: str = "low", family: str = "pareto") -> Payoff:
    """Value of an invention: the top tenth of all hold 48 % (lowest sample) to 93 % (highest) of the value.

    Parameters
    ----------
    concentration : "low" or "high"
        The sample with the least or the most concentrated value.
    family : "pareto" or "lognormal"
        The law that is given this share. The published samples do not decide between the two.

    Returns
    -------
    Payoff
        Pareto with tail index 1.4679 (low) or 1.0325 (high), or lognormal with sigma 1.2314 or 2.7573, of
        scale 1: the unit is free.

    Raises
    ------
    ArgumentError
        If an argument is none of its words.

    References
    ----------
    Scherer and Harhoff 2000, Technology policy for a world of skew-distributed outcomes, Research Policy 29(4-5),
    table 1: eight samples of patents and start-ups.

    Examples
    --------
    >>> round(scherer_harhoff("low").tail_index, 4), round(scherer_harhoff("high", "lognormal").sigma, 4)
    (1.4679, 2.7573)
    """
    share = _HARHOFF[one_of("concentration", concentration, tuple(_HARHOFF))]
    return from_top_share(0.1, share, one_of("family", family, ("pareto", "lognormal")))


def bing_experiments(scale: float = 1.0, loc: float = 0.0) -> StudentT:
    """True effect of an idea on a metric at Bing: Student t with tail index 1.31.

    Parameters
    ----------
    scale : float, default 1
        Scale, above 0, in units of the metric.
    loc : float, default 0
        Where most ideas lie; below 0 where the usual idea does harm.

    Returns
    -------
    StudentT
        The effect, signed: use a hurdle of 0. It has a mean and no variance.

    References
    ----------
    Azevedo, Deng, Montiel Olea, Rao and Weyl 2020, A/B testing with fat tails, Journal of Political Economy 128(12):
    the tail index estimated from 1,505 experiments. Scale and location depend on the metric.

    Examples
    --------
    >>> bing_experiments().tail_index
    1.31
    """
    return StudentT(1.31, real("loc", loc), positive("scale", scale))


def bessembinder() -> Mixture:
    """Wealth that one listed firm made for its owners over its life, net of treasury bills; signed.

    Of 25,300 firms listed in the United States from 1926 to 2016, 42.6 % beat treasury bills, 4 % made all net
    wealth and .36 % (90 firms) half of it. The law has these three facts: gains are Lomax, losses
    exponential (the source does not say how losses spread; no answer about winners depends on it).

    Returns
    -------
    Mixture
        Net wealth of a firm, as a multiple of the mean firm's. Its net shares can exceed one: without the
        best 4 % the rest lost money.

    References
    ----------
    Bessembinder 2018, Do stocks outperform Treasury bills?, Journal of Financial Economics 129(3), section 4 and
    tables 2 and 5.

    Examples
    --------
    >>> law = bessembinder()
    >>> top = law.partial_mean(law.isf([0.04, 90 / 25_300]))
    >>> round(law.sf(0.0), 3), round(law.mean(), 9), top.round(9).tolist()
    (0.426, 1.0, [1.0, 0.5])
    """
    winners = 0.426
    index = _lomax_index(0.04 / winners, 90 / 25_300 / winners, ratio=2.0)
    gains = Lomax(index)
    scale = 1.0 / (winners * gains.mean() * gains.top_share(0.04 / winners))
    lost = (winners * scale * gains.mean() - 1.0) / (1.0 - winners)
    return Mixture([Lomax(index, scale), -Exponential(lost)], [winners, 1.0 - winners])


def _lomax_index(wide: float, narrow: float, ratio: float) -> float:
    """The tail index at which the top ``wide`` hold ``ratio`` times what the top ``narrow`` hold."""
    from scipy.optimize import brentq

    def miss(index: float) -> float:
        law = Lomax(index)
        return float(law.top_share(wide) / law.top_share(narrow)) - ratio

    return float(brentq(miss, 1.01, 5.0, xtol=1e-14, rtol=1e-14))
