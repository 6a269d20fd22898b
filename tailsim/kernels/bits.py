"""Intrinsics the kernels are made of: bit casts, one-rounding fma, maxnum, masks as numbers.

Each lowers to one instruction that rounds the same way on every CPU, vectorised or not.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

_F64 = ir.DoubleType()
_U64 = ir.IntType(64)


@intrinsic
def bits_of(typingctx, x):
    """The 64 bits of a double."""

    def codegen(context, builder, signature, args):
        return builder.bitcast(args[0], _U64)

    return types.uint64(types.float64), codegen


@intrinsic
def double_of(typingctx, u):
    """The double with these 64 bits."""

    def codegen(context, builder, signature, args):
        return builder.bitcast(args[0], _F64)

    return types.float64(types.uint64), codegen


@intrinsic
def fma(typingctx, x, y, z):
    """x * y + z, rounded once."""

    def codegen(context, builder, signature, args):
        return builder.fma(*args)

    return types.float64(types.float64, types.float64, types.float64), codegen


def _pick(predicate):
    """An intrinsic ``x <predicate> y ? a : b`` that stays a blend."""

    @intrinsic
    def pick(typingctx, x, y, a, b):
        def codegen(context, builder, signature, args):
            return builder.select(builder.fcmp_ordered(predicate, args[0], args[1]), args[2], args[3])

        return types.float64(types.float64, types.float64, types.float64, types.float64), codegen

    return pick


pick_gt = _pick(">")
pick_le = _pick("<=")


@intrinsic
def larger(typingctx, x, y):
    """max(x, y) as one instruction; a plain comparison becomes a masked store."""

    def codegen(context, builder, signature, args):
        signature = ir.FunctionType(_F64, [_F64, _F64])
        return builder.call(cgutils.get_or_insert_function(builder.module, signature, "llvm.maxnum.f64"), args)

    return types.float64(types.float64, types.float64), codegen


@intrinsic
def le_mask(typingctx, x, y):
    """1 where x <= y, else 0, as an unsigned integer."""

    def codegen(context, builder, signature, args):
        return builder.zext(builder.fcmp_ordered("<=", args[0], args[1]), _U64)

    return types.uint64(types.float64, types.float64), codegen
