package io.sluice.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real models: imported, exported and run they give what the originals give. */
@Tag("slow")
class PpOcrImportTest {
  private static final float TOLERANCE = 1e-4f;
  private static final int TIMED_RUNS = 3;

  private record Case(String model, int height, int width) {
    int[] shape() {
      return new int[] {1, 3, height, width};
    }
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    cases.add(new Case(PpOcrModels.DETECTION, 640, 640));
    cases.add(new Case(PpOcrModels.DETECTION, 960, 960));
    cases.add(new Case(PpOcrModels.CLASSIFICATION, 48, 192));
    for (int n = 1; n <= 8; n++) {
      cases.add(new Case(PpOcrModels.RECOGNITION, 48, 320 * n));
    }
    return cases;
  }

  private static Graph load(Case c) throws IOException {
    return OnnxImporter.importModel(PpOcrModels.read(c.model()), c.model(), Map.of("x", c.shape()));
  }

  @Test
  void everyBucketEqualsTheOriginal() throws IOException, OrtException {
    List<String> table = new ArrayList<>();
    float worst = 0;
    for (Case c : cases()) {
      TensorData x = PpOcrModels.text(c.height(), c.width(), 11);
      byte[] exported = OnnxRuns.export(load(c));
      try (OrtSession original = OnnxRuns.session(PpOcrModels.read(c.model()));
          OrtSession ours = OnnxRuns.session(exported)) {
        Map<String, TensorData> in = Map.of("x", x);
        Map<String, TensorData> nhwc = Map.of("x", OnnxRuns.toXir(x));
        Map<String, TensorData> expected = OnnxRuns.run(original, in);
        Map<String, TensorData> actual = OnnxRuns.run(ours, nhwc);
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        String output = expected.keySet().iterator().next();
        TensorData y = OnnxRuns.toXir(expected.get(output));
        float difference = OnnxRuns.maxAbsDifference(actual.get(output), y);
        worst = Math.max(worst, difference);
        double[] ms = bestMillis(original, in, ours, nhwc);
        table.add(
            String.format(
                "%-31s %4dx%-4d %12.3g %10.3f..%-8.3f %8.1f %8.1f %6.2f",
                c.model(),
                c.height(),
                c.width(),
                difference,
                least(y),
                most(y),
                ms[0],
                ms[1],
                ms[1] / ms[0]));
      }
    }
    System.out.printf(
        "%-31s %9s %12s %20s %8s %8s %6s%n",
        "model", "input", "max abs diff", "output range", "orig ms", "ours ms", "ratio");
    table.forEach(System.out::println);
    assertThat(worst).isLessThan(TOLERANCE);
  }

  private static float least(TensorData y) {
    float least = Float.MAX_VALUE;
    for (float v : y.toFloats()) {
      least = Math.min(least, v);
    }
    return least;
  }

  private static float most(TensorData y) {
    float most = -Float.MAX_VALUE;
    for (float v : y.toFloats()) {
      most = Math.max(most, v);
    }
    return most;
  }

  /** The best of a few runs of each, in turn, on one thread. */
  private static double[] bestMillis(
      OrtSession a, Map<String, TensorData> inA, OrtSession b, Map<String, TensorData> inB)
      throws OrtException {
    double[] best = {Double.MAX_VALUE, Double.MAX_VALUE};
    for (int i = 0; i < TIMED_RUNS; i++) {
      long start = System.nanoTime();
      OnnxRuns.run(a, inA);
      long middle = System.nanoTime();
      OnnxRuns.run(b, inB);
      best[0] = Math.min(best[0], (middle - start) / 1e6);
      best[1] = Math.min(best[1], (System.nanoTime() - middle) / 1e6);
    }
    return best;
  }

