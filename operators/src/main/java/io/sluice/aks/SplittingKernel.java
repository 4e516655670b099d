package io.sluice.aks;

import io.sluice.xir.TensorData;
import java.io.IOException;
import java.util.List;

/**
 * A kernel that makes parts of a job, e.g. of a page its lines. The nodes after it, up to one of a
 * {@link JoiningKernel}, are called for each part.
 */
public interface SplittingKernel extends Kernel {
  /** No job has more parts. */
  int MAX_PARTS = 100_000;

  /**
   * As {@link #apply}, for each part a list of tensors.
   *
   * @param job what is set on it goes with every part
   * @return at most {@link #MAX_PARTS}; for an empty list the joining kernel is called with no part
   */
  List<List<TensorData>> split(List<TensorData> inputs, JobParams job) throws IOException;

  /** Not called. */
  @Override
  default List<TensorData> apply(List<TensorData> inputs, JobParams job) {
    throw new UnsupportedOperationException("a splitting kernel splits");
  }
}
