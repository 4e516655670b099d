package io.sluice.compile;

import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Ops of the quantized graph that run as one: what partitioning assigns. */
final class Node {
  private static final int NO_PART = -1;

  private final Device device;
  private final List<Op> covers;
  private final Op result;
  private final Attempt attempt;
  private final int part;
  private final Set<Node> inputs = new LinkedHashSet<>();
  private final List<Node> readers = new ArrayList<>();
  private int level;

  private Node(Device device, List<Op> covers, Op result, Attempt attempt, int part) {
    this.device = device;
    this.covers = List.copyOf(covers);
    this.result = result;
    this.attempt = attempt;
    this.part = part;
  }

  static Node user(Op data, List<Op> fixes) {
    List<Op> covers = new ArrayList<>(List.of(data));
    covers.addAll(fixes);
    return new Node(Device.USER, covers, data, null, NO_PART);
  }

  static Node dpu(Attempt attempt) {
    return new Node(Device.DPU, attempt.covers(), attempt.result(), attempt, NO_PART);
  }

  static Node cpu(Op op) {
    return new Node(Device.CPU, List.of(op), op, null, NO_PART);
  }

  /**
   * @param part the number of the part of a plugin that the op belongs to
   */
  static Node plugin(Op op, int part) {
    return new Node(Device.PLUGIN, List.of(op), op, null, part);
  }

  /** Hands a result of the graph that lies on the grid to the caller as floats. */
  static Node exit(Op output) {
    return new Node(Device.CPU, List.of(), output, null, NO_PART);
  }

  Device device() {
    return device;
  }

  /** The number of the part of a plugin that it belongs to; only asked of a plugin's node. */
  int part() {
    return part;
  }

  /** The ops that it stands for; none for an exit. */
  List<Op> covers() {
    return covers;
  }

  /** The op whose value it gives. */
  Op result() {
    return result;
  }

  List<Step> steps() {
    return attempt.steps();
  }

  boolean isExit() {
    return covers.isEmpty();
  }

  Set<Node> inputs() {
    return inputs;
  }

  List<Node> readers() {
    return readers;
  }

  void read(Node producer) {
    if (inputs.add(producer)) {
      producer.readers.add(this);
    }
  }

  int level() {
    return level;
  }

  void setLevel(int newLevel) {
    level = newLevel;
  }

  @Override
  public String toString() {
    return device + " " + (covers.isEmpty() ? "exit " : "") + result;
  }
}