  @Test
  void noTransposeIsLeftThatTheDataFlowDoesNotNeed() throws IOException {
    assertThat(transposes(load(new Case(PpOcrModels.DETECTION, 640, 640)))).isEmpty();
    assertThat(transposes(load(new Case(PpOcrModels.CLASSIFICATION, 48, 192)))).isEmpty();
    // Per attention block: queries, keys and values to heads, and heads back to a row.
    List<Op> recognition = transposes(load(new Case(PpOcrModels.RECOGNITION, 48, 320)));
    assertThat(recognition).hasSize(8);
    for (Op op : recognition) {
      assertThat(op.output().shape().rank()).isEqualTo(4);
      assertThat(op.input().type()).isNotEqualTo("transpose");
      assertThat(op.attrs().getInts("order")).isNotEqualTo(new int[] {0, 1, 2, 3});
    }
  }

  private static List<Op> transposes(Graph graph) {
    return graph.ops().stream().filter(op -> op.type().equals("transpose")).toList();
  }

  @Test
  void activationsAreRecognisedAndConstantsFolded() throws IOException {
    Graph detection = load(new Case(PpOcrModels.DETECTION, 640, 640));
    assertThat(count(detection, "hard-swish")).isEqualTo(24);
    assertThat(count(detection, "hard-sigmoid")).isEqualTo(10);
    assertThat(count(detection, "depthwise-conv2d")).isEqualTo(14);
    assertThat(count(detection, "div") + count(detection, "relu6")).isZero();
    Graph classification = load(new Case(PpOcrModels.CLASSIFICATION, 48, 192));
    assertThat(count(classification, "hard-swish")).isEqualTo(18);
    assertThat(count(classification, "batchnorm")).isZero();
    Graph recognition = load(new Case(PpOcrModels.RECOGNITION, 48, 320));
    assertThat(count(recognition, "hard-swish")).isEqualTo(28);
    assertThat(count(recognition, "batchnorm")).isZero();
    for (Graph graph : List.of(detection, classification, recognition)) {
      for (Op op : graph.ops()) {
        boolean conv = op.type().contains("conv2d") && op.fanOut().size() == 1;
        assertThat(conv && foldable(op.fanOut().get(0))).as(op.toString()).isFalse();
      }
    }
  }

  private static boolean foldable(Op op) {
    return List.of("add", "sub", "mul", "div").contains(op.type())
        && op.inputs("input").stream().anyMatch(in -> in.type().equals("const"));
  }

  private static long count(Graph graph, String type) {
    return graph.ops().stream().filter(op -> op.type().equals(type)).count();
  }

  @Test
  void exportGivesTheSameBytesEveryTime() throws IOException {
    for (String model : List.of(PpOcrModels.CLASSIFICATION, PpOcrModels.RECOGNITION)) {
      Case c = new Case(model, 48, 320);
      assertThat(Arrays.equals(OnnxRuns.export(load(c)), OnnxRuns.export(load(c)))).isTrue();
    }
  }

  @Test
  void anyPartOfAGraphCanBeExported() throws IOException, OrtException {
    Case c = new Case(PpOcrModels.CLASSIFICATION, 48, 192);
    Graph graph = load(c);
    Op cut = graph.op("hardswish_17.tmp_0");
    Map<String, TensorData> x =
        Map.of("x", OnnxRuns.toXir(PpOcrModels.text(c.height(), c.width(), 5)));
    TensorData whole = only(OnnxRuns.run(OnnxRuns.export(graph), x));
    byte[] head = OnnxExporter.export(graph, graph.inputs(), List.of(cut));
    byte[] tail = OnnxExporter.export(graph, List.of(cut), OnnxRuns.outputs(graph));
    TensorData middle = only(OnnxRuns.run(head, x));
    assertThat(middle.shape()).isEqualTo(cut.output().shape());
    TensorData end = only(OnnxRuns.run(tail, Map.of(cut.output().name(), middle)));
    assertThat(OnnxRuns.maxAbsDifference(end, whole)).isLessThan(1e-6f);
  }

  private static TensorData only(Map<String, TensorData> outputs) {
    assertThat(outputs).hasSize(1);
    return outputs.values().iterator().next();
  }
}
