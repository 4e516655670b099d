package io.sluice.xir;

import com.google.protobuf.ByteString;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph of ops. Ops are added after those that they read, so a graph has no cycle unless {@link
 * #replaceUses} makes one, which it refuses. Many threads may read it; one alone may change it.
 */
public final class Graph {
  private final OpLibrary library;
  private final Map<String, Op> ops = new LinkedHashMap<>();
  private final Map<String, Op> producers = new HashMap<>();
  private final Map<Op, Set<Op>> consumers = new HashMap<>();
  private final Subgraph root;

  /** The topological order; null after a change. Volatile, as readers may be of many threads. */
  private volatile List<Op> order;

  private String name;
  private Attrs attrs = Attrs.EMPTY;

  /** An empty graph over the built-in op library. */
  public Graph(String name) {
    this(name, OpLibrary.builtIn());
  }

  /** An empty graph over a library that may know further ops. */
  public Graph(String name, OpLibrary library) {
    this.name = name;
    this.library = library;
    this.root = new Subgraph(this);
  }

  public String name() {
    return name;
  }

  public void setName(String newName) {
    this.name = newName;
  }

  public Attrs attrs() {
    return attrs;
  }

  public void setAttrs(Attrs newAttrs) {
    this.attrs = newAttrs;
  }

  public OpLibrary library() {
    return library;
  }

  /** The root of the subgraph tree; it covers all ops. */
  public Subgraph root() {
    return root;
  }

  /**
   * Adds an op whose output tensor has the op's name. See {@link #add(String, String, Attrs, Map,
   * Tensor)}.
   */
  public Op add(String opName, String type, Attrs opAttrs, Map<String, List<Op>> inputs) {
    return add(opName, type, opAttrs, inputs, null);
  }

  /** Adds an op with one argument, {@code input}. */
  public Op add(String opName, String type, Attrs opAttrs, Op... input) {
    return add(
        opName,
        type,
        opAttrs,
        input.length == 0 ? Map.of() : Map.of("input", List.of(input)),
        null);
  }

  /** Adds a {@code const} (or, for fixed-point values, {@code const-fix}) op. */
  public Op addConst(String opName, TensorData data) {
    return add(
        opName,
        data.type().isFixedPoint() ? "const-fix" : "const",
        Attrs.EMPTY
            .with("shape", data.shape().toArray())
            .with("data_type", data.type().toString())
            .with("data", AttrValue.of(ByteString.copyFrom(data.array()))),
        Map.of(),
        null);
  }

  /**
   * Adds an op, checks it against the op library and infers its output.
   *
   * @param opName unique in the graph
   * @param type a type of the library; one that it does not know becomes a custom op, which has any
   *     number of ops as {@code input} and says its output by the attributes {@code shape} and
   *     {@code data_type}
   * @param opAttrs attributes; absent optional ones mean their default
   * @param inputs the ops that feed each argument; they are of this graph
   * @param declared the output as a file declares it, whose name, type and attributes are kept; its
   *     shape must be the inferred one. Null to take what is inferred, under the op's name.
   * @throws SluiceException XIR_MULTI_DEFINED_OP, XIR_MULTI_DEFINED_TENSOR,
   *     XIR_UNDEFINED_INPUT_ARG, XIR_SHAPE_UNMATCH, or what the checks of the op library throw; the
   *     graph is then as before
   */
  public Op add(
      String opName, String type, Attrs opAttrs, Map<String, List<Op>> inputs, Tensor declared) {
    if (opName.isEmpty()) {
      throw new SluiceException(
          ErrorCode.XIR_UNEXPECTED_VALUE,
          "an op (" + type + ") without a name",
          "graph '" + name + "'",
          "give every op a name");
    }
    if (ops.containsKey(opName)) {
      throw new SluiceException(
          ErrorCode.XIR_MULTI_DEFINED_OP,
          "a second op '" + opName + "'",
          "graph '" + name + "'",
          "give every op its own name");
    }
    for (Map.Entry<String, List<Op>> e : inputs.entrySet()) {
      for (Op in : e.getValue()) {
        if (in == null || ops.get(in.name()) != in) {
          throw new SluiceException(
              ErrorCode.XIR_UNDEFINED_OP,
              "op '" + opName + "' reads an op that is not in the graph (" + in + ")",
              "argument '" + e.getKey() + "' in graph '" + name + "'",
              "add that op first");
        }
      }
    }
    OpDef def = library.getOrCustom(type);
    OpChecker checker =
        new OpChecker(def, "op '" + opName + "' (" + type + ") in graph '" + name + "'");
    checker.checkArgs(inputs);
    checker.checkAttrs(opAttrs);
    Op op = new Op(this, opName, def, opAttrs, OpLibrary.ordered(def, inputs));
    OpDef.Inferred inferred = OpLibrary.infer(op, declared);
    if (declared != null && op.isConst() && !declared.type().equals(inferred.type())) {
      throw new SluiceException(
          ErrorCode.XIR_INVALID_DATA_TYPE,
          "declared type " + declared.type() + " of a constant of " + inferred.type(),
          "op '" + opName + "' (" + type + ") in graph '" + name + "'",
          "make tensor and attribute 'data_type' agree");
    }
    Tensor output =
        declared != null
            ? declared
            : new Tensor(opName, inferred.type(), inferred.shape(), inferred.attrs());
    if (!output.shape().equals(inferred.shape())) {
      throw new SluiceException(
          ErrorCode.XIR_SHAPE_UNMATCH,
          "declared shape " + output.shape() + " where " + inferred.shape() + " follows",
          "op '" + opName + "' (" + type + ") in graph '" + name + "'",
          "correct the shape or the attributes");
    }
    if (producers.containsKey(output.name())) {
      throw new SluiceException(
          ErrorCode.XIR_MULTI_DEFINED_TENSOR,
          "a second tensor '" + output.name() + "'",
          "op '" + opName + "' in graph '" + name + "'",
          "give every tensor its own name");
    }
    library.adopt(def);
    order = null;
    op.initOutput(output);
    ops.put(opName, op);
    producers.put(output.name(), op);
    for (Op in : op.allInputs()) {
      consumers.computeIfAbsent(in, k -> new LinkedHashSet<>()).add(op);
    }
    root.admit(op);
    return op;
  }

  /**
   * Removes an op that nothing reads.
   *
   * @throws SluiceException XIR_REMOVE_OP_FAIL if something reads it, XIR_UNDEFINED_OP if it is not
   *     in the graph
   */
  public void remove(Op op) {
    if (op(op.name()) != op) {
      throw new SluiceException(
          ErrorCode.XIR_UNDEFINED_OP,
          "op '" + op.name() + "' is of another graph",
          "graph '" + name + "'",
          "remove it from its own graph");
    }
    if (!fanOut(op).isEmpty()) {
      throw new SluiceException(
          ErrorCode.XIR_REMOVE_OP_FAIL,
          "op '" + op.name() + "' is still read by " + fanOut(op).get(0),
          "graph '" + name + "'",
          "replace its uses first");
    }
    order = null;
    ops.remove(op.name());
    producers.remove(op.output().name());
    consumers.remove(op);
    for (Op in : op.allInputs()) {
      Set<Op> readers = consumers.get(in);
      if (readers != null) {
        readers.remove(op);
      }
    }
    root.forget(op);
  }

  /**
   * Makes every reader of one op read another of the same shape instead; if the other op itself
   * reads the first, it goes on doing so. When this throws, the graph is as before.
   *
   * @throws SluiceException XIR_SHAPE_UNMATCH if the shapes differ, XIR_SUBGRAPH_HAS_CYCLE if the
   *     other op depends on a reader
   */
  public void replaceUses(Op from, Op to) {
    if (!from.output().shape().equals(to.output().shape())) {
      throw new SluiceException(
          ErrorCode.XIR_SHAPE_UNMATCH,
          "op '"
              + to.name()
              + "' "
              + to.output().shape()
              + " cannot stand for "
              + from.output().shape(),
          "op '" + from.name() + "' in graph '" + name + "'",
          "replace it by one of the same shape");
    }
    Set<Op> upstream = upstreamOf(to);
    List<Op> readers = fanOut(from).stream().filter(reader -> reader != to).toList();
    for (Op reader : readers) {
      if (upstream.contains(reader)) {
        throw new SluiceException(
            ErrorCode.XIR_SUBGRAPH_HAS_CYCLE,
            "op '" + reader.name() + "' would read its own result",
            "graph '" + name + "'",
            "replace by an op that does not depend on the readers");
      }
    }
    order = null;
    for (Op reader : readers) {
      reader.replaceInput(from, to);
      consumers.get(from).remove(reader);
      consumers.computeIfAbsent(to, k -> new LinkedHashSet<>()).add(reader);
    }
  }

  private Set<Op> upstreamOf(Op op) {
    Set<Op> seen = new HashSet<>();
    ArrayDeque<Op> open = new ArrayDeque<>(List.of(op));
    while (!open.isEmpty()) {
      for (Op in : open.pop().allInputs()) {
        if (seen.add(in)) {
          open.push(in);
        }
      }
    }
    return seen;
  }

  /**
   * @throws SluiceException XIR_UNDEFINED_OP if there is none of this name
   */
  public Op op(String opName) {
    Op op = ops.get(opName);
    if (op == null) {
      throw new SluiceException(
          ErrorCode.XIR_UNDEFINED_OP,
          "no op '" + opName + "'",
          "graph '" + name + "' of " + ops.size() + " ops",
          "list the ops with 'sluice xmodel FILE'");
    }
    return op;
  }

  public boolean has(String opName) {
    return ops.containsKey(opName);
  }

  /** The op that produces the tensor of a name, or null. */
  public Op producer(String tensorName) {
    return producers.get(tensorName);
  }

  /** All ops in the order in which they were added. */
  public Collection<Op> ops() {
    return Collections.unmodifiableCollection(ops.values());
  }

  /** Ops without arguments that are fed from outside: {@code data} and {@code data-fix}. */
  public List<Op> inputs() {
    return ops.values().stream()
        .filter(op -> op.type().equals("data") || op.type().equals("data-fix"))
        .toList();
  }

  /** Ops whose tensor nothing reads, constants and inputs left out, in topological order. */
  public List<Op> outputs() {
    return topologicalOrder().stream()
        .filter(op -> fanOut(op).isEmpty() && !op.inputs().isEmpty())
        .toList();
  }

  List<Op> fanOut(Op op) {
    return List.copyOf(consumers.getOrDefault(op, Set.of()));
  }

  void rename(Op op, Tensor before, Tensor after) {
    if (!before.name().equals(after.name())) {
      if (producers.containsKey(after.name())) {
        throw new SluiceException(
            ErrorCode.XIR_MULTI_DEFINED_TENSOR,
            "a second tensor '" + after.name() + "'",
            "op '" + op.name() + "' in graph '" + name + "'",
            "give every tensor its own name");
      }
      producers.remove(before.name());
      producers.put(after.name(), op);
    }
  }

  /**
   * All ops, each after those that it reads: depth first from the ops in the order in which they
   * were added, so the order is the same every time.
   */
  public List<Op> topologicalOrder() {
    List<Op> known = order;
    if (known == null) {
      known = Collections.unmodifiableList(sorted());
      for (int i = 0; i < known.size(); i++) {
        known.get(i).setRank(i);
      }
      order = known;
    }
    return known;
  }

  /** Ops of this graph in topological order. */
  List<Op> sorted(Collection<Op> some) {
    topologicalOrder();
    List<Op> sorted = new ArrayList<>(some);
    sorted.sort(Comparator.comparingInt(Op::rank));
    return sorted;
  }

  private List<Op> sorted() {
    List<Op> sorted = new ArrayList<>(ops.size());
    Set<Op> done = new HashSet<>();
    ArrayDeque<Op> stack = new ArrayDeque<>();
    for (Op start : ops.values()) {
      stack.push(start);
      while (!stack.isEmpty()) {
        Op op = stack.peek();
        if (done.contains(op)) {
          stack.pop();
          continue;
        }
        boolean ready = true;
        List<Op> inputs = op.allInputs();
        for (int i = inputs.size() - 1; i >= 0; i--) {
          if (!done.contains(inputs.get(i))) {
            stack.push(inputs.get(i));
            ready = false;
          }
        }
        if (ready) {
          stack.pop();
          done.add(op);
          sorted.add(op);
        }
      }
    }
    return sorted;
  }

  @Override
  public String toString() {
    return "graph '" + name + "' of " + ops.size() + " ops";
  }
}
