package io.sluice.dpu.exact;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.ort.BoundRun;
import io.sluice.ort.TensorBuffer;
import io.sluice.xir.DataType;
import io.sluice.xir.RoundMode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The loop of {@code float2fix}.
 *
 * <p>DPU_ROUND, which every image goes through, is floor(y + 0.5) without a call: a double holds y
 * + 1024.5 exactly wherever it matters - next to a half below 256, a float times a power of two
 * needs no bit below 2^-26, and there the sum has bits down to 2^-42 - and the cast to int cuts off
 * what is then positive, saturates, and gives 0 for a NaN.
 */
record FixRounding(double scale, int low, int high, RoundMode rounding) {
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int OFFSET = 1024;

  /** Values that go through arrays at a time, from memory to memory. */
  private static final int CHUNK = 2048;

  static FixRounding of(DataType from, int position, DataType type, RoundMode rounding) {
    if (!type.isFixedPoint() || type.bits() > 8 || !from.equals(DataType.FLOAT32)) {
      throw new SluiceException(
          ErrorCode.XIR_INVALID_DATA_TYPE,
          from + " to " + type,
          "float to fix",
          "convert FLOAT32 to at most 8 bits");
    }
    boolean signed = type.kind() == DataType.Kind.XINT;
    return new FixRounding(
        Math.scalb(1.0, position),
        signed ? -(1 << (type.bits() - 1)) : 0,
        (signed ? 1 << (type.bits() - 1) : 1 << type.bits()) - 1,
        rounding);
  }

  /**
   * Rounds the first values of an array into another.
   *
   * @param first index of the first value in the tensor
   * @param tensor names it in messages
   */
  void round(byte[] floats, byte[] fixed, int count, int first, Object tensor) {
    int bad =
        rounding == RoundMode.DPU_ROUND
            ? halfUp(floats, fixed, count, scale, low + OFFSET, high + OFFSET)
            : byMode(floats, fixed, count);
    if (bad >= 0) {
      throw new SluiceException(
          ErrorCode.XIR_MEANINGLESS_VALUE,
          "NaN at index " + (first + bad) + " of " + tensor,
          "float to fix",
          "look for the op that made it");
    }
  }

  /** The index of a NaN; -1 if there is none. */
  private static int halfUp(
      byte[] floats, byte[] fixed, int count, double scale, int low, int high) {
    for (int i = 0; i < count; i++) {
      float value = (float) FLOAT.get(floats, i * Float.BYTES);
      int shifted = (int) (value * scale + (OFFSET + 0.5));
      if (shifted == 0 && Float.isNaN(value)) {
        return i;
      }
      fixed[i] = (byte) (Math.max(low, Math.min(high, shifted)) - OFFSET);
    }
    return -1;
  }

  private int byMode(byte[] floats, byte[] fixed, int count) {
    for (int i = 0; i < count; i++) {
      float value = (float) FLOAT.get(floats, i * Float.BYTES);
      if (Float.isNaN(value)) {
        return i;
      }
      fixed[i] = (byte) (int) Math.max(low, Math.min(high, rounding.round(value * scale)));
    }
    return -1;
  }

  /** Rounds from memory to memory. */
  BoundRun bind(TensorBuffer values, TensorBuffer fixed) {
    ByteBuffer from = values.bytes();
    ByteBuffer to = fixed.bytes();
    byte[] floats = new byte[CHUNK * Float.BYTES];
    byte[] rounded = new byte[CHUNK];
    return () -> {
      for (int at = 0; at < to.capacity(); at += CHUNK) {
        int count = Math.min(CHUNK, to.capacity() - at);
        from.get(at * Float.BYTES, floats, 0, count * Float.BYTES);
        round(floats, rounded, count, at, values);
        to.put(at, rounded, 0, count);
      }
    };
  }
}
