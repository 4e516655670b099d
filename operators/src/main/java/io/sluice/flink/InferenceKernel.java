package io.sluice.flink;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.vart.ModelRef;
import io.sluice.vart.Runner;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs a network with one input that exists in several fixed shapes: a model per width of the input
 * (axis 2 of NHWC), leased when the first packet of that width comes.
 */
public final class InferenceKernel implements PacketKernel {
  private static final long serialVersionUID = 1L;

  private final TreeMap<Integer, ModelRef> modelsByWidth;
  private final RunnerSource source;
  private final String input;
  private final List<String> outputs;
  private transient Map<Integer, RunnerSource.Held> held;

  /**
   * @param input name of the tensor taken; it is not handed on
   * @param outputs names of the tensors made, as many as the network gives, in the order of {@link
   *     Runner#outputTensors}
   */
  public InferenceKernel(
      Map<Integer, ModelRef> modelsByWidth,
      RunnerSource source,
      String input,
      List<String> outputs) {
    this.modelsByWidth = new TreeMap<>(modelsByWidth);
    this.source = source;
    this.input = input;
    this.outputs = List.copyOf(outputs);
  }

  /** A network with one output. */
  public InferenceKernel(
      Map<Integer, ModelRef> modelsByWidth, RunnerSource source, String input, String output) {
    this(modelsByWidth, source, input, List.of(output));
  }

  @Override
  public void open() {
    held = new HashMap<>();
  }

  @Override
  public boolean takes(Packet packet) {
    return packet.has(input);
  }

  @Override
  public List<Packet> apply(Packet packet) {
    TensorData value = packet.tensor(input);
    Runner runner = runner(value);
    Map<String, TensorData> made =
        runner.execute(Map.of(runner.inputTensors().get(0).name(), value));
    Packet result = packet.without(input);
    for (int i = 0; i < outputs.size(); i++) {
      result = result.with(outputs.get(i), made.get(runner.outputTensors().get(i).name()));
    }
    return List.of(result);
  }

  /**
   * Leases every model and runs it once, on zeros.
   *
   * @throws SluiceException if a model cannot be read or run
   */
  public void warmUp() {
    for (int width : modelsByWidth.keySet()) {
      Runner runner = runner(width, "of width " + width);
      Tensor input = runner.inputTensors().get(0);
      byte[] zeros = new byte[input.shape().elements() * input.type().bytes()];
      runner.execute(Map.of(input.name(), TensorData.wrap(input.type(), input.shape(), zeros)));
    }
  }

  private Runner runner(TensorData value) {
    return runner(value.shape().rank() < 3 ? -1 : value.shape().dim(2), value.toString());
  }

  private Runner runner(int width, String value) {
    ModelRef model = modelsByWidth.get(width);
    if (model == null) {
      throw new SluiceException(
          ErrorCode.VART_SIZE_MISMATCH,
          "no model for an input of " + value + ", only for the widths " + modelsByWidth.keySet(),
          "tensor '" + input + "'",
          "import the model for this width");
    }
    RunnerSource.Held lease = held.get(width);
    if (lease == null) {
      lease = source.acquire(model);
      held.put(width, lease);
      requireBorders(lease.runner(), model);
    }
    return lease.runner();
  }

  private void requireBorders(Runner runner, ModelRef model) {
    if (runner.inputTensors().size() != 1 || runner.outputTensors().size() != outputs.size()) {
      throw new SluiceException(
          ErrorCode.VART_TENSOR_INFO_ERROR,
          runner.inputTensors().size()
              + " inputs and "
              + runner.outputTensors().size()
              + " outputs",
          "model " + model,
          "give a model with 1 input and " + outputs.size() + " outputs");
    }
  }

  @Override
  public void close() {
    if (held != null) {
      held.values().forEach(RunnerSource.Held::close);
      held.clear();
    }
  }
}
