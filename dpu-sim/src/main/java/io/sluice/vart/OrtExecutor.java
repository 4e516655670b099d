package io.sluice.vart;

import io.sluice.onnx.OnnxExporter;
import io.sluice.ort.OrtModel;
import io.sluice.xir.Op;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;

/** Executes a subgraph in ONNX Runtime on the CPU. */
final class OrtExecutor implements SubgraphExecutor {
  private final OrtModel model;

  /**
   * @param model an ONNX model whose inputs and outputs have the names, types and shapes given
   * @param place names the subgraph in messages
   * @throws io.sluice.error.SluiceException VART_RUNNER_CONSTRUCTION_FAIL if ONNX Runtime refuses
   *     the model
   */
  OrtExecutor(
      byte[] model,
      List<Tensor> inputs,
      List<Tensor> outputs,
      String place,
      RunnerOptions options) {
    this.model = new OrtModel(model, inputs, outputs, place, options.intraOpThreads());
  }

  /**
   * Exports a stage and prepares it.
   *
   * @throws io.sluice.error.SluiceException ONNX_UNSUPPORTED_OP if an op of the stage has no form
   *     in ONNX; VART_RUNNER_CONSTRUCTION_FAIL if ONNX Runtime refuses the model
   */
  static OrtExecutor of(Stage stage, RunnerOptions options) {
    return new OrtExecutor(
        OnnxExporter.export(stage.graph(), stage.inputs(), stage.outputs()),
        stage.inputs().stream().map(Op::output).toList(),
        stage.outputs().stream().map(Op::output).toList(),
        stage.toString(),
        options);
  }

  @Override
  public Map<String, TensorData> run(Map<String, TensorData> values) {
    return model.run(values);
  }

  @Override
  public void close() {
    model.close();
  }
}
