package io.sluice.onnx;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.proto.AttributeProto;
import io.sluice.onnx.proto.NodeProto;
import io.sluice.onnx.proto.TensorProto;
import java.util.LinkedHashMap;
import java.util.Map;

/** A node with its attributes by name and the opset under which it is to be read. */
final class OnnxNode {
  private final NodeProto proto;
  private final int opset;
  private final Map<String, AttributeProto> attributes = new LinkedHashMap<>();

  OnnxNode(NodeProto proto, int opset) {
    this.proto = proto;
    this.opset = opset;
    proto.getAttributeList().forEach(a -> attributes.put(a.getName(), a));
  }

  NodeProto proto() {
    return proto;
  }

  String type() {
    return proto.getOpType();
  }

  int opset() {
    return opset;
  }

  int inputCount() {
    return proto.getInputCount();
  }

  int outputCount() {
    return proto.getOutputCount();
  }

  /** Whether an optional input is given. */
  boolean hasInput(int index) {
    return index < proto.getInputCount() && !proto.getInput(index).isEmpty();
  }

  String input(int index) {
    if (!hasInput(index)) {
      throw invalid("has no input " + index);
    }
    return proto.getInput(index);
  }

  String output(int index) {
    if (index >= proto.getOutputCount()) {
      throw invalid("has no output " + index);
    }
    return proto.getOutput(index);
  }

  boolean has(String attribute) {
    return attributes.containsKey(attribute);
  }

  private AttributeProto typed(String name, AttributeProto.AttributeType wanted) {
    AttributeProto attribute = attributes.get(name);
    if (attribute != null && attribute.getType() != wanted) {
      throw invalid("has attribute '" + name + "' of type " + attribute.getType());
    }
    return attribute;
  }

  int integer(String name, int fallback) {
    AttributeProto a = typed(name, AttributeProto.AttributeType.INT);
    return a == null ? fallback : clamp(a.getI());
  }

  float real(String name, float fallback) {
    AttributeProto a = typed(name, AttributeProto.AttributeType.FLOAT);
    return a == null ? fallback : a.getF();
  }

  String string(String name, String fallback) {
    AttributeProto a = typed(name, AttributeProto.AttributeType.STRING);
    return a == null ? fallback : a.getS().toStringUtf8();
  }

  /** Values outside the range of an int, such as the "to the end" of a slice, become its ends. */
  int[] integers(String name, int... fallback) {
    AttributeProto a = typed(name, AttributeProto.AttributeType.INTS);
    return a == null ? fallback : a.getIntsList().stream().mapToInt(OnnxNode::clamp).toArray();
  }

  /** A list of integers, or one, at full width. */
  long[] longs(String name) {
    AttributeProto a = attributes.get(name);
    if (a != null && a.getType() == AttributeProto.AttributeType.INT) {
      return new long[] {a.getI()};
    }
    a = typed(name, AttributeProto.AttributeType.INTS);
    return a == null ? new long[0] : a.getIntsList().stream().mapToLong(l -> l).toArray();
  }

  float[] reals(String name) {
    AttributeProto a = typed(name, AttributeProto.AttributeType.FLOATS);
    float[] values = new float[a == null ? 0 : a.getFloatsCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = a.getFloats(i);
    }
    return values;
  }

  TensorProto tensor(String name) {
    AttributeProto a = typed(name, AttributeProto.AttributeType.TENSOR);
    return a == null ? null : a.getT();
  }

  static int clamp(long value) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
  }

  /** The node by name, or by its output when it has none. */
  String place() {
    String name = proto.getName();
    if (name.isEmpty() && proto.getOutputCount() > 0) {
      name = proto.getOutput(0);
    }
    return "node '" + name + "' (" + type() + ", opset " + opset + ")";
  }

  SluiceException invalid(String what) {
    return new SluiceException(
        ErrorCode.ONNX_INVALID_MODEL,
        type() + " " + what,
        place(),
        "check it with onnx.checker, and export it again");
  }

  SluiceException refused(ErrorCode code, String what, String remedy) {
    return new SluiceException(code, type() + " " + what, place(), remedy);
  }

  SluiceException unsupported(String what) {
    return new SluiceException(
        ErrorCode.ONNX_UNSUPPORTED_OP, what, place(), "replace the op, or cut the model before it");
  }
}
