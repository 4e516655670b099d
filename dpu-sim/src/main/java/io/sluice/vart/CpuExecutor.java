package io.sluice.vart;

import io.sluice.dpu.exact.FixBorder;
import io.sluice.onnx.OnnxExporter;
import io.sluice.ort.OrtModel;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Executes a subgraph on the CPU: its ops in ONNX Runtime, and the {@code float2fix} by which its
 * results go to a DPU in Java, as {@link FixBorder} defines it, so that a NaN is refused and not
 * cast to some integer.
 */
final class CpuExecutor implements SubgraphExecutor {
  private final Stage stage;
  private final OrtModel model;

  private CpuExecutor(Stage stage, OrtModel model) {
    this.stage = stage;
    this.model = model;
  }

  /**
   * Exports a stage and prepares it.
   *
   * @throws io.sluice.error.SluiceException ONNX_UNSUPPORTED_OP if an op of the stage has no form
   *     in ONNX; VART_RUNNER_CONSTRUCTION_FAIL if ONNX Runtime refuses the model
   */
  static CpuExecutor of(Stage stage, RunnerOptions options) {
    Set<Op> computed = new LinkedHashSet<>();
    stage.outputs().forEach(op -> computed.add(isToFix(op) ? op.input() : op));
    stage.inputs().forEach(computed::remove);
    if (computed.isEmpty()) {
      return new CpuExecutor(stage, null);
    }
    List<Op> outputs = List.copyOf(computed);
    return new CpuExecutor(
        stage,
        new OrtModel(
            OnnxExporter.export(stage.graph(), stage.inputs(), outputs),
            stage.inputs().stream().map(Op::output).toList(),
            outputs.stream().map(Op::output).toList(),
            stage.toString(),
            options.intraOpThreads()));
  }

  private static boolean isToFix(Op op) {
    return op.type().equals("float2fix");
  }

  /**
   * @throws io.sluice.error.SluiceException XIR_MEANINGLESS_VALUE if a value that goes to a DPU is
   *     NaN
   */
  @Override
  public Map<String, TensorData> run(Map<String, TensorData> values) {
    Map<String, TensorData> known = new HashMap<>(values);
    if (model != null) {
      known.putAll(model.run(values));
    }
    Map<String, TensorData> results = new LinkedHashMap<>();
    for (Op op : stage.outputs()) {
      String name = op.output().name();
      results.put(
          name,
          isToFix(op)
              ? FixBorder.toFix(
                  known.get(op.input().output().name()), op.output().withAttrs(op.attrs()))
              : known.get(name));
    }
    return results;
  }

  @Override
  public void close() {
    if (model != null) {
      model.close();
    }
  }
}
