package io.sluice.aks;

import io.sluice.error.ErrorCode;
import java.io.Serializable;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tensors of a node.
 *
 * @param node index of the node
 * @param output which of its outputs, or {@link #ALL}
 */
record InputRef(int node, int output) implements Serializable {
  /** All outputs in their order. */
  static final int ALL = -1;

  private static final Pattern TEXT = Pattern.compile("([^:]+)(?::(\\d{1,4}))?");

  /**
   * Reads {@code node} or {@code node:1}.
   *
   * @throws io.sluice.error.SluiceException SLUICE_GRAPH_INPUT_UNKNOWN
   */
  static InputRef parse(String text, Map<String, Integer> nodes, JsonAt at) {
    Matcher matcher = TEXT.matcher(text);
    Integer node = matcher.matches() ? nodes.get(matcher.group(1)) : null;
    if (node == null) {
      throw at.bad(
          ErrorCode.SLUICE_GRAPH_INPUT_UNKNOWN,
          "'" + text + "' names no node's output",
          "write 'node' or 'node:1'");
    }
    return new InputRef(node, matcher.group(2) == null ? ALL : Integer.parseInt(matcher.group(2)));
  }
}
