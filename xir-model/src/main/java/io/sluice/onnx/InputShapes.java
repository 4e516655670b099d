package io.sluice.onnx;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.proto.TensorShapeProto;
import io.sluice.onnx.proto.ValueInfoProto;
import io.sluice.xir.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fixes the shapes of a model's inputs: what the model says, completed by what the caller gives.
 */
final class InputShapes {
  private final Map<String, int[]> given;
  private final String model;

  InputShapes(Map<String, int[]> given, String model) {
    this.given = given;
    this.model = model;
  }

  /** Refuses a shape for an input that the model does not have. */
  void requireKnown(Set<String> inputs) {
    for (String name : given.keySet()) {
      if (!inputs.contains(name)) {
        throw bad("a shape for '" + name + "', but the inputs are " + inputs, name);
      }
    }
  }

  Shape of(ValueInfoProto input) {
    String name = input.getName();
    List<TensorShapeProto.Dimension> declared =
        input.getType().getTensorType().getShape().getDimList();
    boolean ranked = input.getType().getTensorType().hasShape();
    int[] shape = given.get(name);
    if (shape == null) {
      if (!ranked || declared.stream().anyMatch(d -> d.getDimValue() <= 0)) {
        throw bad("input '" + name + "' has the dynamic shape " + text(declared), name);
      }
      shape = declared.stream().mapToInt(d -> OnnxNode.clamp(d.getDimValue())).toArray();
    }
    if (ranked && declared.size() != shape.length) {
      throw mismatch(name, shape, declared);
    }
    for (int i = 0; i < shape.length; i++) {
      long fixed = ranked ? declared.get(i).getDimValue() : 0;
      if (shape[i] < 1 || (fixed > 0 && fixed != shape[i])) {
        throw mismatch(name, shape, declared);
      }
    }
    return Shape.of(shape);
  }

  private SluiceException mismatch(
      String name, int[] shape, List<TensorShapeProto.Dimension> declared) {
    return bad(
        "shape " + Arrays.toString(shape) + " for input '" + name + "' of " + text(declared), name);
  }

  private SluiceException bad(String what, String input) {
    return new SluiceException(
        ErrorCode.ONNX_DYNAMIC_SHAPE,
        what,
        model,
        "give the whole shape: --input-shape " + input + "=1,3,640,640");
  }

  private static List<String> text(List<TensorShapeProto.Dimension> dims) {
    List<String> text = new ArrayList<>();
    dims.forEach(d -> text.add(d.getDimValue() > 0 ? Long.toString(d.getDimValue()) : "?"));
    return text;
  }
}
