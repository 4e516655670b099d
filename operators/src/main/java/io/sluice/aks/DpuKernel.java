package io.sluice.aks;

import io.sluice.xir.TensorData;
import java.util.List;

/**
 * A kernel whose work a compiled network does: a node of it runs on the units of the fleet, or on
 * this machine's processor if the job has none, and is not called.
 */
public interface DpuKernel extends Kernel {
  /** The XMODELs as the graph names them: the network in one or several widths of its input. */
  List<String> modelFiles();

  /** Units of the fleet that the node uses at most. */
  int maxUnits();

  /** Not called. */
  @Override
  default List<TensorData> apply(List<TensorData> inputs, JobParams job) {
    throw new UnsupportedOperationException("a DPU does this");
  }
}
