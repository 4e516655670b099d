package io.sluice.dpu.exact;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;

/** What all readers of {@code -fix} ops share: fix positions, constants, failures. */
final class FixOps {
  private FixOps() {}

  /** The fix position of the tensor that an op produces. */
  static int position(Op op) {
    Tensor tensor = op.output();
    if (!tensor.type().equals(DataType.XINT8)) {
      throw new SluiceException(
          ErrorCode.XIR_INVALID_DATA_TYPE,
          "tensor '" + tensor.name() + "' is " + tensor.type() + ", not XINT8",
          place(op),
          "quantize the model to 8 bits");
    }
    if (!tensor.attrs().has("fix_point")) {
      throw new SluiceException(
          ErrorCode.XIR_UNDEFINED_ATTR,
          "tensor '" + tensor.name() + "' has no fix_point",
          place(op),
          "quantize the model first");
    }
    int position = tensor.attrs().getInt("fix_point");
    if (position < -128 || position > 127) {
      throw outOfRange(op, "fix_point " + position, "keep it within -128..127");
    }
    return position;
  }

  /** The values of a {@code const-fix} op that feeds an argument of another op. */
  static byte[] constant(Op op, String arg) {
    Op source = op.input(arg);
    if (!source.type().equals("const-fix")) {
      throw unsupported(op, arg + " from " + source, "feed it from a const-fix op");
    }
    if (source.attrs().getBytes("data").isEmpty()) {
      throw unexpected(
          op,
          "the " + arg + " in '" + source.name() + "' are empty: moved into the parameter segment",
          "compile the model with reserve_const_data");
    }
    TensorData data = source.constData();
    return data.array();
  }

  static String place(Op op) {
    return "op '" + op.name() + "' (" + op.type() + ")";
  }

  static SluiceException unsupported(Op op, String thing, String remedy) {
    return new SluiceException(ErrorCode.VART_FUNC_NOT_SUPPORT, thing, place(op), remedy);
  }

  static SluiceException unexpected(Op op, String thing, String remedy) {
    return new SluiceException(ErrorCode.XIR_UNEXPECTED_VALUE, thing, place(op), remedy);
  }

  static SluiceException outOfRange(Op op, String thing, String remedy) {
    return new SluiceException(ErrorCode.XIR_OUT_OF_RANGE, thing, place(op), remedy);
  }

  /** Checks that a value which an attribute gives lies in a range. */
  static void range(Op op, String what, int value, int low, int high) {
    if (value < low || value > high) {
      throw outOfRange(
          op, what + " is " + value, "keep it within " + low + ".." + high + ": quantize again");
    }
  }
}
