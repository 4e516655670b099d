package io.sluice.flink;

import io.sluice.vart.Runner;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A network of one input that a function stands for. */
public final class FakeRunner implements Runner {
  private final Tensor in;
  private final List<Tensor> outs;
  private final Function<TensorData, List<TensorData>> network;
  private final Map<Long, List<TensorData>> jobs = new HashMap<>();
  private long next;

  public FakeRunner(Tensor in, Tensor out, UnaryOperator<TensorData> network) {
    this(in, List.of(out), value -> List.of(network.apply(value)));
  }

  /** A network that gives a tensor for each of several outputs. */
  public FakeRunner(Tensor in, List<Tensor> outs, Function<TensorData, List<TensorData>> network) {
    this.in = in;
    this.outs = List.copyOf(outs);
    this.network = network;
  }

  @Override
  public List<Tensor> inputTensors() {
    return List.of(in);
  }

  @Override
  public List<Tensor> outputTensors() {
    return outs;
  }

  @Override
  public synchronized long executeAsync(Map<String, TensorData> inputsByTensorName) {
    jobs.put(next, network.apply(inputsByTensorName.get(in.name())));
    return next++;
  }

  @Override
  public synchronized Map<String, TensorData> await(long jobId, Duration timeout) {
    List<TensorData> values = jobs.remove(jobId);
    Map<String, TensorData> byName = new HashMap<>();
    for (int i = 0; i < outs.size(); i++) {
      byName.put(outs.get(i).name(), values.get(i));
    }
    return byName;
  }

  @Override
  public void close() {}
}
