package io.sluice.optimize;

import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Copies a graph op by op, with some ops replaced. A replacement stands where its root stood, under
 * the root's name; ops that only the replaced ones read are not copied.
 */
public final class Rewrite {
  /**
   * What takes the place of an op.
   *
   * @param reads the ops of the old graph that the new op reads
   * @param build adds the new op, named after the root, and returns it; or returns the image of an
   *     op that is read, which then stands for the root, whose name is gone
   */
  public record Replacement(List<Op> reads, Function<Rewrite, Op> build) {
    /** Nothing takes the place of the root: its readers read another op. */
    static Replacement of(Op other) {
      return new Replacement(List.of(other), r -> r.image(other));
    }
  }

  /** Looks at an op of the old graph. */
  @FunctionalInterface
  public interface Rule {
    /**
     * @param outputs the ops whose tensors leave the graph and so must stay
     * @return null to keep the op
     */
    Replacement match(Op op, Set<Op> outputs);
  }

  private final Graph source;
  private final Graph target;
  private final Map<Op, Op> images = new HashMap<>();

  private Rewrite(Graph source) {
    this.source = source;
    this.target = new Graph(source.name(), source.library());
    this.target.setAttrs(source.attrs());
  }

  /** The ops whose tensors leave a graph: those that it names, else those that nothing reads. */
  public static Set<Op> outputs(Graph graph) {
    Set<Op> outputs = new HashSet<>(graph.outputs());
    if (graph.attrs().has("return_ops")) {
      outputs.clear();
      graph.attrs().getStrings("return_ops").forEach(name -> outputs.add(graph.op(name)));
    }
    return outputs;
  }

  /** The graph without what no output depends on, or the graph itself when that is nothing. */
  static Graph trimmed(Graph graph) {
    return once(graph, (op, outputs) -> null);
  }

  /** The graph after one round, or the graph itself when the rule matches nothing. */
  public static Graph once(Graph graph, Rule rule) {
    Set<Op> outputs = outputs(graph);
    List<Op> order = graph.topologicalOrder();
    Map<Op, Replacement> replacements = new HashMap<>();
    Set<Op> needed = new HashSet<>(outputs);
    needed.addAll(graph.inputs());
    for (int i = order.size() - 1; i >= 0; i--) {
      Op op = order.get(i);
      if (needed.contains(op)) {
        Replacement replacement = rule.match(op, outputs);
        if (replacement != null) {
          replacements.put(op, replacement);
        }
        needed.addAll(replacement == null ? op.allInputs() : replacement.reads());
      }
    }
    if (replacements.isEmpty() && needed.size() == order.size()) {
      return graph;
    }
    Rewrite rewrite = new Rewrite(graph);
    for (Op op : order) {
      if (needed.contains(op)) {
        Replacement replacement = replacements.get(op);
        Op image =
            replacement == null ? rewrite.copy(op, op.name()) : replacement.build().apply(rewrite);
        if (replacement != null && image.name().equals(op.name())) {
          image.setOutput(
              image.output().withName(op.output().name()).withAttrs(op.output().attrs()));
        }
        rewrite.images.put(op, image);
      }
    }
    return rewrite.target;
  }

  /** Rounds until the rule matches nothing. */
  public static Graph fully(Graph graph, Rule rule) {
    Graph before = graph;
    Graph after = once(before, rule);
    while (after != before) {
      before = after;
      after = once(before, rule);
    }
    return after;
  }

  /** Adds an op of the old graph under a name; what it reads is in the new graph already. */
  Op copy(Op op, String name) {
    Tensor output = name.equals(op.name()) ? op.output() : op.output().withName(name);
    return target.add(name, op.type(), op.attrs(), images(op, in -> in), output);
  }

  /** The images of what an op reads, or of what it shall read instead, by argument. */
  Map<String, List<Op>> images(Op op, UnaryOperator<Op> instead) {
    Map<String, List<Op>> inputs = new LinkedHashMap<>();
    op.inputs()
        .forEach(
            (arg, ops) -> inputs.put(arg, ops.stream().map(instead).map(this::image).toList()));
    return inputs;
  }

  /** The graph that is being built. */
  public Graph target() {
    return target;
  }

  /** What an op of the old graph has become. */
  public Op image(Op op) {
    return images.get(op);
  }

  /** A name that neither graph has. */
  public String fresh(String wanted) {
    String name = wanted;
    for (int i = 1; source.has(name) || target.has(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }
}
