package io.sluice.aks;

import io.sluice.xir.TensorData;
import java.io.IOException;
import java.util.List;

/** A kernel that makes one result of the parts of a job; the join waits for all of them. */
public interface JoiningKernel extends Kernel {
  /**
   * As {@link #apply}, for all parts.
   *
   * @param parts in their order; none if the job was split into none
   * @param job the parameters that the job had when it was split; what parts set is with these
   */
  List<TensorData> join(List<JobPart> parts, JobParams job) throws IOException;

  /** Not called. */
  @Override
  default List<TensorData> apply(List<TensorData> inputs, JobParams job) {
    throw new UnsupportedOperationException("a joining kernel joins");
  }
}
