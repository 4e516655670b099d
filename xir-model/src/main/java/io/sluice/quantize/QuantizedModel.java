package io.sluice.quantize;

import io.sluice.xir.Graph;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What quantization gives.
 *
 * @param graph the graph with {@code fix} ops
 * @param positions the fix position of every quantized tensor, by the tensor's name in the float
 *     graph
 * @param warnings positions that the rules of the hardware moved, and what was odd about the data,
 *     one sentence each
 */
public record QuantizedModel(Graph graph, Map<String, Integer> positions, List<String> warnings) {
  public QuantizedModel {
    positions = Collections.unmodifiableMap(new TreeMap<>(positions));
    warnings = List.copyOf(warnings);
  }
}
