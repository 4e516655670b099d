package io.sluice.xir;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A graph to which tests of shape inference add ops, one at a time. */
abstract class ShapeInference {
  final Graph graph = new Graph("g");
  private int count;

  final Op data(int... shape) {
    return graph.add(
        "x" + count++, "data", Attrs.EMPTY.with("shape", shape).with("data_type", "FLOAT32"));
  }

  final Shape infer(String type, Attrs attrs, Map<String, List<Op>> inputs) {
    return graph.add("op" + count++, type, attrs, inputs).output().shape();
  }

  final Shape infer(String type, Attrs attrs, Op... inputs) {
    return infer(type, attrs, Map.of("input", List.of(inputs)));
  }

  static Attrs ints(String name, int... values) {
    return Attrs.EMPTY.with(name, values);
  }

  static Attrs window(int kernel, int stride, String mode) {
    return ints("kernel", kernel, kernel)
        .with("stride", new int[] {stride, stride})
        .with("pad_mode", mode);
  }

  final Shape conv(String type, Attrs attrs, int[] input, int... weights) {
    Map<String, List<Op>> inputs = new HashMap<>();
    inputs.put("input", List.of(data(input)));
    inputs.put("weights", List.of(data(weights)));
    return infer(type, attrs, inputs);
  }
}
