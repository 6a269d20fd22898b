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


@intrinsic
def wide(typingctx):
    """Ask for the widest vectors the CPU has in this function; LLVM halves AVX-512 by default."""

    def codegen(context, builder, signature, args):
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.void(), codegen


@intrinsic
def le_bits(typingctx, values, start, q):
    """64 bits: which of values[start : start + 64] are at most q, the first in the lowest bit."""
    if not isinstance(values, types.Array):
        return None
    signature = types.uint64(values, types.uint64, types.float64)

    def codegen(context, builder, signature, args):
        vector = ir.VectorType(_F64, 64)
        array = context.make_array(signature.args[0])(context, builder, args[0])
        address = builder.bitcast(builder.gep(array.data, [args[1]]), vector.as_pointer())
        lane = ir.IntType(32)
        undefined = ir.Constant(vector, ir.Undefined)
        first = builder.insert_element(undefined, args[2], ir.Constant(lane, 0))
        bound = builder.shuffle_vector(first, undefined, ir.Constant(ir.VectorType(lane, 64), [0] * 64))
        return builder.bitcast(builder.fcmp_ordered("<=", builder.load(address, align=8), bound), _U64)

    return signature, codegen


@intrinsic
def trailing_zeros(typingctx, u):
    """Position of the lowest set bit."""

    def codegen(context, builder, signature, args):
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), codegen
