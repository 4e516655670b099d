package io.sluice.ort;

import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;

/**
 * Runs on values what runs over memory: values are copied in and out, and what lies between stays
 * where it is. Each concurrent run has memory of its own, bound once and used again. Thread-safe;
 * {@link #close} is called once, when no run is under way.
 */
public final class Lanes implements AutoCloseable {
  private record Lane(TensorBuffers memory, BoundRun run) {}

  private final List<Tensor> inputs;
  private final List<Tensor> outputs;
  private final Function<TensorBuffers, BoundRun> binder;
  private final ConcurrentLinkedDeque<Lane> idle = new ConcurrentLinkedDeque<>();

  /**
   * @param binder binds what is to run to memory, whenever more runs are under way than ever before
   */
  public Lanes(
      List<Tensor> inputs, List<Tensor> outputs, Function<TensorBuffers, BoundRun> binder) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.binder = binder;
  }

  private Lane lane() {
    TensorBuffers memory = new TensorBuffers();
    return new Lane(memory, binder.apply(memory));
  }

  /**
   * @param values at least a value for each input, by name, of its type and shape; or each of so
   *     many times its first dimension, which is so many runs
   * @return the value of each output, by name; those of several runs joined in their first
   *     dimension
   */
  public Map<String, TensorData> run(Map<String, TensorData> values) {
    int runs = inputs.isEmpty() ? 1 : times(values, inputs.get(0));
    Map<String, TensorData> results = new LinkedHashMap<>();
    for (Tensor output : outputs) {
      Shape shape =
          runs == 1 ? output.shape() : output.shape().withDim(0, output.shape().dim(0) * runs);
      byte[] bytes = new byte[Math.multiplyExact(shape.elements(), output.type().bytes())];
      results.put(output.name(), TensorData.wrap(output.type(), shape, bytes));
    }
    Lane next = idle.poll();
    Lane lane = next == null ? lane() : next;
    try {
      for (int run = 0; run < runs; run++) {
        for (Tensor input : inputs) {
          lane.memory().of(input).load(values.get(input.name()), run);
        }
        lane.run().run();
        for (Tensor output : outputs) {
          lane.memory().of(output).store(results.get(output.name()), run);
        }
      }
      return results;
    } finally {
      idle.push(lane);
    }
  }

  private static int times(Map<String, TensorData> values, Tensor input) {
    int one = input.shape().elements();
    return one == 0 ? 1 : values.get(input.name()).shape().elements() / one;
  }

  @Override
  public void close() {
    for (Lane lane = idle.poll(); lane != null; lane = idle.poll()) {
      lane.run().close();
    }
  }
}
