package io.sluice.onnx;

import io.sluice.onnx.Value.Known;
import io.sluice.onnx.Value.Live;
import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/** Ops that change the shape but not the values: a transpose only changes the layout on record. */
final class ShapeRules {
  private ShapeRules() {}

  static void register(Map<String, NodeRule> rules) {
    rules.put("Transpose", ShapeRules::transpose);
    rules.put("Reshape", ShapeRules::reshape);
    rules.put("Flatten", ShapeRules::flatten);
    rules.put("Squeeze", ShapeRules::squeeze);
    rules.put("Unsqueeze", ShapeRules::unsqueeze);
    rules.put("Shape", ShapeRules::shape);
    rules.put("Size", ShapeRules::size);
    rules.put("Expand", ShapeRules::expand);
  }

  private static void transpose(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    int rank = x.layout().rank();
    int[] reversed = new int[rank];
    Arrays.setAll(reversed, i -> rank - 1 - i);
    int[] perm = node.integers("perm", reversed);
    int[] sorted = perm.clone();
    Arrays.sort(sorted);
    int[] all = new int[rank];
    Arrays.setAll(all, i -> i);
    if (!Arrays.equals(sorted, all)) {
      throw node.invalid("by " + Arrays.toString(perm) + " of " + x.shape());
    }
    state.put(node.output(0), new Live(x.op(), x.layout().transposed(perm)));
  }

