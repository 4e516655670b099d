package io.sluice.ort;

import io.sluice.xir.Tensor;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The memory of the tensors of one graph, by name, for one run at a time. Whoever writes a tensor
 * and all who read it ask for the same buffer, so that nothing is copied between them. Not
 * thread-safe.
 */
public final class TensorBuffers {
  private final Map<String, TensorBuffer> byName = new HashMap<>();

  public TensorBuffers() {}

  /** Takes memory of some tensors from outside. */
  public TensorBuffers(Collection<TensorBuffer> given) {
    given.forEach(buffer -> byName.put(buffer.tensor().name(), buffer));
  }

  /** The buffer of a tensor, allocated when it is first asked for. */
  public TensorBuffer of(Tensor tensor) {
    return byName.computeIfAbsent(tensor.name(), name -> TensorBuffer.allocate(tensor));
  }
}
