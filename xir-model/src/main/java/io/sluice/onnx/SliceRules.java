package io.sluice.onnx;

import io.sluice.onnx.Value.Known;
import io.sluice.onnx.Value.Live;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Ops that take parts of tensors or put parts together. */
final class SliceRules {
  private SliceRules() {}

  static void register(Map<String, NodeRule> rules) {
    rules.put("Slice", SliceRules::slice);
    rules.put("Split", SliceRules::split);
    rules.put("Gather", SliceRules::gather);
    rules.put("Concat", SliceRules::concat);
    rules.put("Pad", SliceRules::pad);
  }

  private static void slice(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    boolean inputs = node.opset() >= 10;
    int[] starts = inputs ? state.integers(node, 1) : node.integers("starts");
    int[] ends = inputs ? state.integers(node, 2) : node.integers("ends");
    int[] axes = new int[starts.length];
    Arrays.setAll(axes, i -> i);
    int[] steps = new int[starts.length];
    Arrays.fill(steps, 1);
    if (inputs) {
      axes = node.hasInput(3) ? state.integers(node, 3) : axes;
      steps = node.hasInput(4) ? state.integers(node, 4) : steps;
    } else {
      axes = node.integers("axes", axes);
    }
    if (ends.length != starts.length
        || axes.length != starts.length
        || steps.length != starts.length) {
      throw node.invalid("of starts, ends, axes and steps of different length");
    }
    Range[] ranges = whole(x.shape());
    for (int i = 0; i < starts.length; i++) {
      int axis = ShapeRules.axis(node, axes[i], x.shape().rank());
      if (steps[i] < 1) {
        throw node.unsupported("Slice with step " + steps[i]);
      }
      int size = x.shape().dim(axis);
      ranges[axis] = new Range(clip(starts[i], size), clip(ends[i], size), steps[i]);
    }
    emit(node, state, 0, x, ranges);
  }

  private record Range(int begin, int end, int step) {}

  private static int clip(int index, int size) {
    return Math.max(0, Math.min(size, index < 0 ? index + size : index));
  }

  private static Range[] whole(Shape shape) {
    Range[] ranges = new Range[shape.rank()];
    Arrays.setAll(ranges, i -> new Range(0, shape.dim(i), 1));
    return ranges;
  }

  private static void emit(OnnxNode node, ImportState state, int output, Live x, Range[] ranges) {
    for (int i = 0; i < ranges.length; i++) {
      if (ranges[i].begin() >= ranges[i].end()) {
        throw node.invalid("of " + x.shape() + " to nothing at axis " + i);
      }
    }
    if (Arrays.equals(ranges, whole(x.shape()))) {
      state.put(node.output(output), x);
      return;
    }
    state.emit(
        node,
        output,
        "strided_slice",
        sliceAttrs(x.layout(), ranges),
        Map.of("input", List.of(x.op())),
        x.layout());
  }

  private static Attrs sliceAttrs(Layout layout, Range[] ranges) {
    int[] begin = new int[ranges.length];
    int[] end = new int[ranges.length];
    int[] strides = new int[ranges.length];
    for (int axis = 0; axis < ranges.length; axis++) {
      int at = layout.stored(axis);
      begin[at] = ranges[axis].begin();
      end[at] = ranges[axis].end();
      strides[at] = ranges[axis].step();
    }
    return Attrs.EMPTY.with("begin", begin).with("end", end).with("strides", strides);
  }

  private static void split(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    int axis = ShapeRules.axis(node, node.integer("axis", 0), x.shape().rank());
    int size = x.shape().dim(axis);
    int parts = node.outputCount();
    int[] sizes = node.hasInput(1) ? state.integers(node, 1) : node.integers("split");
    if (sizes.length == 0) {
      // The last part is smaller where the axis does not divide.
      int part = (size + parts - 1) / parts;
      sizes = new int[parts];
      Arrays.fill(sizes, part);
      sizes[parts - 1] = size - part * (parts - 1);
    }
    if (sizes.length != parts
        || Arrays.stream(sizes).anyMatch(s -> s < 1)
        || Arrays.stream(sizes).asLongStream().sum() != size) {
      throw node.invalid("of " + x.shape() + " into " + Arrays.toString(sizes));
    }
    int begin = 0;
    for (int i = 0; i < parts; i++) {
      Range[] ranges = whole(x.shape());
      ranges[axis] = new Range(begin, begin + sizes[i], 1);
      emit(node, state, i, x, ranges);
      begin += sizes[i];
    }
  }

