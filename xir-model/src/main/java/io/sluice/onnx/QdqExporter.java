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
   * The same network as ONNX Runtime's integer kernels want it, weights INT8 and activations UINT8,
   * as a stock quantizer writes it: biases are INT32, what follows a ReLU has its zero at the
   * lowest byte (so nothing saturates at 127), and what follows a ReLU6 has the scale of its full
   * range. Without VNNI these kernels saturate sums of two products at 16 bits, so results can be
   * wrong.
   */
  public static byte[] exportU8s8(Graph graph, List<Op> inputs, List<Op> outputs) {
    return OnnxExporter.export(graph, inputs, outputs, FixExports.Form.KERNELS_U8S8);
  }

  /**
   * The same with activations INT8. On x86 ONNX Runtime makes UINT8 of them unless the session's
   * {@code session.qdqisint8allowed} is 1.
   */
  public static byte[] exportS8s8(Graph graph, List<Op> inputs, List<Op> outputs) {
    return OnnxExporter.export(graph, inputs, outputs, FixExports.Form.KERNELS_S8S8);
  }
}
