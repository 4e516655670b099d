package io.sluice.aks.kernel.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.aks.JobParams;
import io.sluice.aks.ParamValue;
import io.sluice.aks.kernel.KernelRun;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FaceAndSsdTest {
  @Test
  void denseBoxFindsTheFaceWhoseCornersWereEncoded() {
    float[] scores = new float[2 * 5 * 6 * 2];
    float[] corners = new float[2 * 5 * 6 * 4];
    for (int i = 0; i < scores.length; i += 2) {
      scores[i] = 9;
    }
    // Image 1, pixels (3, 2) and (4, 2) see the face from (2, 3) to (20, 17), the second better.
    for (int x = 3; x <= 4; x++) {
      int pixel = 30 + 2 * 6 + x;
      scores[2 * pixel] = 0;
      scores[2 * pixel + 1] = x;
      corners[4 * pixel] = 2 - 4 * x;
      corners[4 * pixel + 1] = 3 - 8;
      corners[4 * pixel + 2] = 20 - 4 * x;
      corners[4 * pixel + 3] = 17 - 8;
    }
    TensorData s = TensorData.ofFloats(Shape.of(2, 5, 6, 2), scores);
    TensorData c = TensorData.ofFloats(Shape.of(2, 5, 6, 4), corners);
    KernelRun kernel = new KernelRun(new FaceDetectPostProcess(), Map.of());
    float[] face = kernel.apply(s, c).get(0).toFloats();
    assertThat(Arrays.copyOf(face, 5)).containsExactly(1, 2, 3, 18, 14);
    assertThat(face).hasSize(6);
    assertThat(face[5]).isCloseTo((float) (1 / (1 + Math.exp(-4))), within(1e-6f));
    assertThat(kernel.apply(c, s).get(0).toFloats()).as("in either order").containsExactly(face);
    KernelRun sure =
        new KernelRun(new FaceDetectPostProcess(), Map.of("det_thresh", ParamValue.of(1f)));
    assertThat(sure.apply(s, c).get(0).shape()).isEqualTo(Shape.of(0, 6));
  }

  @Test
  void untilingIsTheInverseOfTiling() {
    int stride = 4;
    float[] fine = new float[2 * 8 * 12 * 3];
    Random random = new Random(3);
    for (int i = 0; i < fine.length; i++) {
      fine[i] = random.nextFloat();
    }
    float[] tiled = new float[fine.length];
    for (int n = 0; n < 2; n++) {
      for (int y = 0; y < 8; y++) {
        for (int x = 0; x < 12; x++) {
          for (int c = 0; c < 3; c++) {
            int channel = ((y % stride) * stride + x % stride) * 3 + c;
            tiled[((n * 2 + y / stride) * 3 + x / stride) * 48 + channel] =
                fine[((n * 8 + y) * 12 + x) * 3 + c];
          }
        }
      }
    }
    TensorData map = TensorData.ofFloats(Shape.of(2, 2, 3, 48), tiled);
    assertThat(DenseBoxDecoder.untiled(map, stride))
        .isEqualTo(TensorData.ofFloats(Shape.of(2, 8, 12, 3), fine));
  }

  @Test
  void ssdHasTheKnownNumberOfPriorBoxes() {
    // SSD300: 38, 19, 10, 5, 3, 1 cells a side with 4, 6, 6, 6, 4, 4 boxes each: 8732.
    float[] two = {2};
    float[] twoThree = {2, 3};
    int[] sides = {38, 19, 10, 5, 3, 1};
    float[] sizes = {30, 60, 111, 162, 213, 264, 315};
    List<SsdAnchors.FeatureMap> maps = new java.util.ArrayList<>();
    for (int i = 0; i < 6; i++) {
      float[] ratios = i == 0 || i > 3 ? two : twoThree;
      maps.add(new SsdAnchors.FeatureMap(sides[i], sides[i], sizes[i], sizes[i + 1], ratios));
    }
    float[] anchors = SsdAnchors.of(maps, 300, 300);
    assertThat(anchors).hasSize(8732 * 4);
    assertThat(Arrays.copyOf(anchors, 4)).containsExactly(0.5f / 38, 0.5f / 38, 0.1f, 0.1f);
    double wide = Math.sqrt(2) * 30 / 300;
    assertThat((double) anchors[10]).as("third box, width").isCloseTo(wide, within(1e-6));
    assertThat((double) anchors[11]).as("third box, height").isCloseTo(wide / 2, within(1e-6));
  }

  @Test
  void ssdFindsTheBoxThatWasEncodedAgainstItsPrior() {
    Map<String, ParamValue> params = ssd();
    KernelRun kernel = new KernelRun(new SsdPostProcess(), params);
    int count = 2 * 3 * 4;
    float[] offsets = new float[count * 4];
    float[] scores = new float[count * 3];
    // Prior 5: cell 1, the second square, side sqrt(20 x 40), centre (1.5 / 3, 0.5 / 2).
    double side = Math.sqrt(800) / 100;
    double[] box = {0.45, 0.3, 0.2, 0.4};
    offsets[20] = (float) ((box[0] - 0.5) / side / 0.1);
    offsets[21] = (float) ((box[1] - 0.25) / side / 0.1);
    offsets[22] = (float) (Math.log(box[2] / side) / 0.2);
    offsets[23] = (float) (Math.log(box[3] / side) / 0.2);
    scores[5 * 3 + 2] = 3;
    JobParams job = JobParams.empty();
    job.putInts("img_dims", 3, 200, 400);
    float[] found =
        kernel
            .apply(
                job,
                TensorData.ofFloats(Shape.of(1, count, 4), offsets),
                TensorData.ofFloats(Shape.of(1, count, 3), scores))
            .get(0)
            .toFloats();
    float[] best = Arrays.copyOf(found, 7);
    assertThat(best[1]).isCloseTo((float) ((box[0] - box[2] / 2) * 400), within(0.01f));
    assertThat(best[2]).isCloseTo((float) ((box[1] + box[3] / 2) * 200), within(0.01f));
    assertThat(best[3]).isCloseTo((float) ((box[0] + box[2] / 2) * 400), within(0.01f));
    assertThat(best[4]).isCloseTo((float) ((box[1] - box[3] / 2) * 200), within(0.01f));
    assertThat(best[5]).isEqualTo(2);
    assertThat((double) best[6]).isCloseTo(Math.exp(3) / (2 + Math.exp(3)), within(1e-6));
  }

  @Test
  void ssdRefusesWhatDoesNotFitTogether() {
    Map<String, ParamValue> params = ssd();
    params.put("aspect_ratio_counts", ParamValue.ofInts(List.of(2)));
    assertThatThrownBy(() -> new KernelRun(new SsdPostProcess(), params))
        .hasMessageContaining("'aspect_ratio_counts' of kernel SsdPostProcess");
    KernelRun kernel = new KernelRun(new SsdPostProcess(), ssd());
    float[] nan = new float[24 * 3];
    nan[4] = Float.NaN;
    JobParams job = JobParams.empty();
    job.putInts("img_dims", 3, 2, 2);
    assertThatThrownBy(
            () ->
                kernel.apply(
                    job,
                    TensorData.ofFloats(Shape.of(1, 24, 4), new float[96]),
                    TensorData.ofFloats(Shape.of(1, 24, 3), nan)))
        .hasMessageContaining("SLUICE_STAGE_FAILED");
    assertThatThrownBy(
            () ->
                kernel.apply(
                    job, TensorData.ofFloats(Shape.of(1), 1), TensorData.ofFloats(Shape.of(1), 1)))
        .hasMessageContaining("XIR_SHAPE_UNMATCH");
  }

  @Test
  void blazeFaceBlendsTheFacesThatOverlap() {
    int anchors = 896;
    float[] raw = new float[anchors * 16];
    float[] scores = new float[anchors];
    Arrays.fill(scores, -9);
    // Anchors 0 and 1 lie in the first cell, centre (4, 4); the last in cell (7, 7), centre 120.
    encode(raw, 0, 4, 4, 10, 12, 40, 20, 3);
    encode(raw, 1, 4, 4, 12, 12, 40, 20, 5);
    encode(raw, 895, 120, 120, 100, 100, 8, 8, 0);
    scores[0] = (float) Math.log(0.8 / 0.2);
    scores[1] = (float) Math.log(0.6 / 0.4);
    scores[895] = 200;
    JobParams job = JobParams.empty();
    job.putInts("img_dims", 3, 256, 256);
    List<TensorData> out =
        new KernelRun(new BlazeFacePostProcess(), Map.of())
            .apply(
                job,
                TensorData.ofFloats(Shape.of(1, anchors, 16), raw),
                TensorData.ofFloats(Shape.of(1, anchors, 1), scores));
    float[] rows = out.get(0).toFloats();
    assertThat(rows).hasSize(14);
    assertThat(rows[6]).as("exp overflows not").isEqualTo(1);
    assertThat(rows[1]).isCloseTo(2 * 96, within(1e-3f));
    double centre = (0.8 * 10 + 0.6 * 12) / 1.4;
    assertThat((double) rows[8]).isCloseTo(2 * (centre - 20), within(1e-3));
    assertThat((double) rows[9]).as("the lower side").isCloseTo(2 * (12 + 10), within(1e-3));
    assertThat(rows[13]).isCloseTo(0.8f, within(1e-6f));
    double point = (0.8 * 3 + 0.6 * 5) / 1.4;
    assertThat((double) out.get(1).getFloat(12)).isCloseTo(2 * point, within(1e-3));
  }

  private static void encode(
      float[] raw, int anchor, int ax, int ay, float cx, float cy, float w, float h, float point) {
    int at = anchor * 16;
    raw[at] = cx - ax;
    raw[at + 1] = cy - ay;
    raw[at + 2] = w;
    raw[at + 3] = h;
    for (int i = 4; i < 16; i += 2) {
      raw[at + i] = point - ax;
      raw[at + i + 1] = point - ay;
    }
  }

  private static Map<String, ParamValue> ssd() {
    Map<String, ParamValue> params = new HashMap<>();
    params.put("net_w", ParamValue.of(100));
    params.put("net_h", ParamValue.of(100));
    params.put("num_classes", ParamValue.of(3));
    params.put("feature_maps", ParamValue.ofInts(List.of(2, 3)));
    params.put("min_sizes", ParamValue.ofFloats(List.of(20f)));
    params.put("max_sizes", ParamValue.ofFloats(List.of(40f)));
    params.put("aspect_ratios", ParamValue.ofFloats(List.of(2f)));
    params.put("aspect_ratio_counts", ParamValue.ofInts(List.of(1)));
    return params;
  }
}
