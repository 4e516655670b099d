package io.sluice.vart;

import io.sluice.dpu.exact.FixBorder;
import io.sluice.onnx.ExportPart;
import io.sluice.onnx.OnnxExporter;
import io.sluice.ort.BoundRun;
import io.sluice.ort.OrtModel;
import io.sluice.ort.TensorBuffer;
import io.sluice.ort.TensorBuffers;
import io.sluice.xir.Op;
import io.sluice.xir.Tensor;
import io.sluice.xir.custom.CustomStep;
import io.sluice.xir.custom.OpImplementations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Executes a subgraph on the CPU: its ops in ONNX Runtime, those that ONNX has no form for by their
 * {@link io.sluice.xir.custom.OpImplementation}, and the {@code float2fix} by which its results go
 * to a DPU in Java, as {@link FixBorder} defines it, so that a NaN is refused and not cast to some
 * integer.
 */
final class CpuExecutor implements SubgraphExecutor {
  /** One of the models and custom ops. */
  private interface Step extends AutoCloseable {
    BoundRun bind(TensorBuffers memory);

    @Override
    default void close() {}
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
      public BoundRun bind(TensorBuffers memory) {
        return model.bind(memory);
      }

      @Override
      public void close() {
        model.close();
      }
    };
  }

  private static Step custom(ExportPart.Single part) {
    CustomStep step = OpImplementations.onClassPath().bind(part.op());
    return memory -> {
      Map<Op, TensorBuffer> reads = new HashMap<>();
      for (Op in : part.op().allInputs()) {
        if (!part.constants().containsKey(in)) {
          reads.put(in, memory.of(in.output()));
        }
      }
      TensorBuffer result = memory.of(part.op().output());
      return () ->
          result.set(
              step.run(
                  in -> reads.containsKey(in) ? reads.get(in).get() : part.constants().get(in)));
    };
  }

  private static boolean isToFix(Op op) {
    return op.type().equals("float2fix");
  }

  /**
   * A run throws SluiceException XIR_MEANINGLESS_VALUE if a value that goes to a DPU is NaN; and
   * what an implementation throws.
   */
  @Override
  public BoundRun bind(TensorBuffers memory) {
    List<Function<TensorBuffers, BoundRun>> runs = new ArrayList<>();
    steps.forEach(step -> runs.add(step::bind));
    for (Op op : stage.outputs()) {
      if (isToFix(op)) {
        Tensor fixed = op.output().withAttrs(op.attrs());
        runs.add(m -> FixBorder.toFix(m.of(op.input().output()), m.of(fixed)));
      }
    }
    return BoundRun.inTurn(memory, runs);
  }

  @Override
  public void close() {
    steps.forEach(Step::close);
  }
}
