package io.sluice.flink.dpu;

import io.sluice.compile.Compiler;
import io.sluice.onnx.OnnxImporter;
import io.sluice.quantize.QuantizeConfig;
import io.sluice.quantize.Quantizer;
import io.sluice.quantize.Samples;
import io.sluice.target.Targets;
import io.sluice.vart.ModelRef;
import io.sluice.xir.Graph;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * What batching does on the V70, whose unit takes 14 images at once: the text recognizer of
 * PP-OCRv4 for lines of 48 x 320, quantized and compiled for it, requests that come at random at
 * 30%, 60% and 90% of what full batches allow, in virtual time.
 *
 * <p>Expected: a batch takes little longer than one image, since the images are computed side by
 * side, so without batching the unit is overloaded when more than S(14) / (14 S(1)) of its capacity
 * is asked for, and the wait grows with the number of requests. With batching and no delay the
 * batches get as large as the load makes them. A delay makes batches larger and the unit less busy,
 * and adds to the latency as long as batches do not fill before it ends.
 */
final class BatchingTable {
  static final int REQUESTS = 200_000;
  static final double[] LOADS = {0.3, 0.6, 0.9};
  private static final int WIDTH = 320;
  private static final long SEED = 1;

  /**
   * A line of the table; times are modelled.
   *
   * @param load requests per time over what full batches allow
   * @param busy part of the time that the unit works
   */
  record Row(
      String batching, double load, double meanBatch, double busy, double p50Ms, double p99Ms) {}

  private final DpuNode node;
  private final ServiceTimes times = new ServiceTimes();

  BatchingTable() throws IOException {
    node = new DpuNode("rec", "in", "out", Map.of(WIDTH, recognizer()), 1);
  }

  public static void main(String[] args) throws IOException {
    System.out.print(new BatchingTable().toText());
  }

  /** Modelled time of a batch. */
  long serviceNs(int batch) {
    return times.ns(model(), DpuScheduleTest.v70(), batch);
  }

  private DpuModel model() {
    return node.modelsByWidth().get(WIDTH);
  }

  static Map<String, BatchingSettings> settings() {
    Map<String, BatchingSettings> settings = new LinkedHashMap<>();
    settings.put("off", BatchingSettings.OFF);
    settings.put("delay 0 ms", BatchingSettings.STANDARD);
    settings.put("delay 1 ms", BatchingSettings.delayed(Duration.ofMillis(1)));
    settings.put("delay 5 ms", BatchingSettings.delayed(Duration.ofMillis(5)));
    return settings;
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (double load : LOADS) {
      settings().forEach((name, batching) -> rows.add(row(name, batching, load)));
    }
    return rows;
  }

  private Row row(String name, BatchingSettings batching, double load) {
    int full = model().batch();
    double rate = load * full / serviceNs(full);
    PoissonLoad.Seen seen =
        new PoissonLoad(REQUESTS, rate, SEED)
            .play(
                node,
                DpuModels.settings(Duration.ofSeconds(1)).with(batching),
                DpuScheduleTest.v70());
    return new Row(
        name,
        load,
        seen.meanBatch(),
        (double) seen.busyNs() / seen.endNs(),
        seen.sojournNs(0.5) / 1e6,
        seen.sojournNs(0.99) / 1e6);
  }

  String toText() {
    StringBuilder text = new StringBuilder();
    int full = model().batch();
    text.append(
        String.format(
            Locale.ROOT,
            "modelled: S(1) %.3f ms, S(%d) %.3f ms, capacity %.0f requests/s in full batches, %.0f"
                + " one by one; %d Poisson arrivals, seed %d%n",
            serviceNs(1) / 1e6,
            full,
            serviceNs(full) / 1e6,
            full * 1e9 / serviceNs(full),
            1e9 / serviceNs(1),
            REQUESTS,
            SEED));
    text.append(
        String.format(
            "%-5s %-11s %10s %6s %10s %10s%n",
            "load", "batching", "mean batch", "busy", "p50 ms", "p99 ms"));
    for (Row row : rows()) {
      boolean overloaded = row.batching.equals("off") && row.load > capacityOneByOne();
      text.append(
          String.format(
              Locale.ROOT,
              "%-5s %-11s %10.2f %5.0f%% %10.3f %10.3f%s%n",
              Math.round(100 * row.load) + "%",
              row.batching,
              row.meanBatch,
              100 * row.busy,
              row.p50Ms,
              row.p99Ms,
              overloaded ? "  overloaded: grows with the number of requests" : ""));
    }
    return text.toString();
  }

  /** The load at which a unit that takes one image at a time is always busy. */
  double capacityOneByOne() {
    int full = model().batch();
    return (double) serviceNs(full) / (full * serviceNs(1));
  }

  /** Calibrated on noise, which changes positions but no time. */
  private static DpuModel recognizer() throws IOException {
    String name = "ch_PP-OCRv4_rec_infer.onnx";
    try (InputStream in = BatchingTable.class.getResourceAsStream("/models/" + name)) {
      Graph graph =
          OnnxImporter.importModel(
              in.readAllBytes(), name, Map.of("x", new int[] {1, 3, 48, WIDTH}));
      float[] noise = new float[48 * WIDTH * 3];
      Random random = new Random(SEED);
      for (int i = 0; i < noise.length; i++) {
        noise[i] = 2 * random.nextFloat() - 1;
      }
      String input = graph.inputs().get(0).output().name();
      Samples samples =
          Samples.of(
              graph.inputs(), Map.of(input, TensorData.ofFloats(Shape.of(1, 48, WIDTH, 3), noise)));
      Graph quantized = Quantizer.quantize(graph, samples, QuantizeConfig.standard()).graph();
      return DpuModel.of(
          new ModelRef(name, "0".repeat(64)),
          Compiler.compile(quantized, Targets.builtIn().byName(DpuModels.V70_TARGET)).graph());
    }
  }
}
