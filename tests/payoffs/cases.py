"""The table of laws: one row each, with an independent survival function to hold it against.

``sf`` and ``cdf`` come from scipy or from a formula written out by hand, and share no code with
the package. ``draws_are_isf`` is False where a law draws by another map than its isf.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from tailsim.payoffs import (
    Affine,
    Buckets,
    BurrXII,
    Capped,
    Constant,
    Empirical,
    Exponential,
    Frechet,
    Gamma,
    GeneralizedPareto,
    LogLogistic,
    LogNormal,
    Lomax,
    Metalog,
    Mixture,
    Normal,
    Pareto,
    Payoff,
    Spliced,
    Stable,
    StudentT,
    Truncated,
    Uniform,
    Weibull,
    ZeroInflated,
)

from .oracles import between, capped, log_logistic, loglogistic_2, mix, moved, pair, spliced, step, student, zeros

INF = np.inf
Function = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Case:
    name: str
    law: Payoff
    sf: Function
    cdf: Function
    tail_index: float = INF
    left_tail_index: float = INF
    atoms: tuple[tuple[float, float], ...] = ()
    cuts: tuple[float, ...] = ()  # where sf bends, beside its atoms and the ends of the support
    draws_are_isf: bool = True
    ulps: float = 8.0  # to which a quantile is known


def of(name, law, frozen, tail_index=INF):
    """A row whose oracle is a frozen scipy law."""
    return Case(name, law, frozen.sf, frozen.cdf, tail_index)


PARETO = stats.pareto(1.5)
LOG = [stats.loguniform(a, b) for a, b in ((1, 5), (5, 10), (10, 20), (20, 50))]
VENTURE = Buckets(
    [0, 1, 5, 10, 20, 50],
    [0.648, 0.253, 0.059, 0.025, 0.011, 0.004],
    within=["uniform", *["loguniform"] * 4],
    tail=Pareto(1.42, 50),
)
VENTURE_PARTS = mix(
    (0.648, *pair(stats.uniform(0, 1))),
    *((w, *pair(d)) for w, d in zip((0.253, 0.059, 0.025, 0.011), LOG, strict=True)),
    (0.004, *pair(stats.pareto(1.42, scale=50))),
)
TAIL_MIX = Mixture([Pareto(2.2, 4), Constant(6)], [0.5, 0.5])
NESTED = Mixture([ZeroInflated(Lomax(3), 0.2), Buckets([1, 2, 4], [0.5, 0.25, 0.25], tail=TAIL_MIX)], [0.3, 0.7])
NESTED_PARTS = mix(
    (0.3, *zeros(stats.lomax(3), 0.8)),
    (0.35, *pair(stats.loguniform(1, 2))),
    (0.175, *pair(stats.loguniform(2, 4))),
    (0.0875, *pair(stats.pareto(2.2, scale=4))),
    (0.0875, *step((6, 1.0))),
)


CASES = [
    of("Pareto 1.5", Pareto(1.5), PARETO, 1.5),
    of("Pareto 1.1, scaled", Pareto(1.1, 3.0), stats.pareto(1.1, scale=3), 1.1),
    of("Pareto 0.8", Pareto(0.8, 2.0), stats.pareto(0.8, scale=2), 0.8),
    of("Pareto 40", Pareto(40.0), stats.pareto(40), 40.0),
    of("Lomax 1.5", Lomax(1.5), stats.lomax(1.5), 1.5),
    of("Lomax 3.5, scaled", Lomax(3.5, 0.25), stats.lomax(3.5, scale=0.25), 3.5),
    of("GeneralizedPareto .7", GeneralizedPareto(0.7, 2.0), stats.genpareto(0.7, scale=2), 1 / 0.7),
    of("GeneralizedPareto .2, moved", GeneralizedPareto(0.2, 2.0, 5.0), stats.genpareto(0.2, 5, 2), 5.0),
    of("GeneralizedPareto 1.5, signed", GeneralizedPareto(1.5, 2.0, -5.0), stats.genpareto(1.5, -5, 2), 1 / 1.5),
    of("GeneralizedPareto 0", GeneralizedPareto(0.0, 2.0), stats.expon(scale=2)),
    of("GeneralizedPareto 0, moved", GeneralizedPareto(0.0, 2.0, 3.0), stats.expon(3, 2)),
    of("GeneralizedPareto -.5", GeneralizedPareto(-0.5, 2.0, 1.0), stats.genpareto(-0.5, 1, 2)),
    of("GeneralizedPareto -1", GeneralizedPareto(-1.0, 3.0), stats.uniform(0, 3)),
    of("GeneralizedPareto 1e-9", GeneralizedPareto(1e-9), stats.genpareto(1e-9), 1 / 1e-9),
    of("Frechet 1.5", Frechet(1.5, 2.0), stats.invweibull(1.5, scale=2), 1.5),
    of("Frechet 5", Frechet(5.0), stats.invweibull(5), 5.0),
    of("Weibull 0.3", Weibull(0.3), stats.weibull_min(0.3)),
    of("Weibull 3", Weibull(3.0, 2.0), stats.weibull_min(3, scale=2)),
    of("Exponential", Exponential(2.5), stats.expon(scale=2.5)),
    of("LogNormal 1", LogNormal(0.0, 1.0), stats.lognorm(1.0)),
    of("LogNormal 0.1", LogNormal(1.0, 0.1), stats.lognorm(0.1, scale=np.e)),
    of("LogNormal 3", LogNormal(-2.0, 3.0), stats.lognorm(3.0, scale=np.exp(-2.0))),
    Case("LogLogistic 1.5", LogLogistic(1.5, 2.0), *log_logistic(1.5, 2.0), 1.5),
    Case("LogLogistic 8", LogLogistic(8.0), *log_logistic(8.0), 8.0),
    Case("LogLogistic 0.7", LogLogistic(0.7), *log_logistic(0.7), 0.7),
    of("BurrXII 2, 0.8", BurrXII(2.0, 0.8, 3.0), stats.burr12(2, 0.8, scale=3), 1.6),
    of("BurrXII 0.5, 5", BurrXII(0.5, 5.0), stats.burr12(0.5, 5.0), 2.5),
    of("BurrXII 12, 0.3", BurrXII(12.0, 0.3), stats.burr12(12.0, 0.3), 12.0 * 0.3),
    of("Normal", Normal(), stats.norm()),
    of("Normal, moved", Normal(-1.0, 2.5), stats.norm(-1, 2.5)),
    of("Uniform", Uniform(2.0, 5.0), stats.uniform(2, 3)),
    of("Uniform, signed", Uniform(-1.0, 1.0), stats.uniform(-1, 2)),
    Case("Constant", Constant(3.0), *step((3, 1.0)), atoms=((3.0, 1.0),)),
    Case(
        "ZeroInflated Pareto",
        ZeroInflated(Pareto(1.5), 0.65),
        *zeros(PARETO, 0.35),
        1.5,
        atoms=((0.0, 0.65),),
        cuts=(1.0,),
    ),
    Case(
        "ZeroInflated LogNormal",
        ZeroInflated(LogNormal(0, 1), 0.9),
        *zeros(stats.lognorm(1), 0.1),
        atoms=((0.0, 0.9),),
    ),
    Case(
        "ZeroInflated, signed",
        ZeroInflated(Uniform(-1, 1), 0.5),
        *mix((0.5, *pair(stats.uniform(-1, 2))), (0.5, *step((0, 1.0)))),
        atoms=((0.0, 0.5),),
        draws_are_isf=False,
    ),
    Case(
        "ZeroInflated Mixture",
        ZeroInflated(Mixture([Pareto(2.5), Weibull(0.5)], [0.25, 0.75]), 0.5),
        *mix((0.5, *step((0, 1.0))), (0.125, *pair(stats.pareto(2.5))), (0.375, *pair(stats.weibull_min(0.5)))),
        2.5,
        atoms=((0.0, 0.5),),
        cuts=(1.0,),
        draws_are_isf=False,
    ),
    Case(
        "Mixture",
        Mixture([LogNormal(0, 1), Pareto(1.5), Constant(0)], [0.3, 0.2, 0.5]),
        *mix((0.3, *pair(stats.lognorm(1))), (0.2, *pair(PARETO)), (0.5, *step((0, 1.0)))),
        1.5,
        atoms=((0.0, 0.5),),
        cuts=(1.0,),
        draws_are_isf=False,
    ),
    Case(
        "Mixture, distant and narrow",
        Mixture([LogNormal(0, 0.05), LogNormal(7, 0.05)], [0.9, 0.1]),
        *mix((0.9, *pair(stats.lognorm(0.05))), (0.1, *pair(stats.lognorm(0.05, scale=np.exp(7))))),
        draws_are_isf=False,
    ),
    Case(
        "Mixture of one",
        Mixture([Frechet(2.5), Pareto(0.5)], [1.0, 0.0]),
        *pair(stats.invweibull(2.5)),
        2.5,
    ),
    Case(
        "Mixture, nested",
        NESTED,
        *NESTED_PARTS,
        2.2,
        atoms=((0.0, 0.06), (6.0, 0.0875)),
        cuts=(1.0, 2.0, 4.0),
        draws_are_isf=False,
    ),
    Case("Buckets, venture", VENTURE, *VENTURE_PARTS, 1.42, cuts=(1.0, 5.0, 10.0, 20.0, 50.0)),
    Case(
        "Buckets, low",
        Buckets([0, 1, 3, 10, 20], [0.5, 0.2, 0.15, 0.13, 0.02], "low", Constant(20)),
        *step((0, 0.5), (1, 0.2), (3, 0.15), (10, 0.13), (20, 0.02)),
        atoms=((0.0, 0.5), (1.0, 0.2), (3.0, 0.15), (10.0, 0.13), (20.0, 0.02)),
    ),
    Case(
        "Buckets, signed, with a gap",
        Buckets([-2, 0, 1, 4], [0.25, 0.0, 0.75], ["uniform", "low", "uniform"]),
        *mix((0.25, *pair(stats.uniform(-2, 2))), (0.75, *pair(stats.uniform(1, 3)))),
        cuts=(0.0, 1.0),
    ),
    Case(
        "Empirical",
        Empirical([7.0, 0.0, 1.0, 5.5, 0.0, 2.25, 1.0]),
        *step((0, 2 / 7), (1, 2 / 7), (2.25, 1 / 7), (5.5, 1 / 7), (7, 1 / 7)),
        atoms=((0.0, 2 / 7), (1.0, 2 / 7), (2.25, 1 / 7), (5.5, 1 / 7), (7.0, 1 / 7)),
    ),
    Case(
        "Spliced",
        Spliced(LogNormal(0, 1), Pareto(1.5), 3.0, 0.05),
        *spliced(pair(stats.lognorm(1)), pair(PARETO), 3.0, 0.05),
        1.5,
        cuts=(3.0,),
    ),
    Case(
        "Spliced, generalised Pareto tail",
        Spliced(Exponential(), GeneralizedPareto(0.4, 2.0, 2.0), 2.0, 0.2),
        *spliced(pair(stats.expon()), pair(stats.genpareto(0.4, 2, 2)), 2.0, 0.2),
        2.5,
        cuts=(2.0,),
    ),
    Case(
        "Spliced, with a gap",
        Spliced(Uniform(), Lomax(2.5) + 3, 2.0, 0.3),
        *mix((0.7, *pair(stats.uniform())), (0.3, *pair(stats.lomax(2.5, 3)))),
        2.5,
        cuts=(1.0, 2.0, 3.0),
    ),
    Case(
        "ZeroInflated Spliced",
        ZeroInflated(Spliced(LogNormal(0, 1), Weibull(0.4), 6.0, 0.1), 0.65),
        *mix(
            (0.65, *step((0, 1.0))),
            (0.35, *spliced(pair(stats.lognorm(1)), pair(stats.weibull_min(0.4)), 6.0, 0.1)),
        ),
        atoms=((0.0, 0.65),),
        cuts=(6.0,),
    ),
    Case(
        "Spliced Mixture",
        Spliced(
            Mixture([Constant(0), Uniform(1, 3)], [0.25, 0.75]), Mixture([Pareto(2.5), Lomax(3)], [0.5, 0.5]), 2.0, 0.5
        ),
        *mix(
            (0.2, *step((0, 1.0))),
            (0.3, *pair(stats.uniform(1, 1))),
            (0.5, *between(mix((0.5, *pair(stats.pareto(2.5))), (0.5, *pair(stats.lomax(3)))), 2.0, INF)),
        ),
        2.5,
        atoms=((0.0, 0.2),),
        cuts=(1.0, 2.0),
        draws_are_isf=False,
    ),
    Case("Truncated Pareto, above", Truncated(Pareto(1.5), 1e3), *pair(stats.pareto(1.5, scale=1e3)), 1.5),
    Case("Truncated Pareto", Truncated(Pareto(0.8), 2, 50), *between(pair(stats.pareto(0.8)), 2.0, 50.0)),
    Case("Truncated Lomax", Truncated(Lomax(2.5), 3), *pair(stats.lomax(2.5, 3, 4)), 2.5),
    Case("Truncated LogNormal, above", Truncated(LogNormal(0, 1), 7), *between(pair(stats.lognorm(1)), 7.0, INF)),
    Case("Truncated LogNormal, below", Truncated(LogNormal(0, 1), 0, 0.5), *between(pair(stats.lognorm(1)), 0.0, 0.5)),
    Case(
        "Truncated ZeroInflated",
        Truncated(ZeroInflated(LogNormal(0, 1), 0.5), high=2.0),
        *(
            lambda m: mix(
                (0.5 / (0.5 + 0.5 * m), *step((0, 1.0))),
                (0.5 * m / (0.5 + 0.5 * m), *between(pair(stats.lognorm(1)), 0, 2)),
            )
        )(stats.lognorm(1).cdf(2)),
        atoms=((0.0, 0.5 / (0.5 + 0.5 * stats.lognorm(1).cdf(2))),),
    ),
    Case(
        "Truncated Buckets",
        Truncated(Buckets([0, 1, 3, 10, 20], [0.5, 0.2, 0.15, 0.13, 0.02], "low", Constant(20)), 1, 10),
        *step((1, 0.2 / 0.48), (3, 0.15 / 0.48), (10, 0.13 / 0.48)),
        atoms=((1.0, 0.2 / 0.48), (3.0, 0.15 / 0.48), (10.0, 0.13 / 0.48)),
    ),
    Case("Truncated Normal", Truncated(Normal(1, 2), 0.5), *between(pair(stats.norm(1, 2)), 0.5, INF)),
    Case("Truncated Normal, far", Truncated(Normal(), 6, 9), *between(pair(stats.norm()), 6.0, 9.0)),
    Case(
        "Capped",
        Capped(LogLogistic(0.9), 100.0),
        *capped(log_logistic(0.9), 100.0),
        atoms=((100.0, float(special.expit(-0.9 * np.log(100.0)))),),
    ),
    Case(
        "Capped Mixture",
        Capped(Mixture([Pareto(1.5), Constant(0)], [0.25, 0.75]), 20.0),
        *mix((0.75, *step((0, 1.0))), (0.25, *capped(pair(PARETO), 20.0))),
        atoms=((0.0, 0.75), (20.0, float(0.25 * PARETO.sf(20)))),
        cuts=(1.0,),
        draws_are_isf=False,
    ),
    Case(
        "Truncated Buckets, venture",
        Truncated(VENTURE, 3.0, 200.0),
        *between(VENTURE_PARTS, 3.0, 200.0),
        cuts=(5.0, 10.0, 20.0, 50.0),
    ),
    Case(
        "Truncated Mixture",
        Truncated(Mixture([Pareto(1.5), Uniform(0, 3)], [0.5, 0.5]), 0.5, 20.0),
        *between(mix((0.5, *pair(PARETO)), (0.5, *pair(stats.uniform(0, 3)))), 0.5, 20.0),
        cuts=(1.0, 3.0),
        draws_are_isf=False,
    ),
    Case(
        "Truncated, turned round",
        Truncated(5 - Pareto(2.5), -20.0, 3.0),
        *between(moved(pair(stats.pareto(2.5)), -1, 5), -20.0, 3.0),
    ),
    Case(
        "Affine Truncated Spliced",
        2 * Truncated(Spliced(LogNormal(0, 1), Pareto(1.5), 3.0, 0.3), 1.0, 50.0) - 0.5,
        *moved(between(spliced(pair(stats.lognorm(1)), pair(PARETO), 3.0, 0.3), 1.0, 50.0), 2, -0.5),
        cuts=(5.5,),
    ),
    Case("Affine Pareto", 2 * Pareto(1.5) + 1, *moved(pair(PARETO), 2, 1), 1.5),
    Case("Affine, scale only", 3 * Lomax(2.5), *pair(stats.lomax(2.5, scale=3)), 2.5),
    Case(
        "Affine, turned round",
        4 - Pareto(2.5),
        *moved(pair(stats.pareto(2.5)), -1, 4),
        left_tail_index=2.5,
        draws_are_isf=False,
    ),
    Case("Affine, bounded", 5 - Uniform(0, 2), *pair(stats.uniform(3, 2)), draws_are_isf=False),
    Case(
        "Affine ZeroInflated",
        Affine(ZeroInflated(Pareto(1.5), 0.3), 3.0, 0.1),
        *mix((0.3, *step((0.1, 1.0))), (0.7, *moved(pair(PARETO), 3, 0.1))),
        1.5,
        atoms=((0.1, 0.3),),
        cuts=(3.1,),
    ),
    Case(
        "Affine Empirical, turned round",
        0.3 - 0.1 * Empirical([1.0, 2.0, 3.0, 3.0]),
        *step((0.3 + -0.1 * 3.0, 0.5), (0.3 + -0.1 * 2.0, 0.25), (0.3 + -0.1 * 1.0, 0.25)),
        atoms=((0.3 + -0.1 * 3.0, 0.5), (0.3 + -0.1 * 2.0, 0.25), (0.3 + -0.1 * 1.0, 0.25)),
        draws_are_isf=False,
    ),
    Case("Student 1.5", StudentT(1.5), *student(1.5), 1.5, 1.5),
    Case("Student 1, moved", StudentT(1.0, -2.0, 3.0), *moved(student(1.0), 3.0, -2.0), 1.0, 1.0),
    Case("Student 4.5", StudentT(4.5, 1.0), *moved(student(4.5), 1.0, 1.0), 4.5, 4.5),
    Case("Gamma 0.7", Gamma(0.7, 2.0), *pair(stats.gamma(0.7, scale=2)), ulps=64.0),
    Case("Gamma 30", Gamma(30.0), *pair(stats.gamma(30.0)), ulps=64.0),
    Case("Stable, Levy", Stable(0.5, 1.0, 1.0, 2.0), *pair(stats.levy(1.0, 2.0)), 0.5),
    Case("Stable, Cauchy", Stable(1.0, 0.0, -2.0, 3.0), *moved(student(1.0), 3.0, -2.0), 1.0, 1.0),
    Case("Stable, normal", Stable(2.0, 0.5, 1.0, 3.0), *pair(stats.norm(1.0, 3.0 * np.sqrt(2)))),
    Case("Student 30", StudentT(30.0, 0.0, 0.5), *moved(student(30.0), 0.5, 0.0), 30.0, 30.0),
    Case("Affine of signed", Uniform(-1, 1) + 3, *pair(stats.uniform(2, 2))),
    of("Metalog, unbounded", Metalog((1.0, 2.0)), stats.logistic(1, 2)),
    Case("Metalog, power tail", Metalog((0.0, 0.5), low=0.0), *loglogistic_2(), 2.0),
    of("Metalog, bounded", Metalog((0.0, 1.0), low=0.0, high=1.0), stats.uniform()),
]
