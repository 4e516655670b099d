package io.sluice.vart;

import io.sluice.xir.Subgraph;
import io.sluice.xir.TensorData;
import java.util.Map;

/**
 * Executes one subgraph that a compiler plugin gave to a device of its own. Thread-safe; closed
 * once, when no run is under way.
 */
public interface DeviceRunner extends AutoCloseable {
  /**
   * Makes runners: a class with a public constructor without arguments, named in {@code
   * META-INF/services/io.sluice.vart.DeviceRunner$Provider} on the class path.
   */
  interface Provider {
    /** What the plugin wrote as the subgraph's {@code runner}. */
    String runner();

    /** Prepares a subgraph, by its ops and the attributes that the plugin attached. */
    DeviceRunner create(Subgraph subgraph);
  }

  /**
   * @param inputs at least the tensors that the subgraph reads, by name
   * @return the tensors that others read of it, by name
   */
  Map<String, TensorData> run(Map<String, TensorData> inputs);

  @Override
  default void close() {}
}
