package io.sluice.flink;

import io.sluice.vart.ModelRef;
import io.sluice.vart.Runner;
import java.io.Serializable;

/** Where an inference stage gets its runners from. */
@FunctionalInterface
public interface RunnerSource extends Serializable {
  /** A runner and the duty to give it back. */
  interface Held extends AutoCloseable {
    Runner runner();

    @Override
    void close();
  }

  /**
   * @throws io.sluice.error.SluiceException if the model cannot be read or run
   */
  Held acquire(ModelRef model);
}
