package io.sluice.compile;

import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which values of a quantized graph lie on an 8-bit grid, and where: the outputs of {@code fix}
 * ops, and what ops that only move or select values make of those.
 */
final class FixPositions {
  /** Ops whose results are a selection of their input's values. */
  static final Set<String> PRESERVING =
      Set.of(
          "concat",
          "flatten",
          "gstiling",
          "identity",
          "maxpool2d",
          "pixel-shuffle",
          "reduction_max",
          "reorg",
          "reshape",
          "squeeze",
          "stack",
          "strided_slice",
          "transpose");

  private final Map<Op, OptionalInt> positions = new HashMap<>();

  /** The position of an op's value; empty if it is not on an 8-bit grid. */
  OptionalInt of(Op op) {
    OptionalInt known = positions.get(op);
    if (known == null) {
      known = compute(op);
      positions.put(op, known);
    }
    return known;
  }

  private OptionalInt compute(Op op) {
    if (isFix(op)) {
      return OptionalInt.of(op.attrs().getInt("fix_point"));
    }
    if (!preserves(op)) {
      return OptionalInt.empty();
    }
    List<OptionalInt> inputs = op.inputs("input").stream().map(this::of).distinct().toList();
    return inputs.size() == 1 ? inputs.get(0) : OptionalInt.empty();
  }

  /** Whether an op's result is a selection of its input's values. */
  static boolean preserves(Op op) {
    return PRESERVING.contains(op.type())
        || Movement.isZeroPad(op)
        || (op.type().equals("resize") && op.attrs().getString("mode", "").equals("NEAREST"));
  }

  /** Whether an op is a {@code fix} to signed integers of 8 bits. */
  static boolean isFix(Op op) {
    return op.type().equals("fix")
        && op.attrs().getInt("bit_width") == 8
        && op.attrs().getBool("if_signed");
  }

  /** Whether an op is a constant, or the fix of one. */
  static boolean isConst(Op op) {
    return op.type().equals("const") || (op.type().equals("fix") && isConst(op.input()));
  }

  /** A constant that a {@code fix} op puts on the grid, as stored integers. */
  static Optional<FixedTensor> constant(Op op) {
    if (!isFix(op) || !op.input().type().equals("const")) {
      return Optional.empty();
    }
    Op source = op.input();
    return Optional.of(
        new FixedTensor(
            source.name(),
            source.output().shape(),
            op.attrs().getInt("fix_point"),
            () -> stored(source, op.attrs())));
  }

  private static TensorData stored(Op source, Attrs fix) {
    int position = fix.getInt("fix_point");
    float[] values = source.constData().toFloats();
    byte[] stored = new byte[values.length];
    boolean halfToEven = fix.getString("round_mode").equals("PY3_ROUND");
    boolean dpu = fix.getString("round_mode").equals("DPU_ROUND");
    for (int i = 0; i < values.length; i++) {
      double scaled = Math.scalb((double) values[i], position);
      double rounded =
          halfToEven
              ? Math.rint(scaled)
              : dpu
                  ? Math.floor(scaled + 0.5)
                  : Math.copySign(Math.floor(Math.abs(scaled) + 0.5), scaled);
      stored[i] = (byte) Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, rounded));
    }
    return TensorData.wrap(DataType.XINT8, source.output().shape(), stored);
  }

  /** The same constant as floats on the grid. */
  static TensorData dequantized(FixedTensor fixed) {
    TensorData data = fixed.data();
    float[] values = new float[data.shape().elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.scalb((float) data.getByte(i), -fixed.position());
    }
    return TensorData.ofFloats(data.shape(), values);
  }
}
