package io.sluice.vart;

import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Small float graphs, and an executor that computes them in plain Java. */
final class TestGraphs {
  static final Shape SHAPE = Shape.of(1, 2, 2, 3);

  private TestGraphs() {}

  /** {@code sum = relu(x + y) + x}. */
  static Graph sum() {
    Graph graph = new Graph("sum");
    Attrs shape = Attrs.EMPTY.with("shape", SHAPE.toArray()).with("data_type", "FLOAT32");
    Op x = graph.add("x", "data", shape);
    Op y = graph.add("y", "data", shape);
    Op inner = graph.add("inner", "add", Attrs.EMPTY, x, y);
    Op relu = graph.add("relu", "relu", Attrs.EMPTY, inner);
    graph.add("sum", "add", Attrs.EMPTY, relu, x);
    return graph;
  }

  static TensorData floats(float... values) {
    return TensorData.ofFloats(SHAPE, values);
  }

  static TensorData constant(float value) {
    float[] values = new float[SHAPE.elements()];
    Arrays.fill(values, value);
    return floats(values);
  }

  static StagePlan.Part part(Graph graph, String name, String device, String... ops) {
    Set<Op> set = new LinkedHashSet<>();
    for (String op : ops) {
      set.add(graph.op(op));
    }
    return new StagePlan.Part(name, device, set);
  }

  /** Computes a stage op by op; knows add, relu and const. */
  static SubgraphExecutor interpreter(Stage stage, RunnerOptions options) {
    return new ValueExecutor(stage) {
      @Override
      Map<String, TensorData> run(Map<String, TensorData> inputs) {
        Map<String, float[]> values = new HashMap<>();
        stage.inputs().forEach(op -> values.put(op.name(), inputs.get(op.name()).toFloats()));
        Map<String, TensorData> results = new HashMap<>();
        stage.outputs().forEach(op -> results.put(op.name(), floats(value(op, values))));
        return results;
      }

      @Override
      public void close() {}
    };
  }

  private static float[] value(Op op, Map<String, float[]> values) {
    float[] known = values.get(op.name());
    if (known != null) {
      return known;
    }
    if (op.type().equals("data")) {
      throw new AssertionError("the stage was not given " + op);
    }
    float[] result = new float[SHAPE.elements()];
    for (Op in : op.allInputs()) {
      float[] term = value(in, values);
      for (int i = 0; i < result.length; i++) {
        result[i] += term[i];
      }
    }
    if (op.type().equals("relu")) {
      for (int i = 0; i < result.length; i++) {
        result[i] = Math.max(0, result[i]);
      }
    }
    values.put(op.name(), result);
    return result;
  }
}