  /** Constant indices that lie at equal distances are a slice; a single one also drops its axis. */
  private static void gather(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    Shape indexShape = state.known(node, 1).shape();
    int[] indices = state.integers(node, 1);
    int axis = ShapeRules.axis(node, node.integer("axis", 0), x.shape().rank());
    int size = x.shape().dim(axis);
    for (int i = 0; i < indices.length; i++) {
      indices[i] = indices[i] < 0 ? indices[i] + size : indices[i];
      if (indices[i] < 0 || indices[i] >= size) {
        throw node.invalid("of index " + indices[i] + " of " + size);
      }
    }
    int step = indices.length > 1 ? indices[1] - indices[0] : 1;
    boolean even = indexShape.rank() <= 1 && indices.length > 0 && step > 0;
    for (int i = 1; i < indices.length && even; i++) {
      even = indices[i] - indices[i - 1] == step;
    }
    if (!even) {
      throw node.unsupported("Gather of indices " + Arrays.toString(indices));
    }
    Range[] ranges = whole(x.shape());
    ranges[axis] = new Range(indices[0], indices[indices.length - 1] + 1, step);
    if (indexShape.rank() == 1) {
      emit(node, state, 0, x, ranges);
      return;
    }
    Op part =
        size == 1
            ? x.op()
            : state.helper(node, "_slice", "strided_slice", sliceAttrs(x.layout(), ranges), x.op());
    int[] kept =
        IntStream.range(0, x.shape().rank()).filter(i -> i != axis).map(x.shape()::dim).toArray();
    ShapeRules.to(node, state, new Live(part, x.layout()), Shape.of(kept));
  }

  private static void concat(OnnxNode node, ImportState state) {
    int rank = state.value(node, 0).shape().rank();
    int axis = ShapeRules.axis(node, node.integer("axis", 1), rank);
    Layout layout = null;
    for (int i = 0; i < node.inputCount(); i++) {
      if (state.value(node, i).shape().rank() != rank) {
        throw node.invalid("of tensors of different rank");
      }
      if (layout == null && state.value(node, i) instanceof Live live) {
        layout = live.layout();
      }
    }
    if (layout == null) {
      layout = Layout.identity(rank); // constants that are too large to be folded
    }
    List<Op> parts = new ArrayList<>();
    for (int i = 0; i < node.inputCount(); i++) {
      Value value = state.value(node, i);
      if (value instanceof Known known) {
        int[] order = Layout.identity(rank).orderTo(layout);
        parts.add(state.constant(node.input(i), Layout.transpose(known.data(), order)));
      } else {
        parts.add(state.arranged((Live) value, layout));
      }
    }
    if (parts.size() == 1) {
      ElementwiseRules.alias(node, state);
      return;
    }
    Attrs attrs = Attrs.EMPTY.with("axis", layout.stored(axis));
    state.emit(node, 0, "concat", attrs, Map.of("input", parts), layout);
  }

  private static void pad(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    int rank = x.shape().rank();
    String mode = node.string("mode", "constant");
    if (!mode.equals("constant") && !mode.equals("reflect")) {
      throw node.unsupported("Pad of mode '" + mode + "'");
    }
    int[] pads = node.opset() < 11 ? node.integers("pads") : state.integers(node, 1);
    if (node.hasInput(3)) {
      int[] axes = state.integers(node, 3);
      int[] all = new int[2 * rank];
      if (pads.length != 2 * axes.length) {
        throw node.invalid("of " + pads.length + " pads for " + axes.length + " axes");
      }
      for (int i = 0; i < axes.length; i++) {
        int axis = ShapeRules.axis(node, axes[i], rank);
        all[axis] = pads[i];
        all[axis + rank] = pads[i + axes.length];
      }
      pads = all;
    }
    float value = node.real("value", 0f);
    if (node.opset() >= 11 && node.hasInput(2)) {
      if (!state.known(node, 2).type().equals(DataType.FLOAT32)) {
        throw node.unsupported("Pad of " + state.known(node, 2).type());
      }
      value = state.reals(node, 2)[0];
    }
    if (Arrays.stream(pads).anyMatch(p -> p < 0)) {
      throw node.unsupported("Pad that crops, by " + Arrays.toString(pads));
    }
    if (pads.length != 2 * rank || Arrays.stream(pads).anyMatch(p -> p > 1 << 24)) {
      throw node.invalid("of " + x.shape() + " by " + Arrays.toString(pads));
    }
    int[] paddings = new int[2 * rank];
    for (int axis = 0; axis < rank; axis++) {
      int at = x.layout().stored(axis);
      paddings[2 * at] = pads[axis];
      paddings[2 * at + 1] = pads[axis + rank];
    }
    if (Arrays.stream(pads).allMatch(p -> p == 0)) {
      state.put(node.output(0), x);
      return;
    }
    Attrs attrs =
        Attrs.EMPTY
            .with("paddings", paddings)
            .with("mode", mode.equals("constant") ? "CONSTANT" : "REFLECT");
    if (value != 0f) {
      float[] values = new float[2 * rank];
      Arrays.fill(values, value);
      attrs = attrs.with("constant_values", AttrValue.ofFloats(values));
    }
    state.emit(node, "pad", attrs, x.op(), x.layout());
  }
}
