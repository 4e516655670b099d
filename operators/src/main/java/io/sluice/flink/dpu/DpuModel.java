package io.sluice.flink.dpu;

import io.sluice.dpu.exact.FixBorder;
import io.sluice.dpu.timing.ModelProfile;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.vart.ModelRef;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.RoundMode;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import io.sluice.xir.XModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.core.fs.Path;

/**
 * A compiled model as a DPU node knows it when the job is submitted.
 *
 * @param ref the XMODEL
 * @param profile what its service time depends on
 * @param inputPosition the fix position of its one input, which is XINT8; null if it takes floats
 */
public record DpuModel(ModelRef ref, ModelProfile profile, Integer inputPosition)
    implements Serializable {

  /**
   * Reads what is needed of an XMODEL, through Flink's file systems.
   *
   * @throws SluiceException VART_FAILED_FILE_OPERATION if it cannot be read, VART_XMODEL_ERROR if
   *     it is not compiled, VART_TENSOR_INFO_ERROR if it has not one input, or what {@link
   *     XModel#read(InputStream, String, long)} throws
   */
  public static DpuModel read(ModelRef ref) {
    Path path = new Path(ref.uri());
    try (InputStream in = path.getFileSystem().open(path)) {
      return of(ref, XModel.read(in, ref.uri(), XModel.MAX_BYTES));
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.VART_FAILED_FILE_OPERATION,
          "cannot read the model: " + e,
          "model " + ref,
          "check that the URI can be read from this machine",
          e);
    }
  }

  static DpuModel of(ModelRef ref, Graph graph) {
    List<Op> inputs = graph.inputs();
    if (inputs.size() != 1) {
      throw new SluiceException(
          ErrorCode.VART_TENSOR_INFO_ERROR,
          inputs.size() + " inputs",
          "model " + ref,
          "give a DPU node a model with one");
    }
    Tensor input = inputs.get(0).output();
    return new DpuModel(
        ref,
        ModelProfile.of(graph),
        input.type().equals(DataType.XINT8) ? input.attrs().getInt("fix_point") : null);
  }

  /** Images that a unit takes at once. */
  int batch() {
    return profile.target().batch();
  }

  /**
   * The input as the model takes it: floats are brought to the fix position, with halves rounded
   * up, as the host of a DPU does.
   *
   * @throws SluiceException XIR_MEANINGLESS_VALUE for a NaN
   */
  TensorData input(TensorData value) {
    return inputPosition == null || !value.type().equals(DataType.FLOAT32)
        ? value
        : FixBorder.toFix(value, inputPosition, DataType.XINT8, RoundMode.DPU_ROUND);
  }
}
