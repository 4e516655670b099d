package io.sluice.compile;

import io.sluice.error.SluiceException;
import io.sluice.quantize.NominalQuantization;
import io.sluice.target.DpuTarget;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compiles a quantized graph for a target: decides what the DPU runs, fuses that into fixed-point
 * ops and superlayers, and leaves the rest to the CPU in float.
 *
 * <p>An input that only {@code fix} ops of one position read becomes a {@code data-fix}: the caller
 * gives integers. Results keep the tensor names that they have in the quantized graph and are
 * floats.
 */
public final class Compiler {
  private Compiler() {}

  /**
   * @param quantized float ops with {@code fix} ops of 8 signed bits after inputs, weights, biases
   *     and activations; not changed
   * @throws SluiceException XIR_UNEXPECTED_VALUE if the graph is not quantized or compiled already
   */
  public static CompiledModel compile(Graph quantized, DpuTarget target) {
    return compile(quantized, target, List.of());
  }

  static CompiledModel compile(Graph quantized, DpuTarget target, List<CompilerPlugin> plugins) {
    List<PluginPart> taken = PluginPass.partition(quantized, plugins);
    Graph prepared = QuantizedGraph.prepare(Taken.mark(quantized, taken), target);
    Partitioner.Partition partition = Partitioner.partition(prepared, target, taken.size());
    Graph graph = new Graph(quantized.name(), quantized.library());
    graph.setAttrs(quantized.attrs());
    GraphWriter writer = new GraphWriter(graph);
    Borders borders = new Borders(partition);
    List<SubgraphSpec> subgraphs = new ArrayList<>();
    for (Partitioner.Part part : partition.parts()) {
      subgraphs.add(
          switch (part.device()) {
            case USER -> writeInput(writer, part.nodes().get(0), partition.nodes(), borders);
            case DPU -> new DpuPartWriter(writer, partition.nodes(), borders, target).write(part);
            case CPU -> new CpuPartWriter(writer, partition.nodes(), borders).write(part);
            case PLUGIN ->
                new CpuPartWriter(writer, partition.nodes(), borders)
                    .write(part, taken.get(part.nodes().get(0).part()));
          });
    }
    SubgraphTree.build(graph, subgraphs);
    new PluginFinish(graph).compile(taken, partition.parts(), subgraphs);
    return new CompiledModel(
        graph,
        target,
        Placements.of(quantized, prepared, partition, taken),
        subgraphs.stream().map(Compiler::summary).toList());
  }

  /**
   * As {@link #compile(Graph, DpuTarget)}, of the part of the graph and for the input shape that
   * the options ask for; or what an earlier compilation of the same left in {@code cacheDir}.
   *
   * @throws SluiceException SLUICE_USAGE, naming the option, if one does not fit the graph or names
   *     an unknown plugin; what a plugin does wrong, naming the plugin
   */
  public static Compilation compile(Graph quantized, DpuTarget target, CompileOptions options) {
    List<CompilerPlugin> plugins = Plugins.find(options.plugins());
    Compilation.Work work = () -> compile(GraphExtract.apply(quantized, options), target, plugins);
    return options.cacheDir().isPresent()
        ? ModelCache.compile(quantized, target, options, plugins, work)
        : Compilation.now(work);
  }

  /**
   * Where every op of a graph would run, and why not on the DPU, without compiling it.
   *
   * @param graph quantized, or a float graph, whose ops are then those that {@link
   *     io.sluice.quantize.Quantizer#prepare} makes of it; not changed
   * @return every op but constants and, for a float graph, roundings, in topological order
   */
  public static List<OpPlacement> place(Graph graph, DpuTarget target) {
    boolean quantized = graph.ops().stream().anyMatch(FixPositions::isFix);
    Graph source = quantized ? graph : NominalQuantization.of(graph);
    if (source.ops().stream().noneMatch(FixPositions::isFix)) {
      return Placements.unquantizable(source, target);
    }
    Graph prepared = QuantizedGraph.prepare(source, target);
    List<OpPlacement> all =
        Placements.of(source, prepared, Partitioner.partition(prepared, target, 0), List.of());
    return quantized ? all : all.stream().filter(p -> !p.type().equals("fix")).toList();
  }

  private static SubgraphSpec writeInput(
      GraphWriter writer, Node node, NodeGraph nodes, Borders borders) {
    Op data = node.result();
    Op op;
    if (node.covers().size() == 1) {
      op = writer.copy(data, Map.of(), Device.USER);
      borders.offerFloat(data, op);
    } else {
      Tensor tensor = data.output();
      Attrs attrs = Attrs.EMPTY.with("shape", tensor.shape().toArray()).with("data_type", "XINT8");
      op =
          writer.fixed(
              data.name(),
              "data-fix",
              attrs,
              Map.of(),
              tensor.name(),
              tensor.shape(),
              nodes.position(node.covers().get(1)),
              Device.USER);
      borders.offerFixed(data, op);
    }
    Attrs attrs =
        DpuPartWriter.withWorkload(Attrs.EMPTY, Workload.NONE).with("device", Device.USER.name());
    return SubgraphSpec.leaf("subgraph_" + op.name(), Device.USER, List.of(op), attrs);
  }

  private static CompiledModel.SubgraphSummary summary(SubgraphSpec subgraph) {
    long superlayers =
        subgraph.children().stream().filter(c -> c.attrs().getLong("workload") > 0).count();
    long bytes =
        subgraph.children().stream().mapToLong(c -> DdrTraffic.of(c.ops()).totalBytes()).sum();
    return new CompiledModel.SubgraphSummary(
        subgraph.name(),
        subgraph.attrs().getString("device"),
        (int) superlayers,
        subgraph.attrs().getLong("workload"),
        subgraph.attrs().getLong("workload_on_arch"),
        bytes);
  }
}
