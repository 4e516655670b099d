package io.sluice.xir;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An operation of a graph: a type of the op library, attributes, arguments that name the ops whose
 * tensors it reads, and the one tensor that it produces. Made and rewired by its {@link Graph}
 * only.
 */
public final class Op {
  private final Graph graph;
  private final String name;
  private final OpDef def;
  private final Map<String, List<Op>> inputs = new LinkedHashMap<>();
  private Attrs attrs;
  private Tensor output;

  /** The place in the topological order, as of when the graph last sorted its ops. */
  private int rank;

  Op(Graph graph, String name, OpDef def, Attrs attrs, Map<String, List<Op>> inputs) {
    this.graph = graph;
    this.name = name;
    this.def = def;
    this.attrs = attrs;
    inputs.forEach((arg, ops) -> this.inputs.put(arg, new ArrayList<>(ops)));
  }

  public Graph graph() {
    return graph;
  }

  public String name() {
    return name;
  }

  /** The name of the type, e.g. {@code conv2d-fix}. */
  public String type() {
    return def.type();
  }

  public OpDef def() {
    return def;
  }

  public Attrs attrs() {
    return attrs;
  }

  /** The attributes, and the default of every optional one that is absent. */
  public Attrs effectiveAttrs() {
    Attrs all = attrs;
    for (OpDef.AttrDef attr : def.attrs()) {
      if (!attr.required() && !attrs.has(attr.name())) {
        all = all.with(attr.name(), attr.defaultValue());
      }
    }
    return all;
  }

  /** Replaces the attributes; shape inference is not run again. */
  public void setAttrs(Attrs newAttrs) {
    this.attrs = newAttrs;
  }

  /** Arguments in their declared order, each with the ops that feed it, in order. */
  public Map<String, List<Op>> inputs() {
    return Collections.unmodifiableMap(inputs);
  }

  /** The ops that feed one argument; empty if the argument is absent. */
  public List<Op> inputs(String arg) {
    return Collections.unmodifiableList(inputs.getOrDefault(arg, List.of()));
  }

  /** The only op that feeds an argument. */
  public Op input(String arg) {
    List<Op> ops = inputs.getOrDefault(arg, List.of());
    if (ops.size() != 1) {
      throw new SluiceException(
          ErrorCode.XIR_INVALID_ARG_OCCUR,
          "argument '" + arg + "' has " + ops.size() + " ops, not 1",
          "op '" + name + "' (" + type() + ")",
          "give exactly one");
    }
    return ops.get(0);
  }

  /** The only op that feeds the argument {@code input}. */
  public Op input() {
    return input("input");
  }

  /** All ops that feed this one, argument by argument. */
  public List<Op> allInputs() {
    return inputs.values().stream().flatMap(List::stream).toList();
  }

  /** The ops that read this one's tensor, in the order in which they were added. */
  public List<Op> fanOut() {
    return graph.fanOut(this);
  }

  public Tensor output() {
    return output;
  }

  /** Replaces the description of the output tensor, e.g. to set its fix position. */
  public void setOutput(Tensor newOutput) {
    graph.rename(this, output, newOutput);
    this.output = newOutput;
  }

  /** Whether this is a {@code const} or {@code const-fix} op. */
  public boolean isConst() {
    return type().equals("const") || type().equals("const-fix");
  }

  /**
   * The values of a {@code const} or {@code const-fix} op.
   *
   * @throws SluiceException XIR_UNDEFINED_ATTR if this is another op, XIR_UNEXPECTED_VALUE if a
   *     compiler has moved the values into the parameters of a subgraph
   */
  public TensorData constData() {
    if (attrs.getBytes("data").isEmpty() && output.shape().elements() > 0) {
      throw new SluiceException(
          ErrorCode.XIR_UNEXPECTED_VALUE,
          "the values of this constant are empty",
          "op '" + name + "' (" + type() + ")",
          "take them from reg_id_to_parameter_value of its subgraph, or use the model from before it"
              + " was compiled");
    }
    return TensorData.wrap(output.type(), output.shape(), attrs.getBytes("data").toByteArray());
  }

  int rank() {
    return rank;
  }

  void setRank(int place) {
    this.rank = place;
  }

  void initOutput(Tensor tensor) {
    this.output = tensor;
  }

  void replaceInput(Op from, Op to) {
    inputs.values().forEach(list -> list.replaceAll(op -> op == from ? to : op));
  }

  @Override
  public String toString() {
    return name + " (" + type() + ")" + (output == null ? "" : " " + output.shape());
  }
}
