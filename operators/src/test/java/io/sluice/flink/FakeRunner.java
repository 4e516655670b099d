package io.sluice.flink;

import io.sluice.vart.Runner;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A network of one input {@code in} and one output {@code out} that a function stands for. */
public final class FakeRunner implements Runner {
  private final Tensor in;
  private final Tensor out;
  private final UnaryOperator<TensorData> network;
  private final Map<Long, TensorData> jobs = new HashMap<>();
  private long next;

  public FakeRunner(Tensor in, Tensor out, UnaryOperator<TensorData> network) {
    this.in = in;
    this.out = out;
    this.network = network;
  }

  @Override
  public List<Tensor> inputTensors() {
    return List.of(in);
  }

  @Override
  public List<Tensor> outputTensors() {
    return List.of(out);
  }

  @Override
  public synchronized long executeAsync(Map<String, TensorData> inputsByTensorName) {
    jobs.put(next, network.apply(inputsByTensorName.get(in.name())));
    return next++;
  }

  @Override
  public synchronized Map<String, TensorData> await(long jobId, Duration timeout) {
    return Map.of(out.name(), jobs.remove(jobId));
  }

  @Override
  public void close() {}
}
