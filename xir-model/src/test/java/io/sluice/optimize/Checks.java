package io.sluice.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sluice.onnx.OnnxExporter;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Runs graphs before and after passes in ONNX Runtime and compares them. */
final class Checks {
  private static final double TOLERANCE = 1e-4;

  private Checks() {}

  /** The graph after one pass, checked: the same results, and nothing left to do. */
  static Graph after(Pass pass, Graph before) {
    return after(new PassOrder(List.of(pass)), before);
  }

  /** The graph after some passes, checked: the same results, and nothing left to do. */
  static Graph after(PassOrder passes, Graph before) {
    Graph after = passes.run(before);
    requireSame(before, after);
    assertThat(passes.run(after)).isSameAs(after);
    for (Pass pass : passes.passes()) {
      assertThat(Rewrite.once(after, pass)).as(pass.name()).isSameAs(after);
    }
    return after;
  }

  /** Requires that a pass leaves a graph alone. */
  static void untouched(Pass pass, Graph graph) {
    Graph live = Rewrite.trimmed(graph);
    assertThat(Rewrite.once(live, pass)).isSameAs(live);
  }

  /** The types of all ops but constants and inputs, in topological order. */
  static List<String> types(Graph graph) {
    return graph.topologicalOrder().stream()
        .map(Op::type)
        .filter(type -> !type.equals("const") && !type.equals("data"))
        .toList();
  }

  /** Requires outputs of the same names, shapes and values on seeded random input. */
  static void requireSame(Graph before, Graph after) {
    Map<String, float[]> inputs = inputs(before, 7);
    List<Op> wanted = outputs(before);
    List<Op> given = outputs(after);
    assertThat(given).extracting(Op::name).containsExactlyElementsOf(names(wanted));
    for (int i = 0; i < wanted.size(); i++) {
      assertThat(given.get(i).output().name()).isEqualTo(wanted.get(i).output().name());
      assertThat(given.get(i).output().shape()).isEqualTo(wanted.get(i).output().shape());
    }
    List<float[]> expected = run(before, inputs);
    List<float[]> actual = run(after, inputs);
    for (int i = 0; i < expected.size(); i++) {
      double largest = 1;
      double worst = 0;
      for (int k = 0; k < expected.get(i).length; k++) {
        largest = Math.max(largest, Math.abs(expected.get(i)[k]));
        double d = Math.abs(expected.get(i)[k] - actual.get(i)[k]);
        worst = d <= worst ? worst : d;
      }
      assertThat(worst)
          .as("%s: %s to %s", wanted.get(i), types(before), types(after))
          .isLessThan(TOLERANCE * largest);
    }
  }

  private static List<String> names(List<Op> ops) {
    return ops.stream().map(Op::name).toList();
  }

  private static List<Op> outputs(Graph graph) {
    return graph.attrs().getStrings("return_ops").stream().map(graph::op).toList();
  }

  private static Map<String, float[]> inputs(Graph graph, long seed) {
    Random random = new Random(seed);
    Map<String, float[]> inputs = new LinkedHashMap<>();
    for (Op input : graph.inputs()) {
      float[] values = new float[input.output().shape().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (2 * random.nextGaussian());
      }
      inputs.put(input.output().name(), values);
    }
    return inputs;
  }

  private static List<float[]> run(Graph graph, Map<String, float[]> inputs) {
    byte[] model = OnnxExporter.export(graph, graph.inputs(), outputs(graph));
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> fed = new HashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      for (Op input : graph.inputs()) {
        long[] shape = Arrays.stream(input.output().shape().toArray()).asLongStream().toArray();
        FloatBuffer values = FloatBuffer.wrap(inputs.get(input.output().name()));
        fed.put(input.output().name(), OnnxTensor.createTensor(environment, values, shape));
      }
      try (OrtSession session = environment.createSession(model, options);
          OrtSession.Result result = session.run(fed)) {
        List<float[]> values = new ArrayList<>();
        for (Op output : outputs(graph)) {
          OnnxTensor tensor = (OnnxTensor) result.get(output.output().name()).orElseThrow();
          float[] out = new float[output.output().shape().elements()];
          tensor.getFloatBuffer().get(out);
          values.add(out);
        }
        return values;
      }
    } catch (OrtException e) {
      throw new AssertionError(e);
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }
}
