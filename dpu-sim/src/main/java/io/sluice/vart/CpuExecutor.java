package io.sluice.vart;

import io.sluice.dpu.exact.FixBorder;
import io.sluice.onnx.ExportPart;
import io.sluice.onnx.OnnxExporter;
import io.sluice.ort.OrtModel;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import io.sluice.xir.custom.CustomStep;
import io.sluice.xir.custom.OpImplementations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Executes a subgraph on the CPU: its ops in ONNX Runtime, those that ONNX has no form for by their
 * {@link io.sluice.xir.custom.OpImplementation}, and the {@code float2fix} by which its results go
 * to a DPU in Java, as {@link FixBorder} defines it, so that a NaN is refused and not cast to some
 * integer.
 */
final class CpuExecutor implements SubgraphExecutor {
  /** Adds what it computes to the values that are known. */
  private interface Step extends AutoCloseable {
    void run(Map<String, TensorData> known);

    @Override
    void close();
  }

  private final Stage stage;
  private final List<Step> steps;

  private CpuExecutor(Stage stage, List<Step> steps) {
    this.stage = stage;
    this.steps = steps;
  }

  /**
   * Exports a stage and prepares it.
   *
   * @throws io.sluice.error.SluiceException ONNX_UNSUPPORTED_OP if an op of the stage has neither a
   *     form in ONNX nor an implementation; VART_RUNNER_CONSTRUCTION_FAIL if ONNX Runtime refuses
   *     the model
   */
  static CpuExecutor of(Stage stage, RunnerOptions options) {
    Set<Op> computed = new LinkedHashSet<>();
    stage.outputs().forEach(op -> computed.add(isToFix(op) ? op.input() : op));
    stage.inputs().forEach(computed::remove);
    List<Step> steps = new ArrayList<>();
    if (computed.isEmpty()) {
      return new CpuExecutor(stage, steps);
    }
    try {
      for (ExportPart part : ExportPart.of(stage.graph(), stage.inputs(), List.copyOf(computed))) {
        steps.add(
            part instanceof ExportPart.Model model
                ? model(stage, model, options)
                : custom((ExportPart.Single) part));
      }
      return new CpuExecutor(stage, List.copyOf(steps));
    } catch (RuntimeException | Error e) {
      steps.forEach(Step::close);
      throw e;
    }
  }

  private static Step model(Stage stage, ExportPart.Model part, RunnerOptions options) {
    OrtModel model =
        new OrtModel(
            OnnxExporter.export(stage.graph(), part.inputs(), part.outputs()),
            part.inputs().stream().map(Op::output).toList(),
            part.outputs().stream().map(Op::output).toList(),
            stage.toString(),
            options.intraOpThreads());
    return new Step() {
      @Override
      public void run(Map<String, TensorData> known) {
        known.putAll(model.run(known));
      }

      @Override
      public void close() {
        model.close();
      }
    };
  }

  private static Step custom(ExportPart.Single part) {
    CustomStep step = OpImplementations.onClassPath().bind(part.op());
    return new Step() {
      @Override
      public void run(Map<String, TensorData> known) {
        TensorData result =
            step.run(in -> part.constants().getOrDefault(in, known.get(in.output().name())));
        known.put(part.op().output().name(), result);
      }

      @Override
      public void close() {}
    };
  }

  private static boolean isToFix(Op op) {
    return op.type().equals("float2fix");
  }

  /**
   * @throws io.sluice.error.SluiceException XIR_MEANINGLESS_VALUE if a value that goes to a DPU is
   *     NaN; and what an implementation throws
   */
  @Override
  public Map<String, TensorData> run(Map<String, TensorData> values) {
    Map<String, TensorData> known = new HashMap<>(values);
    steps.forEach(step -> step.run(known));
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
    steps.forEach(Step::close);
  }
}
