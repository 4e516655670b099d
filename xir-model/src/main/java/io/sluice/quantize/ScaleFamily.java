package io.sluice.quantize;

import io.sluice.optimize.Rewrite;
import io.sluice.quantize.QuantizableOps.Kind;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A convolution whose channels may be scaled, because what lies between it and the convolutions
 * that read it commutes with a positive factor per channel: pools, relu, a product with another
 * tensor, a concatenation.
 *
 * @param producer the convolution whose output channels are scaled
 * @param tensors the ops whose tensors are scaled with it, the producer first
 * @param consumers the convolutions whose weights undo the scale
 */
record ScaleFamily(Op producer, List<Op> tensors, List<Consumer> consumers) {
  /**
   * A convolution that reads scaled channels.
   *
   * @param offset its input channel that is the producer's channel 0
   */
  record Consumer(Op op, int offset) {}

  int channels() {
    return producer.output().shape().dim(3);
  }

  /** The families of a graph, in topological order. */
  static List<ScaleFamily> of(Graph graph) {
    Set<Op> outputs = Rewrite.outputs(graph);
    List<ScaleFamily> families = new ArrayList<>();
    for (Op op : graph.topologicalOrder()) {
      if (isConvolution(op) && !op.inputs("bias").isEmpty() && ownsConstants(op)) {
        ScaleFamily family = new ScaleFamily(op, new ArrayList<>(), new ArrayList<>());
        if (family.follow(op, outputs) && !family.consumers.isEmpty()) {
          families.add(family);
        }
      }
    }
    return families;
  }

  private boolean follow(Op tensor, Set<Op> outputs) {
    tensors.add(tensor);
    return !outputs.contains(tensor)
        && tensor.fanOut().stream().allMatch(r -> followInto(r, tensor, outputs));
  }

  private boolean followInto(Op reader, Op tensor, Set<Op> outputs) {
    Kind kind = QuantizableOps.kind(reader);
    if (kind == Kind.CONVOLUTION) {
      return addConsumer(reader, 0);
    }
    if (reader.type().equals("concat")) {
      return reader.attrs().getInt("axis") == 3
          && !outputs.contains(reader)
          && reader.fanOut().stream().allMatch(r -> addConsumer(r, offset(reader, tensor)));
    }
    boolean commutes =
        kind == Kind.AVERAGE_POOL
            || reader.type().equals("relu")
            || reader.type().equals("maxpool2d")
            || (kind == Kind.MUL
                && reader.output().shape().equals(tensor.output().shape())
                && new HashSet<>(reader.inputs("input")).size() == 2);
    return commutes && reader.output().shape().rank() == 4 && follow(reader, outputs);
  }

  private boolean addConsumer(Op op, int offset) {
    consumers.add(new Consumer(op, offset));
    boolean once = consumers.stream().filter(c -> c.op() == op).count() == 1;
    return once && isConvolution(op) && ownsConstants(op) && (offset == 0 || !isDepthwise(op));
  }

  private static int offset(Op concat, Op tensor) {
    int offset = 0;
    for (Op in : concat.inputs("input")) {
      if (in == tensor) {
        break;
      }
      offset += in.output().shape().dim(3);
    }
    return offset;
  }

  /** A convolution over all input channels, or one that keeps channels apart one to one. */
  private static boolean isConvolution(Op op) {
    return QuantizableOps.kind(op) == Kind.CONVOLUTION
        && op.attrs().getInt("group", 1) == 1
        && (op.type().equals("conv2d")
            || (isDepthwise(op)
                && op.input().output().shape().dim(3) == op.output().shape().dim(3)));
  }

  static boolean isDepthwise(Op op) {
    return op.type().equals("depthwise-conv2d");
  }

  private static boolean ownsConstants(Op op) {
    return op.inputs().entrySet().stream()
        .filter(e -> !e.getKey().equals("input"))
        .flatMap(e -> e.getValue().stream())
        .allMatch(constant -> constant.fanOut().size() == 1);
  }
}
