package io.sluice.compile;

import io.sluice.xir.Subgraph;
import java.util.List;

/**
 * Gives some ops of a network to a device of its own, before the compiler shares the rest out
 * between DPU and CPU: the plugin of the guide's chapter on customized accelerators. A user writes
 * a class of this interface with a public constructor without arguments, names it in {@code
 * META-INF/services/io.sluice.compile.CompilerPlugin}, puts the jar on the class path, and asks for
 * it by the option {@code plugins}. Of several plugins that want an op the first that the option
 * names gets it.
 *
 * <p>First {@link #partition} picks subgraphs, then, when all are compiled, {@link #compile} sees
 * each of them as the runner will: its ops in float, with a {@code fix2float} where integers come
 * in and a {@code float2fix} where a DPU reads a result, constants included.
 */
public interface CompilerPlugin {
  /** As a subgraph's {@code runner}: its ops are ordinary ones, which the CPU's runner executes. */
  String CPU_RUNNER = "libvart-cpu-runner.so";

  /** The name by which options ask for it; no comma in it. */
  String name();

  /**
   * Picks what the device runs and says of each subgraph its name, device and runner, by {@link
   * PluginGraph#assign}.
   *
   * @param graph the quantized network, float ops and {@code fix} ops, a subgraph for each op;
   *     changes to its ops are lost
   * @return the subgraphs picked, the tree's own; none to take nothing
   */
  List<Subgraph> partition(PluginGraph graph);

  /**
   * Attaches what the runner needs as attributes of the subgraph, and may replace ops in it. An op
   * that it adds to the graph becomes part of the subgraph. Name and device of the subgraph stay,
   * and so does what others read of it: type, shape and fix position.
   */
  default void compile(Subgraph subgraph) {}
}
