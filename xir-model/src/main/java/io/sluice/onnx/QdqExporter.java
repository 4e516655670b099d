package io.sluice.onnx;

import io.sluice.error.SluiceException;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.List;

/**
 * Writes a graph with {@code fix} ops as a standard ONNX model of QuantizeLinear and
 * DequantizeLinear pairs: INT8, one scale per tensor, a power of two, zero point 0; weights and
 * biases as INT8 constants behind a DequantizeLinear. ONNX rounds half to even where a DPU rounds
 * half up, so at ties the two differ by one step.
 */
public final class QdqExporter {
  private QdqExporter() {}

  /**
   * A model that computes {@code outputs} from {@code inputs}; names and shapes as {@link
   * OnnxExporter#export(Graph, List, List)} gives them.
   *
   * @throws SluiceException ONNX_UNSUPPORTED_OP for an op that has no form in ONNX or a {@code fix}
   *     that is not signed and 8 bits wide
   */
  public static byte[] export(Graph graph, List<Op> inputs, List<Op> outputs) {
    return OnnxExporter.export(graph, inputs, outputs, FixExports.Form.QDQ);
  }

  /**
   * The same with activations as UINT8 whose zero is 128, for which ONNX Runtime has faster kernels
   * on x86; without VNNI these saturate sums of two products at 16 bits, so results can be wrong.
   */
  public static byte[] exportUnsigned(Graph graph, List<Op> inputs, List<Op> outputs) {
    return OnnxExporter.export(graph, inputs, outputs, FixExports.Form.QDQ_UINT8);
  }
}
