"""Venture deals: what one pays for a stake of 1."""

import math

from .._check import one_of, positive
from ..payoffs import Buckets, Constant, Mixture, Pareto


def venture(zero: str = "uniform", tail_index: float = 1.42) -> Buckets:
    """Multiples of some 21,640 United States venture financings that ended in 2004-2013.

    The table gives six buckets: 0-1x 64.8 %, 1-5x 25.3 %, 5-10x 5.9 %, 10-20x 2.5 %, 20-50x 1.1 %, above
    50x 0.4 %. What lies inside them is not published and moves every answer, so it is an argument: here
    the multiples of 1-5x to 20-50x are log-uniform within their bucket, those above 50x are Pareto from 50.

    Parameters
    ----------
    zero : "uniform" or "low"
        Inside 0-1x: spread evenly, or all total losses. The truth lies between the two.
    tail_index : float
        Tail index above 50x, above 0. Fitted to the buckets it is 1.423 +- .054 above 10x, 1.348 +- .031
        above 5x and .897 +- .011 above 1x: where the tail is said to start decides whether the mean exists.

    Returns
    -------
    Buckets
        The multiple; its mean is 2.775 with the default arguments.

    Raises
    ------
    ArgumentError
        If ``zero`` is neither rule or ``tail_index`` is not a finite number above 0.

    References
    ----------
    Correlation Ventures, outcomes of about 21,640 financings, 2004-2013, by realised multiple. Later
    decades of the same firm: D. Coats, "Venture Capital - No, We're Not Normal", 2019.

    Examples
    --------
    >>> round(venture().mean(), 3), round(venture(zero="low").mean(), 3)
    (2.775, 2.451)
    >>> venture(tail_index=0.9).mean()
    inf
    """
    first = one_of("zero", zero, ("uniform", "low"))
    tail = Pareto(positive("tail_index", tail_index), 50.0)
    edges, probabilities = (0.0, 1.0, 5.0, 10.0, 20.0, 50.0), (0.648, 0.253, 0.059, 0.025, 0.011, 0.004)
    return Buckets(edges, probabilities, within=(first, *["loguniform"] * 4), tail=tail)


def neumann(tail_index: float = 0.98) -> Mixture:
    """A venture deal after Neumann: a third pays 0, a third pays 1, a third is Pareto from 1.

    Parameters
    ----------
    tail_index : float
        Tail index of the last third, above 0. The article writes the exponent of the density, 1.98.

    Returns
    -------
    Mixture
        The multiple; at or below a tail index of 1 it has no mean.

    Raises
    ------
    ArgumentError
        If ``tail_index`` is not a finite number above 0.

    References
    ----------
    J. Neumann, "Power Laws in Venture Portfolio Construction", 2017,
    http://reactionwheel.net/2017/12/power-laws-in-venture-portfolio-construction.html

    Examples
    --------
    >>> neumann().atoms[0][0], round(neumann().prob_at_least(3.0), 4)
    (0.0, 0.1136)
    """
    won = Pareto(positive("tail_index", tail_index), 1.0)
    return Mixture((Constant(0.0), Constant(1.0), won), (1 / 3, 1 / 3, 1 / 3))


def crossan(tail_index: float = 1.0) -> Pareto:
    """A venture deal after Crossan: Pareto with a smallest multiple of .35.

    Parameters
    ----------
    tail_index : float
        Tail index, above 0. The source writes the exponent of the density, 2.0.

    Returns
    -------
    Pareto
        The multiple; at or below a tail index of 1 it has no mean.

    Raises
    ------
    ArgumentError
        If ``tail_index`` is not a finite number above 0.

    References
    ----------
    Crossan's fit to venture returns: density exponent 2.0 above a smallest multiple of .35.

    Examples
    --------
    >>> round(crossan().median(), 12)
    0.7
    """
    return Pareto(positive("tail_index", tail_index), 0.35)


def weinberg() -> Buckets:
    """A venture deal after Weinberg and Miller: 0, 1, 3, 10 or 20 times the stake.

    Returns
    -------
    Buckets
        The multiple, with probabilities .50, .20, .15, .13 and .02. The table ends at 20x: it has no tail
        to speak of, and understates what many bets may bring.

    References
    ----------
    Weinberg and Miller, 2010: a table of five outcomes of a venture deal.

    Examples
    --------
    >>> round(weinberg().mean(), 12)
    2.35
    """
    # "low" puts each bucket at its lower edge, which makes the table's five outcomes exact
    return Buckets((0.0, 1.0, 3.0, 10.0, 20.0), (0.50, 0.20, 0.15, 0.13, 0.02), within="low", tail=Constant(20.0))


def horsley_bridge() -> Pareto:
    """Venture investments in which 6 % of the deals made 60 % of the returns.

    Returns
    -------
    Pareto
        The multiple, from 1: the Pareto law with that concentration has tail index 1.2218, and puts 6 % of
        deals above 10x, as the source does. It matches the winners only: about half of the deals in the
        source returned less than they cost.

    References
    ----------
    B. Evans, "In praise of failure", 2016: data of Horsley Bridge on some 7,000 investments, 1985-2014.

    Examples
    --------
    >>> law = horsley_bridge()
    >>> round(law.tail_index, 4), round(law.top_share(0.06), 12), round(law.prob_at_least(10.0), 12)
    (1.2218, 0.6, 0.06)
    """
    # the top p of a Pareto law hold p**(1 - 1/a) of all value: solved for a
    return Pareto(1.0 / (1.0 - math.log(0.6) / math.log(0.06)), 1.0)
