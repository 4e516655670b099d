package io.sluice.flink.dpu;

import io.sluice.flink.Packet;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where and when the tensors of a batch are computed. All methods are called by the task thread.
 */
interface Computing extends AutoCloseable {
  /** A batch began, so its results are wanted at its finish. */
  void begin(Batch batch);

  /** A result for each request in order; none yet if they are still being computed. */
  Optional<List<Packet>> results(Batch batch);

  /** The results are not wanted any more. */
  void cancel(Batch batch);

  @Override
  void close();

  /** Computes nothing: the requests are their own results. */
  static Computing nothing() {
    return atFinish(request -> request);
  }

  /** Computes when the results are asked for, on the task thread. */
  static Computing atFinish(UnaryOperator<Packet> network) {
    return new Computing() {
      @Override
      public void begin(Batch batch) {}

      @Override
      public Optional<List<Packet>> results(Batch batch) {
        return Optional.of(batch.requests().stream().map(Request::packet).map(network).toList());
      }

      @Override
      public void cancel(Batch batch) {}

      @Override
      public void close() {}
    };
  }
}
