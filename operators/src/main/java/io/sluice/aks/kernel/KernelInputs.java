package io.sluice.aks.kernel;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.DataType;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.List;

/** Checks of what a kernel is given, with errors that say what it wants. */
public final class KernelInputs {
  private KernelInputs() {}

  /** The only tensor of a kernel that takes one. */
  public static TensorData only(List<TensorData> inputs) {
    return exactly(inputs, 1).get(0);
  }

  /** The tensors if they are as many as said. */
  public static List<TensorData> exactly(List<TensorData> inputs, int count) {
    if (inputs.size() != count) {
      throw unfit(
          inputs.size() + " tensors " + inputs, count + (count == 1 ? " tensor" : " tensors"));
    }
    return inputs;
  }

  /**
   * The values of a FLOAT32 tensor whose shape fits; -1 in {@code dims} fits any size.
   *
   * @throws SluiceException XIR_SHAPE_UNMATCH
   */
  public static float[] floats(TensorData tensor, int... dims) {
    boolean fits = tensor.type().equals(DataType.FLOAT32) && tensor.shape().rank() == dims.length;
    for (int i = 0; fits && i < dims.length; i++) {
      fits = dims[i] < 0 || tensor.shape().dim(i) == dims[i];
    }
    if (!fits) {
      throw unfit(tensor.toString(), "FLOAT32 " + Arrays.toString(dims));
    }
    return tensor.toFloats();
  }

  /** What to throw for tensors of another shape or type: XIR_SHAPE_UNMATCH. */
  public static SluiceException unfit(String given, String wanted) {
    return new SluiceException(
        ErrorCode.XIR_SHAPE_UNMATCH,
        given + " where " + wanted + " is wanted",
        "kernel input",
        "connect the node whose outputs the kernel is made for");
  }

  /** What to throw for a value that no arithmetic helps: SLUICE_STAGE_FAILED. */
  public static SluiceException unusable(String what) {
    return new SluiceException(
        ErrorCode.SLUICE_STAGE_FAILED,
        what,
        "kernel input",
        "look for the node before that made it");
  }
}
