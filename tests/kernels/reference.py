"""Philox4x32-10 and its way to exceedances in whole numbers and fractions: slow, plain, exact."""

from fractions import Fraction

LOW = 0xFFFFFFFF


def round_keys(key):
    """The key is bumped by a Weyl sequence between rounds (Salmon et al. 2011, section 3.3)."""
    return [((key[0] + r * 0x9E3779B9) & LOW, (key[1] + r * 0xBB67AE85) & LOW) for r in range(10)]


def philox(counter, keys):
    """Four words of a counter under ten pairs of round keys."""
    x0, x1, x2, x3 = counter
    for k0, k1 in keys:
        p0, p1 = 0xD2511F53 * x0, 0xCD9E8D57 * x2
        x0, x1, x2, x3 = (p1 >> 32) ^ x1 ^ k0, p1 & LOW, (p0 >> 32) ^ x3 ^ k1, p0 & LOW
    return x0, x1, x2, x3


def exceedance(words):
    """The exceedance that successive 64-bit words make; None where they end too early."""
    lead = 0
    for depth, w in enumerate(words):
        if lead or w >> 32 or depth == 16:
            value = Fraction(lead << 64 | w | 1, 1 << 64 * (depth + 1))
            return max(value.numerator / value.denominator, 2.0**-1074)
        lead = w
    return None


def pair_and_half(lane):
    """The lane pair that serves a lane of a block, and which half of its words."""
    tile, r = divmod(lane, 1024)
    return tile * 512 + r // 512 * 256 + r % 256, r % 512 // 256


def exceedance_at(lane, block, bet, keys, tag=0):
    """The exceedance of an address."""
    pair, half = pair_and_half(lane)
    words = []
    for depth in range(17):
        out = philox((pair, block, bet, tag + depth), keys)
        words.append(out[2 * half] << 32 | out[2 * half + 1])
        if (v := exceedance(words)) is not None:
            return v
    raise AssertionError("the seventeenth word ends every row")
