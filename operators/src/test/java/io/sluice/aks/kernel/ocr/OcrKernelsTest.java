package io.sluice.aks.kernel.ocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.aks.JobParams;
import io.sluice.aks.ParamValue;
import io.sluice.aks.SplittingKernel;
import io.sluice.aks.kernel.KernelRun;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OcrKernelsTest {
  @Test
  void aBarInTheMapBecomesALineCutOutOfThePage() throws IOException {
    float[] map = new float[96 * 96];
    for (int y = 40; y < 50; y++) {
      for (int x = 10; x < 80; x++) {
        map[y * 96 + x] = 0.95f;
      }
    }
    JobParams job = JobParams.empty();
    job.putInts("img_dims", 3, 96, 192);
    TensorData boxes =
        new KernelRun(new DbnetBoxes(), Map.of())
            .apply(job, TensorData.ofFloats(Shape.of(1, 96, 96, 1), map))
            .get(0);
    assertThat(boxes.shape()).isEqualTo(Shape.of(1, 9));
    // The page is twice as large as the map, and a box is grown.
    assertThat(boxes.getFloat(0)).isBetween(0f, 20f);
    assertThat(boxes.getFloat(1)).isBetween(60f, 80f);
    assertThat(boxes.getFloat(4)).isBetween(158f, 185f);
    assertThat(boxes.getFloat(8)).isBetween(0.9f, 0.96f);
    byte[] page = new byte[96 * 192 * 3];
    new Random(1).nextBytes(page);
    List<List<TensorData>> lines =
        ((SplittingKernel) new KernelRun(new CropLines(), Map.of()).kernel())
            .split(
                List.of(TensorData.wrap(DataType.UINT8, Shape.of(96, 192, 3), page), boxes), job);
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0).get(0).shape().dim(1)).isBetween(138, 185);
    assertThat(lines.get(0).get(1).toFloats()).isEqualTo(boxes.toFloats());
  }

  @Test
  void anEmptyMapHasNoLines() throws IOException {
    JobParams job = JobParams.empty();
    job.putInts("img_dims", 3, 8, 8);
    KernelRun kernel = new KernelRun(new DbnetBoxes(), Map.of());
    TensorData none =
        kernel.apply(job, TensorData.ofFloats(Shape.of(1, 8, 8, 1), new float[64])).get(0);
    assertThat(none.shape()).isEqualTo(Shape.of(0, 9));
    TensorData page = TensorData.wrap(DataType.UINT8, Shape.of(8, 8, 3), new byte[192]);
    SplittingKernel crop = (SplittingKernel) new KernelRun(new CropLines(), Map.of()).kernel();
    assertThat(crop.split(List.of(page, none), job)).isEmpty();
    float[] nan = new float[64];
    nan[5] = Float.NaN;
    assertThatThrownBy(() -> kernel.apply(job, TensorData.ofFloats(Shape.of(1, 8, 8, 1), nan)))
        .hasMessageContaining("SLUICE_STAGE_FAILED");
  }

  @Test
  void textIsReadWithTheAlphabetOfAFile(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("keys.txt"), "a\r\nb\n");
    KernelRun kernel =
        new KernelRun(new CtcDecode(), Map.of("alphabet", ParamValue.of("keys.txt")), folder);
    JobParams job = JobParams.empty();
    // Symbols: blank, a, b, space. Steps: a, a, blank, b.
    TensorData steps =
        TensorData.ofFloats(
            Shape.of(1, 4, 4), 0, .8f, .2f, 0, 0, .6f, .4f, 0, 1, 0, 0, 0, .1f, .3f, .6f, 0);
    float confidence = kernel.apply(job, steps).get(0).getFloat(0);
    assertThat(job.getString("text")).isEqualTo("ab");
    assertThat(confidence).isEqualTo(job.getFloat("confidence")).isEqualTo((.8f + .6f) / 2);
    assertThatThrownBy(() -> kernel.apply(job, TensorData.ofFloats(Shape.of(1, 1, 3), 1, 0, 0)))
        .hasMessageContaining("XIR_SHAPE_UNMATCH");
    assertThatThrownBy(
            () -> kernel.apply(job, TensorData.ofFloats(Shape.of(1, 1, 4), 0, Float.NaN, 0, 0)))
        .hasMessageContaining("SLUICE_STAGE_FAILED");
  }
}
