package io.sluice.compile;

import io.sluice.xir.Attrs;
import java.util.Set;

/**
 * What a plugin took as one subgraph.
 *
 * @param ops names of the ops, without constants
 * @param name of the subgraph
 * @param attrs of the subgraph, with {@code device} and {@code runner}
 */
record PluginPart(CompilerPlugin plugin, Set<String> ops, String name, Attrs attrs) {
  PluginPart {
    ops = Set.copyOf(ops);
  }

  String device() {
    return attrs.getString("device");
  }
}
