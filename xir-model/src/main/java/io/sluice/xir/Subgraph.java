package io.sluice.xir;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A node of the subgraph tree. The root covers all ops of its graph; the children of a node share
 * its ops out among them, each op to exactly one, so that no two need each other's results. In a
 * compiled model the children of the root are what runs on one device each.
 *
 * <p>An op that is added to a graph becomes a leaf of its own below the root, if the root has
 * children; an op that is removed leaves the tree, and so do nodes that it leaves empty.
 */
public final class Subgraph {
  private final Graph graph;
  private final List<Subgraph> children = new ArrayList<>();

  /** The ops of a node; not kept for the root, which covers all ops of the graph. */
  private final Set<Op> ops = new HashSet<>();

  private Subgraph parent;
  private String name;
  private Attrs attrs = Attrs.EMPTY;

  /** A root. */
  Subgraph(Graph graph) {
    this.graph = graph;
    this.name = "root";
  }

  private Subgraph(Subgraph parent, String name, Collection<Op> ops) {
    this.graph = parent.graph;
    this.parent = parent;
    this.name = name;
    this.ops.addAll(ops);
  }

  public Graph graph() {
    return graph;
  }

  /** Not unique: the first child of a node often has the node's name. */
  public String name() {
    return name;
  }

  public void setName(String newName) {
    this.name = newName;
  }

  /** The node above; null for the root. */
  public Subgraph parent() {
    return parent;
  }

  public boolean isRoot() {
    return parent == null;
  }

  /** Whether this node has no children. */
  public boolean isLeaf() {
    return children.isEmpty();
  }

  public Attrs attrs() {
    return attrs;
  }

  public void setAttrs(Attrs newAttrs) {
    this.attrs = newAttrs;
  }

  /** The attribute {@code device}: USER, DPU or CPU in a compiled model. */
  public Optional<String> device() {
    return attrs.has("device") ? Optional.of(attrs.getString("device")) : Optional.empty();
  }

  /** The ops that this node covers, in topological order. */
  public List<Op> ops() {
    return isRoot() ? graph.topologicalOrder() : graph.sorted(ops);
  }

  /** Whether this node covers an op. */
  public boolean covers(Op op) {
    return isRoot() ? op.graph() == graph && graph.has(op.name()) : ops.contains(op);
  }

  /**
   * The children, each after those whose results it reads.
   *
   * @throws SluiceException XIR_SUBGRAPH_HAS_CYCLE if rewiring ops made two need each other
   */
  public List<Subgraph> children() {
    List<Set<Op>> groups = children.stream().map(child -> child.ops).toList();
    return sorted(groups).stream().map(children::get).toList();
  }

  /**
   * The leaf below this node, or this node itself, that covers an op.
   *
   * @throws SluiceException XIR_UNDEFINED_OP if this node does not cover it
   */
  public Subgraph leafOf(Op op) {
    if (!covers(op)) {
      throw failure(
          ErrorCode.XIR_UNDEFINED_OP, "op '" + op.name() + "' is not in it", "ask the root");
    }
    for (Subgraph child : children) {
      if (child.covers(op)) {
        return child.leafOf(op);
      }
    }
    return this;
  }

  /** Tensors that this node reads and others produce, in the order of their names. */
  public List<Tensor> inputTensors() {
    return inputOps().stream().map(Op::output).sorted(Comparator.comparing(Tensor::name)).toList();
  }

  /**
   * Tensors that this node produces and others read or nothing reads, in the order of their names.
   */
  public List<Tensor> outputTensors() {
    return outputOps().stream().map(Op::output).sorted(Comparator.comparing(Tensor::name)).toList();
  }

  /** Ops outside of this node that feed it, in topological order. */
  public List<Op> inputOps() {
    Set<Op> read = new HashSet<>();
    ops().forEach(op -> read.addAll(op.allInputs()));
    read.removeIf(this::covers);
    return graph.sorted(read);
  }

  /** Ops of this node that feed others or nothing, unread constants left out; topological order. */
  public List<Op> outputOps() {
    return ops().stream()
        .filter(
            op ->
                op.fanOut().isEmpty()
                    ? !op.isConst()
                    : op.fanOut().stream().anyMatch(reader -> !covers(reader)))
        .toList();
  }

  /**
   * Makes a leaf for every op; merge them afterwards.
   *
   * @throws SluiceException XIR_SUBGRAPH_CREATE_CHILDREN_FOR_NONLEAF if there are children already
   */
  public List<Subgraph> createChildren() {
    return createChildren(ops().stream().map(List::of).toList());
  }

