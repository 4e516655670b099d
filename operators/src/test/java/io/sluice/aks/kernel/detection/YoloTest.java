package io.sluice.aks.kernel.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.aks.JobParams;
import io.sluice.aks.ParamValue;
import io.sluice.aks.kernel.KernelRun;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class YoloTest {
  private static final float[] BIASES = {10, 14, 23, 27, 37, 58, 81, 82, 135, 169, 344, 319};

  /**
   * The other way round: boxes on the image are chosen, brought into the letterbox and turned into
   * the numbers that a network would give for them; decoding has to find them.
   */
  @Property(tries = 60)
  void boxesThatWereEncodedAreFound(
      @ForAll @IntRange(min = 2, max = 3) int version,
      @ForAll boolean nhwc,
      @ForAll @IntRange(min = 1, max = 900) int width,
      @ForAll @IntRange(min = 1, max = 900) int height,
      @ForAll long seed) {
    Random random = new Random(seed);
    int net = 96;
    int classes = 4;
    int anchors = 3;
    int[] sides = {6, 3};
    float[][] maps = new float[2][];
    for (int i = 0; i < 2; i++) {
      maps[i] = new float[sides[i] * sides[i] * anchors * (5 + classes)];
      Arrays.fill(maps[i], -20);
    }
    // What Darknet calls correcting: the letterbox as ratios.
    boolean wide = (float) net / width < (float) net / height;
    int newW = Math.max(1, wide ? net : (int) ((long) width * net / height));
    int newH = Math.max(1, wide ? (int) ((long) height * net / width) : net);
    List<double[]> truth = new ArrayList<>();
    for (int n = 0; n < 3; n++) {
      int map = random.nextInt(2);
      int side = sides[map];
      int anchor = random.nextInt(anchors);
      double cx = 0.2 + 0.6 * random.nextDouble();
      double cy = 0.2 + 0.6 * random.nextDouble();
      double w = 0.05 + 0.2 * random.nextDouble();
      double h = 0.05 + 0.2 * random.nextDouble();
      int label = n;
      double netX = (cx * newW + (net - newW) / 2.0) / net;
      double netY = (cy * newH + (net - newH) / 2.0) / net;
      int col = (int) (netX * side);
      int row = (int) (netY * side);
      int biasAt = 2 * (anchor + anchors * map);
      double unit = version == 2 ? side : net;
      double[] values = new double[5 + classes];
      Arrays.fill(values, -20);
      values[0] = logit(netX * side - col);
      values[1] = logit(netY * side - row);
      values[2] = Math.log(w * newW / net * unit / BIASES[biasAt]);
      values[3] = Math.log(h * newH / net * unit / BIASES[biasAt + 1]);
      values[4] = logit(0.9 - 0.1 * n);
      values[5 + label] = 20;
      boolean free = true;
      for (int i = 0; i < values.length; i++) {
        int channel = anchor * (5 + classes) + i;
        int at =
            nhwc
                ? (row * side + col) * anchors * (5 + classes) + channel
                : (channel * side + row) * side + col;
        free &= maps[map][at] == -20;
        maps[map][at] = (float) values[i];
      }
      if (free) {
        truth.add(new double[] {cx, cy, w, h, label, 0.9 - 0.1 * n});
      } else {
        return; // two boxes in one place
      }
    }
    TensorData[] tensors = new TensorData[2];
    for (int i = 0; i < 2; i++) {
      int channels = anchors * (5 + classes);
      tensors[i] =
          TensorData.ofFloats(
              nhwc
                  ? Shape.of(1, sides[i], sides[i], channels)
                  : Shape.of(1, channels, sides[i], sides[i]),
              maps[i]);
    }
    JobParams job = JobParams.empty();
    job.putInts("img_dims", 3, height, width);
    TensorData boxes =
        run(version, net, classes, anchors, 0.5f, nhwc ? "NHWC" : "NCHW")
            .apply(job, tensors)
            .get(0);
    assertThat(boxes.shape()).isEqualTo(Shape.of(3, 7));
    for (int n = 0; n < 3; n++) {
      double[] t = truth.get(n);
      double tolerance = 1e-3 * Math.max(width, height) + 1e-3;
      assertThat((double) boxes.getFloat(n * 7 + 1))
          .isCloseTo(clip((t[0] - t[2] / 2) * width, width), within(tolerance));
      assertThat((double) boxes.getFloat(n * 7 + 2))
          .as("the lower side comes first")
          .isCloseTo(clip((t[1] + t[3] / 2) * height, height), within(tolerance));
      assertThat((double) boxes.getFloat(n * 7 + 3))
          .isCloseTo(clip((t[0] + t[2] / 2) * width, width), within(tolerance));
      assertThat((double) boxes.getFloat(n * 7 + 4))
          .isCloseTo(clip((t[1] - t[3] / 2) * height, height), within(tolerance));
      assertThat(boxes.getFloat(n * 7 + 5)).isEqualTo((float) t[4]);
      assertThat((double) boxes.getFloat(n * 7 + 6)).isCloseTo(t[5], within(1e-4));
    }
  }

  @Test
  void theFinerMapHasTheFirstBiasesInV3WhateverTheOrder() {
    TensorData fine = map(2, 0);
    TensorData coarse = map(1, 0);
    KernelRun kernel = run(3, 32, 1, 1, 0.4f, "NHWC", 8f, 8f, 20f, 20f);
    JobParams job = JobParams.empty();
    job.putInts("img_dims", 3, 32, 32);
    List<Float> there = widths(kernel.apply(job, fine, coarse).get(0));
    List<Float> back = widths(kernel.apply(job, coarse, fine).get(0));
    assertThat(there).contains(8f, 20f).containsExactlyInAnyOrderElementsOf(back);
  }

  @Test
  void nothingFoundIsNoRowsAndHugeBoxesAreClippedToTheImage() {
    JobParams job = JobParams.empty();
    job.putInts("img_dims", 3, 20, 30);
    KernelRun kernel = run(3, 32, 1, 1, 0.4f, "NHWC", 8f, 8f);
    float[] none = {0, 0, 0, 0, -100, 0};
    assertThat(kernel.apply(job, TensorData.ofFloats(Shape.of(1, 1, 1, 6), none)).get(0).shape())
        .isEqualTo(Shape.of(0, 7));
    float[] huge = {0, 0, 1000, 1000, 9, 9};
    TensorData box = kernel.apply(job, TensorData.ofFloats(Shape.of(1, 1, 1, 6), huge)).get(0);
    assertThat(Arrays.copyOfRange(box.toFloats(), 1, 5)).containsExactly(0, 19, 29, 0);
  }

  @Test
  void badMapsSizesAndParametersAreRefused() {
    JobParams job = JobParams.empty();
    job.putInts("img_dims", 3, 20, 30);
    KernelRun kernel = run(3, 32, 1, 1, 0.4f, "NHWC", 8f, 8f);
    float[] nan = {0, 0, 0, 0, Float.NaN, 0};
    assertThatThrownBy(() -> kernel.apply(job, TensorData.ofFloats(Shape.of(1, 1, 1, 6), nan)))
        .hasMessageContaining("SLUICE_STAGE_FAILED");
    assertThatThrownBy(() -> kernel.apply(job, map(1, 0), map(2, 0)))
        .as("biases of one map only")
        .hasMessageContaining("XIR_SHAPE_UNMATCH");
    assertThatThrownBy(
            () -> kernel.apply(job, TensorData.ofFloats(Shape.of(1, 1, 1, 5), new float[5])))
        .hasMessageContaining("6 channels");
    assertThatThrownBy(() -> kernel.apply(JobParams.empty(), map(1, 0)))
        .hasMessageContaining("img_dims");
    assertThatThrownBy(() -> run(4, 32, 1, 1, 0.4f, "NHWC", 8f, 8f))
        .hasMessageContaining("'yolo_version' of kernel YoloPostProcess is 4");
    assertThatThrownBy(() -> run(3, 32, 1, 2, 0.4f, "NHWC", 8f, 8f))
        .hasMessageContaining("'biases'");
    assertThatThrownBy(() -> run(3, 32, 1, 1, Float.NaN, "NHWC", 8f, 8f))
        .hasMessageContaining("'conf_thresh'");
  }

  private static List<Float> widths(TensorData boxes) {
    List<Float> widths = new ArrayList<>();
    for (int i = 0; i < boxes.shape().dim(0); i++) {
      widths.add(boxes.getFloat(i * 7 + 3) - boxes.getFloat(i * 7 + 1));
    }
    return widths;
  }

  private static TensorData map(int side, float value) {
    float[] values = new float[side * side * 6];
    Arrays.fill(values, value);
    for (int i = 0; i < side * side; i++) {
      values[i * 6 + 4] = 5;
      values[i * 6 + 5] = 5;
    }
    return TensorData.ofFloats(Shape.of(1, side, side, 6), values);
  }

  private static double clip(double at, int size) {
    return Math.max(0, Math.min(size - 1, at));
  }

  private static double logit(double p) {
    double inside = Math.max(1e-6, Math.min(1 - 1e-6, p));
    return Math.log(inside / (1 - inside));
  }

  private static KernelRun run(
      int version, int net, int classes, int anchors, float conf, String layout, float... biases) {
    List<Float> list = new ArrayList<>();
    for (float bias : biases.length == 0 ? BIASES : biases) {
      list.add(bias);
    }
    Map<String, ParamValue> params = new HashMap<>();
    params.put("yolo_version", ParamValue.of(version));
    params.put("net_h", ParamValue.of(net));
    params.put("net_w", ParamValue.of(net));
    params.put("num_classes", ParamValue.of(classes));
    params.put("anchor_cnt", ParamValue.of(anchors));
    params.put("conf_thresh", ParamValue.of(conf));
    params.put("iou_thresh", ParamValue.of(0.45f));
    params.put("input_layout", ParamValue.of(layout));
    params.put("biases", ParamValue.ofFloats(list));
    return new KernelRun(new YoloPostProcess(), params);
  }
}
