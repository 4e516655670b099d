package io.sluice.aks;

import io.sluice.xir.TensorData;
import java.util.List;

/**
 * A part of a job between a {@link SplittingKernel} and a {@link JoiningKernel}.
 *
 * @param tensors its tensors
 * @param job its own dynamic parameters
 */
public record JobPart(List<TensorData> tensors, JobParams job) {
  public JobPart {
    tensors = List.copyOf(tensors);
  }
}