  /**
   * Makes a leaf for every group of ops. A leaf is named {@code subgraph_} and the name of its
   * first op that is no constant.
   *
   * @param groups share this node's ops out: every op is in exactly one
   * @return the children in topological order
   * @throws SluiceException XIR_SUBGRAPH_CREATE_CHILDREN_FOR_NONLEAF if there are children already,
   *     XIR_VALUE_UNMATCH if an op is in no group or in two or is not of this node, or a group is
   *     empty; XIR_SUBGRAPH_HAS_CYCLE if two groups need each other's results. Nothing has changed
   *     then.
   */
  public List<Subgraph> createChildren(Collection<? extends Collection<Op>> groups) {
    if (!isLeaf()) {
      throw failure(
          ErrorCode.XIR_SUBGRAPH_CREATE_CHILDREN_FOR_NONLEAF,
          "it has " + children.size() + " children already",
          "create children of a leaf");
    }
    List<List<Op>> shares = groups.stream().<List<Op>>map(List::copyOf).toList();
    Set<Op> seen = new HashSet<>();
    for (List<Op> share : shares) {
      check(!share.isEmpty(), "an empty group of ops");
      for (Op op : share) {
        check(covers(op), "op '" + op.name() + "' is not of this subgraph");
        check(seen.add(op), "op '" + op.name() + "' is in two groups");
      }
    }
    for (Op op : ops()) {
      check(seen.contains(op), "op '" + op.name() + "' is in no group");
    }
    sorted(shares);
    for (List<Op> share : shares) {
      children.add(new Subgraph(this, nameFor(share), share));
    }
    return children();
  }

  private static String nameFor(Collection<Op> share) {
    return "subgraph_"
        + share.stream()
            .filter(op -> !op.isConst())
            .findFirst()
            .orElse(share.iterator().next())
            .name();
  }

  /**
   * Merges some leaf children into one, which has the name and the attributes of the first given.
   *
   * @throws SluiceException XIR_SUBGRAPH_INVALID_MERGE_REQUEST_NONCHILD or _NONLEAF if one is not a
   *     child or not a leaf; XIR_SUBGRAPH_HAS_CYCLE if the merged one and another would need each
   *     other's results. Nothing has changed then.
   */
  public Subgraph merge(Collection<Subgraph> siblings) {
    List<Subgraph> merged = siblings.stream().distinct().toList();
    check(!merged.isEmpty(), "nothing to merge");
    for (Subgraph sibling : merged) {
      if (!children.contains(sibling)) {
        throw failure(
            ErrorCode.XIR_SUBGRAPH_INVALID_MERGE_REQUEST_NONCHILD,
            "subgraph '" + sibling.name + "' is not a child",
            "merge children of one subgraph");
      }
      if (!sibling.isLeaf()) {
        throw failure(
            ErrorCode.XIR_SUBGRAPH_INVALID_MERGE_REQUEST_NONLEAF,
            "subgraph '" + sibling.name + "' has children",
            "merge leaves");
      }
    }
    Set<Op> union = new HashSet<>();
    merged.forEach(sibling -> union.addAll(sibling.ops));
    List<Set<Op>> groups = new ArrayList<>(List.of(union));
    children.stream().filter(c -> !merged.contains(c)).forEach(c -> groups.add(c.ops));
    sorted(groups);
    Subgraph kept = merged.get(0);
    kept.ops.addAll(union);
    children.removeAll(merged.subList(1, merged.size()));
    return kept;
  }

  private List<Integer> sorted(List<? extends Collection<Op>> groups) {
    return groups.isEmpty() ? List.of() : SubgraphOrder.sort(ops(), groups, place());
  }

  /** Takes a new op of the graph into the tree of the root. */
  void admit(Op op) {
    if (!isLeaf()) {
      children.add(new Subgraph(this, nameFor(List.of(op)), List.of(op)));
    }
  }

  /** Takes a removed op out of the tree. */
  void forget(Op op) {
    ops.remove(op);
    children.forEach(child -> child.forget(op));
    children.removeIf(child -> child.ops.isEmpty());
  }

  private String place() {
    return "subgraph '" + name + "' of graph '" + graph.name() + "'";
  }

  private SluiceException failure(ErrorCode code, String thing, String remedy) {
    return new SluiceException(code, thing, place(), remedy);
  }

  private void check(boolean holds, String thing) {
    if (!holds) {
      throw failure(
          ErrorCode.XIR_VALUE_UNMATCH,
          thing,
          "put every op of the subgraph into exactly one group");
    }
  }

  @Override
  public String toString() {
    return "subgraph '" + name + "'" + device().map(d -> " on " + d).orElse("");
  }
}