  private static void reshape(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    int[] wanted = node.opset() < 5 ? node.integers("shape") : state.integers(node, 1);
    int[] dims = wanted.clone();
    int unknown = -1;
    long known = 1;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 0 && node.integer("allowzero", 0) == 0 && i < x.shape().rank()) {
        dims[i] = x.shape().dim(i);
      }
      if (dims[i] == -1 && unknown < 0) {
        unknown = i;
      } else if (dims[i] < 1) {
        throw node.invalid("of " + x.shape() + " to " + Arrays.toString(wanted));
      } else {
        known = Math.multiplyExact(known, dims[i]);
      }
    }
    if (unknown >= 0) {
      dims[unknown] = OnnxNode.clamp(x.shape().elements() / known);
      known *= dims[unknown];
    }
    if (known != x.shape().elements()) {
      throw node.invalid("of " + x.shape() + " to " + Arrays.toString(wanted));
    }
    to(node, state, x, Shape.of(dims));
  }

  private static void flatten(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    int rank = x.shape().rank();
    int axis = node.integer("axis", 1);
    axis = axis < 0 ? axis + rank : axis;
    if (axis < 0 || axis > rank) {
      throw node.invalid("at axis " + axis + " of " + x.shape());
    }
    int before = 1;
    for (int i = 0; i < axis; i++) {
      before *= x.shape().dim(i);
    }
    to(node, state, x, Shape.of(before, x.shape().elements() / Math.max(1, before)));
  }

  /**
   * Gives a value another shape. Where only dimensions of size one come or go the value stays as it
   * is stored; otherwise it is read in the order of ONNX.
   */
  static void to(OnnxNode node, ImportState state, Live x, Shape shape) {
    if (x.shape().equals(shape)) {
      state.put(node.output(0), x);
      return;
    }
    if (shape.rank() == 0) {
      throw node.unsupported(node.type() + " to a scalar");
    }
    Layout layout = Layout.identity(shape.rank());
    Op from = x.op();
    if (Arrays.equals(withoutOnes(x.shape()), withoutOnes(shape))) {
      layout = reshaped(x, shape).canonical(shape);
    } else {
      from = state.flat(x);
    }
    Shape stored = layout.toStored(shape);
    if (stored.equals(from.output().shape())) {
      state.put(node.output(0), new Live(from, layout));
    } else {
      state.emit(node, "reshape", Attrs.EMPTY.with("shape", stored.toArray()), from, layout);
    }
  }

  private static int[] withoutOnes(Shape shape) {
    return Arrays.stream(shape.toArray()).filter(d -> d != 1).toArray();
  }

  private static Layout reshaped(Live x, Shape shape) {
    boolean[] ones = new boolean[x.shape().rank()];
    for (int i = 0; i < ones.length; i++) {
      ones[i] = x.shape().dim(i) == 1;
    }
    Layout layout = x.layout().without(ones);
    for (int i = 0; i < shape.rank(); i++) {
      if (shape.dim(i) == 1) {
        layout = layout.with(i);
      }
    }
    return layout;
  }

  private static void squeeze(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    Shape shape = x.shape();
    boolean[] dropped = new boolean[shape.rank()];
    int[] axes = axes(node, state);
    if (axes == null) {
      for (int i = 0; i < dropped.length; i++) {
        dropped[i] = shape.dim(i) == 1;
      }
    } else {
      for (int axis : axes) {
        int a = axis(node, axis, shape.rank());
        if (shape.dim(a) != 1) {
          throw node.invalid("of axis " + axis + " of " + shape);
        }
        dropped[a] = true;
      }
    }
    int[] kept =
        IntStream.range(0, dropped.length).filter(i -> !dropped[i]).map(shape::dim).toArray();
    to(node, state, x, Shape.of(kept));
  }

  private static void unsqueeze(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    int[] axes = axes(node, state);
    if (axes == null) {
      throw node.invalid("without axes");
    }
    int rank = x.shape().rank() + axes.length;
    int[] sorted = Arrays.stream(axes).map(a -> axis(node, a, rank)).sorted().toArray();
    if (Arrays.stream(sorted).distinct().count() != sorted.length) {
      throw node.invalid("of axes " + Arrays.toString(axes) + " on " + x.shape());
    }
    int[] dims = new int[rank];
    for (int i = 0, from = 0; i < rank; i++) {
      dims[i] = Arrays.binarySearch(sorted, i) >= 0 ? 1 : x.shape().dim(from++);
    }
    to(node, state, x, Shape.of(dims));
  }

  /** Axes from the attribute, or since opset 13 from the second input; null when there are none. */
  private static int[] axes(OnnxNode node, ImportState state) {
    if (node.has("axes")) {
      return node.integers("axes");
    }
    return node.hasInput(1) ? state.integers(node, 1) : null;
  }

  static int axis(OnnxNode node, int axis, int rank) {
    int positive = axis < 0 ? axis + rank : axis;
    if (positive < 0 || positive >= rank) {
      throw node.invalid("at axis " + axis + " of rank " + rank);
    }
    return positive;
  }

  private static void shape(OnnxNode node, ImportState state) {
    Shape shape = state.value(node, 0).shape();
    int rank = shape.rank();
    int start = bound(node.integer("start", 0), rank);
    int end = Math.max(start, bound(node.integer("end", rank), rank));
    long[] dims =
        Arrays.stream(Arrays.copyOfRange(shape.toArray(), start, end)).asLongStream().toArray();
    state.put(node.output(0), new Known(TensorData.ofLongs(Shape.of(dims.length), dims)));
  }

  private static int bound(int index, int rank) {
    return Math.max(0, Math.min(rank, index < 0 ? index + rank : index));
  }

  private static void size(OnnxNode node, ImportState state) {
    long elements = state.value(node, 0).shape().elements();
    state.put(node.output(0), new Known(TensorData.ofLongs(Shape.of(), elements)));
  }

  /** Only a broadcast to the shape that it has, which is nothing. */
  private static void expand(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    int[] wanted = state.integers(node, 1);
    int rank = Math.max(wanted.length, x.shape().rank());
    int[] dims = Layout.padRank(x.shape(), rank).toArray();
    for (int i = 0; i < wanted.length; i++) {
      int at = rank - wanted.length + i;
      if (wanted[i] < 1 || (wanted[i] != 1 && dims[at] != 1 && wanted[i] != dims[at])) {
        throw node.invalid("of " + x.shape() + " to " + Arrays.toString(wanted));
      }
      dims[at] = Math.max(dims[at], wanted[i]);
    }
    Shape shape = Shape.of(dims);
    if (shape.equals(x.shape())) {
      state.put(node.output(0), x);
      return;
    }
    throw node.unsupported("Expand of " + x.shape() + " to " + shape);
  }

  /** The op that holds a value in its own order of dimensions. */
  static Op plain(ImportState state, Live x) {
    return state.arranged(x, Layout.identity(x.layout().rank()));
  }
}
