package io.sluice.compile;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.quantize.NominalQuantization;
import io.sluice.target.BrokenLimit;
import io.sluice.target.DpuTarget;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
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
    Graph prepared = QuantizedGraph.prepare(quantized);
    Partitioner.Partition partition = Partitioner.partition(prepared, target);
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
          });
    }
    SubgraphTree.build(graph, subgraphs);
    return new CompiledModel(
        graph,
        target,
        placements(quantized, prepared, partition),
        subgraphs.stream().map(Compiler::summary).toList());
  }

  /**
   * As {@link #compile(Graph, DpuTarget)}, of the part of the graph and for the input shape that
   * the options ask for; or what an earlier compilation of the same left in {@code cacheDir}.
   *
   * @throws SluiceException SLUICE_USAGE, naming the option, if one does not fit the graph; option
   *     {@code plugins} is refused
   */
  public static Compilation compile(Graph quantized, DpuTarget target, CompileOptions options) {
    refuse("plugins", !options.plugins().isEmpty());
    Compilation.Work work = () -> compile(GraphExtract.apply(quantized, options), target);
    return options.cacheDir().isPresent()
        ? ModelCache.compile(quantized, target, options, work)
        : Compilation.now(work);
  }

  private static void refuse(String option, boolean given) {
    if (given) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          "this compiler does not do that",
          "compile option '" + option + "'",
          "leave it out");
    }
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
      return unquantizable(source, target);
    }
    Graph prepared = QuantizedGraph.prepare(source);
    List<OpPlacement> all = placements(source, prepared, Partitioner.partition(prepared, target));
    return quantized ? all : all.stream().filter(p -> !p.type().equals("fix")).toList();
  }

  /** Of a graph none of whose ops a DPU could run. */
  private static List<OpPlacement> unquantizable(Graph graph, DpuTarget target) {
    Lowerings lowerings = new Lowerings(target, new FixPositions());
    List<OpPlacement> placements = new ArrayList<>();
    List<Op> order = graph.topologicalOrder();
    int inputs = 0;
    int afterInputs = (int) order.stream().filter(op -> op.type().equals("data")).count();
    for (Op op : order) {
      if (op.type().equals("data")) {
        placements.add(
            new OpPlacement(op.name(), op.type(), Device.USER, inputs++, "", "", Map.of(), 0));
      } else if (!FixPositions.isConst(op)) {
        BrokenLimit why = lowerings.lower(op).refusal();
        placements.add(
            new OpPlacement(
                op.name(),
                op.type(),
                Device.CPU,
                afterInputs,
                why.rule(),
                why.reason(),
                why.values(),
                Macs.of(op)));
      }
    }
    return placements;
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
        subgraph.device(),
        (int) superlayers,
        subgraph.attrs().getLong("workload"),
        subgraph.attrs().getLong("workload_on_arch"),
        bytes);
  }

  private static List<OpPlacement> placements(
      Graph quantized, Graph prepared, Partitioner.Partition partition) {
    Map<Op, Node> nodes = new HashMap<>();
    partition.nodes().nodes().forEach(n -> n.covers().forEach(op -> nodes.put(op, n)));
    Map<Node, Integer> subgraphs = new HashMap<>();
    for (int i = 0; i < partition.parts().size(); i++) {
      for (Node node : partition.parts().get(i).nodes()) {
        subgraphs.put(node, i);
      }
    }
    List<OpPlacement> placements = new ArrayList<>();
    for (Op source : quantized.topologicalOrder()) {
      Op op = prepared.op(source.name());
      if (!FixPositions.isConst(op)) {
        Node node = nodes.getOrDefault(op, partition.nodes().producer(op));
        placements.add(placement(op, node, subgraphs.get(node), partition));
      }
    }
    return placements;
  }

  private static OpPlacement placement(
      Op op, Node node, int subgraph, Partitioner.Partition partition) {
    String rule = "";
    String reason = "";
    Map<String, Integer> values = Map.of();
    Attempt attempt = partition.nodes().attempt(op);
    if (node.device() == Device.DPU) {
      List<String> types = node.steps().stream().map(Step::type).toList();
      reason = String.join(", ", types) + " '" + node.covers().get(0).name() + "'";
    } else if (node.device() == Device.CPU && partition.demoted().contains(op)) {
      rule = "partition.border";
      reason = "the DPU could run it, but too little for the borders to the CPU on both sides";
    } else if (attempt != null && !attempt.lowered()) {
      rule = attempt.refusal().rule();
      reason = attempt.refusal().reason();
      values = attempt.refusal().values();
    } else if (node.device() == Device.CPU) {
      rule = "partition.with-input";
      reason = "it changes nothing and stays with '" + node.result().name() + "'";
    }
    return new OpPlacement(
        op.name(), op.type(), node.device(), subgraph, rule, reason, values, Macs.of(op));
  }
}
