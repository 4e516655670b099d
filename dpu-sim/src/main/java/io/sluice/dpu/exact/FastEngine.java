package io.sluice.dpu.exact;

import io.sluice.ort.BoundRun;
import io.sluice.ort.Lanes;
import io.sluice.ort.OrtModel;
import io.sluice.ort.TensorBuffer;
import io.sluice.ort.TensorBuffers;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Runs a subgraph in ONNX Runtime where that is proved equal to the reference, and the rest in the
 * reference.
 *
 * <p>Sums are done in integers where the processor is exact in them: {@link ByteArithmetic}. Else
 * in floats: a float32 holds every integer up to 2^24, and scaling by a power of two only moves its
 * exponent. So a float graph over integer values computes integers, and it computes the right ones
 * as long as no intermediate result needs more bits. That is shown for every op when the engine is
 * made, from the weights and from what the op's producers can give: {@link AccumulatorBound} for
 * sums, {@link FloatArithmetic} for rounding and activations, {@link ByteFunctionProof} and {@link
 * ByteSum} by trying all arguments. Nothing is left to random tests, which do not see a bound that
 * is exceeded.
 */
final class FastEngine extends ProgramEngine {
  private final FastPlan plan;
  private final List<OrtModel> models = new ArrayList<>();
  private final Lanes lanes = new Lanes(inputs(), outputs(), this::bind);

  FastEngine(FixProgram program, FloatArithmetic arithmetic, int intraOpThreads) {
    this(program, new Lowerings(arithmetic), intraOpThreads);
  }

  FastEngine(FixProgram program, Lowerings lowerings, int intraOpThreads) {
    super(program);
    this.plan = FastPlan.of(program, lowerings);
    try {
      for (int stage = 0; stage < plan.stages().size(); stage++) {
        models.add(model(stage, lowerings, intraOpThreads));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private OrtModel model(int index, Lowerings lowerings, int intraOpThreads) {
    FastPlan.Stage stage = plan.stages().get(index);
    if (stage.lowered().isEmpty()) {
      return null;
    }
    FloatGraph graph = new FloatGraph();
    Map<String, FloatGraph.Value> values = new HashMap<>();
    List<Tensor> inputs = FastPlan.inputs(stage, program());
    List<Tensor> outputs = plan.outputs(index, program());
    inputs.forEach(tensor -> values.put(tensor.name(), graph.input(tensor)));
    for (FixProgram.Step step : stage.lowered()) {
      List<ValueRange> ranges =
          step.inputs().stream()
              .map(in -> plan.ranges().getOrDefault(in, ValueRange.INT8))
              .toList();
      List<FloatGraph.Value> arguments = step.inputs().stream().map(values::get).toList();
      values.put(
          step.output(),
          lowerings.of(step.kernel()).lower(step.kernel(), arguments, ranges, graph));
    }
    outputs.forEach(tensor -> graph.output(tensor, values.get(tensor.name())));
    String place = "DPU subgraph from op '" + stage.lowered().get(0).op().name() + "'";
    boolean blocks = !lowerings.inBytes();
    return new OrtModel(graph.toBytes(), inputs, outputs, place, intraOpThreads, blocks);
  }

  @Override
  public Map<String, String> refused() {
    return plan.refused();
  }

  @Override
  Map<String, TensorData> compute(Map<String, TensorData> inputs) {
    return lanes.run(inputs);
  }

  @Override
  public BoundRun bind(TensorBuffers memory) {
    program().constants().forEach((name, value) -> memory.of(program().tensor(name)).set(value));
    List<Function<TensorBuffers, BoundRun>> steps = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      if (models.get(i) != null) {
        steps.add(models.get(i)::bind);
      }
      plan.stages().get(i).reference().forEach(step -> steps.add(buffers -> bind(step, buffers)));
    }
    return BoundRun.inTurn(memory, steps);
  }

  /** An op by its definition. */
  private BoundRun bind(FixProgram.Step step, TensorBuffers memory) {
    List<TensorBuffer> arguments =
        step.inputs().stream().map(name -> memory.of(program().tensor(name))).toList();
    TensorBuffer result = memory.of(step.op().output());
    return () -> result.set(step.kernel().run(arguments.stream().map(TensorBuffer::get).toList()));
  }

  @Override
  public void close() {
    lanes.close();
    for (OrtModel model : models) {
      if (model != null) {
        model.close();
      }
    }
  }
}
