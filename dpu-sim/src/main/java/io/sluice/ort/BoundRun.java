package io.sluice.ort;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What computes over memory that it was bound to once. For one thread at a time; closed before what
 * it was bound of.
 */
public interface BoundRun extends AutoCloseable {
  /** Reads its inputs from the memory and writes its outputs into it. */
  void run();

  @Override
  default void close() {}

  /** What several bind, to be run one after another; closing closes all. */
  static BoundRun inTurn(
      TensorBuffers memory, List<? extends Function<TensorBuffers, BoundRun>> binders) {
    List<BoundRun> bound = new ArrayList<>();
    BoundRun all =
        new BoundRun() {
          @Override
          public void run() {
            bound.forEach(BoundRun::run);
          }

          @Override
          public void close() {
            bound.forEach(BoundRun::close);
          }
        };
    try {
      binders.forEach(binder -> bound.add(binder.apply(memory)));
      return all;
    } catch (RuntimeException | Error e) {
      all.close();
      throw e;
    }
  }
}
