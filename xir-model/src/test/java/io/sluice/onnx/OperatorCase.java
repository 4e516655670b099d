package io.sluice.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.sluice.onnx.proto.AttributeProto;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One operator on a random input, in one opset, and what it must become. */
final class OperatorCase {
  private final String type;
  private final int opset;
  private final int[] shape;
  private final OnnxModelBuilder model;
  private final List<String> inputs = new ArrayList<>(List.of("x"));
  private final List<AttributeProto> attributes = new ArrayList<>();
  private final List<String> outputs = new ArrayList<>(List.of("y"));
  private List<String> expected;
  private boolean positive;

  private OperatorCase(String type, int opset, int... shape) {
    this.type = type;
    this.opset = opset;
    this.shape = shape;
    this.model = new OnnxModelBuilder(opset).input("x", shape);
  }

  /** The operator's first input is fed, normally distributed. */
  static OperatorCase op(String type, int opset, int... shape) {
    return new OperatorCase(type, opset, shape);
  }

  /** The next input: random constants. */
  OperatorCase weights(int... dims) {
    model.weights(next(), dims);
    return this;
  }

  /** The next input: a constant. */
  OperatorCase value(TensorData data) {
    model.initializer(next(), data);
    return this;
  }

  OperatorCase floats(float... values) {
    return value(TensorData.ofFloats(Shape.of(values.length), values));
  }

  OperatorCase scalar(float value) {
    return value(TensorData.ofFloats(Shape.of(), value));
  }

  OperatorCase longs(long... values) {
    return value(TensorData.ofLongs(Shape.of(values.length), values));
  }

  /** The next input: the first one again, so that it is not constant. */
  OperatorCase again() {
    inputs.add("x");
    return this;
  }

  /** The next input is left out. */
  OperatorCase absent() {
    inputs.add("");
    return this;
  }

  OperatorCase with(AttributeProto... more) {
    attributes.addAll(List.of(more));
    return this;
  }

  /** The operator gives further outputs. */
  OperatorCase outputs(int count) {
    while (outputs.size() < count) {
      outputs.add("y" + outputs.size());
    }
    return this;
  }

  /** The input is the exponential of a normally distributed one. */
  OperatorCase onPositive() {
    positive = true;
    return this;
  }

  /** The types of the ops that it becomes. */
  OperatorCase becomes(String... types) {
    expected = List.of(types);
    return this;
  }

  private String next() {
    inputs.add("i" + inputs.size());
    return inputs.get(inputs.size() - 1);
  }

  /** Import, export and run; each output must be that of ONNX Runtime on the model itself. */
  void verify() throws OrtException {
    outputs.forEach(model::output);
    byte[] bytes =
        model.node(type, inputs, outputs, attributes.toArray(new AttributeProto[0])).build();
    Graph graph = OnnxImporter.importModel(bytes, "test", Map.of());
    TensorData x = OnnxModelBuilder.random(new Random(3), shape);
    if (positive) {
      float[] values = x.toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) Math.exp(values[i]);
      }
      x = TensorData.ofFloats(x.shape(), values);
    }
    Map<String, TensorData> wanted = OnnxRuns.run(bytes, Map.of("x", x));
    byte[] exported = OnnxRuns.export(graph);
    Map<String, TensorData> actual = OnnxRuns.run(exported, Map.of("x", OnnxRuns.toXir(x)));
    assertThat(actual.keySet()).containsExactlyElementsOf(wanted.keySet());
    wanted.forEach((name, value) -> requireClose(name, actual.get(name), OnnxRuns.toXir(value)));
    assertThat(OnnxRuns.export(graph)).isEqualTo(exported);
    for (Op op : graph.ops()) {
      assertThat(graph.producer(op.output().name())).isSameAs(op);
    }
    if (expected != null) {
      assertThat(OnnxRuns.types(graph)).isEqualTo(expected);
    }
  }

  private static void requireClose(String name, TensorData actual, TensorData wanted) {
    assertThat(actual.type()).as(name).isEqualTo(wanted.type());
    assertThat(actual.shape().elements()).as(name).isEqualTo(wanted.shape().elements());
    if (wanted.shape().rank() > 0) {
      assertThat(actual.shape()).as(name).isEqualTo(wanted.shape());
    }
    if (!wanted.type().equals(DataType.FLOAT32)) {
      assertThat(actual.array()).as(name).isEqualTo(wanted.array());
      return;
    }
    float[] a = actual.toFloats();
    float[] w = wanted.toFloats();
    float range = 1e-3f;
    for (float v : w) {
      range = Math.max(range, Float.isFinite(v) ? Math.abs(v) : 0);
    }
    for (int i = 0; i < a.length; i++) {
      boolean same = Float.compare(a[i], w[i]) == 0 || Math.abs(a[i] - w[i]) <= 1e-4f * range;
      assertThat(same).as("%s[%d] is %s, not %s", name, i, a[i], w[i]).isTrue();
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(type + "-" + opset + " " + Shape.of(shape));
    attributes.forEach(
        a -> text.append(' ').append(a.getName()).append(' ').append(a.getS().toStringUtf8()));
    return text.append(inputs.size() > 1 ? " of " + inputs.size() + " inputs" : "").toString();
  }
}
