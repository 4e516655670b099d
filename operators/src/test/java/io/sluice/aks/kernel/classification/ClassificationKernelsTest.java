package io.sluice.aks.kernel.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.aks.JobParams;
import io.sluice.aks.ParamValue;
import io.sluice.aks.kernel.KernelRun;
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

class ClassificationKernelsTest {
  @Test
  void theBestClassesOfEachImageComeWithTheirProbabilities() {
    Random random = new Random(9);
    float[] scores = new float[3 * 1000];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) random.nextGaussian() * 3;
    }
    KernelRun kernel = new KernelRun(new ClassificationPostProcess(), Map.of());
    List<TensorData> out = kernel.apply(TensorData.ofFloats(Shape.of(3, 1, 1, 1000), scores));
    assertThat(out.get(0).shape()).isEqualTo(Shape.of(3, 5, 1, 1));
    for (int n = 0; n < 3; n++) {
      double sum = 0;
      for (int i = 0; i < 1000; i++) {
        sum += Math.exp(scores[n * 1000 + i]);
      }
      for (int i = 0; i < 5; i++) {
        int label = out.get(0).getInt(n * 5 + i);
        int better = 0;
        for (int j = 0; j < 1000; j++) {
          better += scores[n * 1000 + j] > scores[n * 1000 + label] ? 1 : 0;
        }
        assertThat(better).as("classes above the one in place %d", i).isEqualTo(i);
        assertThat((double) out.get(1).getFloat(n * 5 + i))
            .isCloseTo(Math.exp(scores[n * 1000 + label]) / sum, within(1e-7));
      }
    }
  }

  @Test
  void fewerClassesThanAskedForAreAllGivenAndTiesGoToTheLowerLabel() {
    KernelRun kernel =
        new KernelRun(new ClassificationPostProcess(), Map.of("top_k", ParamValue.of(7)));
    List<TensorData> out = kernel.apply(TensorData.ofFloats(Shape.of(1, 3), 2, 2, 2));
    assertThat(out.get(0)).isEqualTo(TensorData.ofInts(Shape.of(1, 3, 1, 1), 0, 1, 2));
    assertThat(out.get(1).getFloat(2)).isCloseTo(1 / 3f, within(1e-7f));
  }

  @Test
  void badScoresAndParametersAreRefused() {
    KernelRun kernel = new KernelRun(new ClassificationPostProcess(), Map.of());
    assertThatThrownBy(() -> kernel.apply(TensorData.ofFloats(Shape.of(1, 2), 1, Float.NaN)))
        .hasMessageContaining("SLUICE_STAGE_FAILED");
    assertThatThrownBy(() -> kernel.apply(TensorData.ofFloats(Shape.of(2), 1, 2)))
        .hasMessageContaining("XIR_SHAPE_UNMATCH");
    assertThatThrownBy(
            () -> new KernelRun(new ClassificationPostProcess(), Map.of("top_k", ParamValue.of(0))))
        .hasMessageContaining("'top_k' of kernel classificationPostProcess is 0");
  }

  @Test
  void accuracyIsCountedByTheNamesOfTheImages(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("gold.txt"), "a.jpg 4\n\nsub/b.jpg\t7\r\nc.jpg 1\n");
    KernelRun kernel = accuracy(folder);
    TensorData labels = TensorData.ofInts(Shape.of(2, 3, 1, 1), 4, 9, 2, 6, 7, 0);
    JobParams job = KernelRun.job("/data/a.jpg", "b.jpg");
    assertThat(kernel.apply(job, labels)).containsExactly(labels);
    assertThat(job.getInts("top1_correct")).containsExactly(1, 0);
    kernel.apply(KernelRun.job("c.jpg"), labels);
    assertThatThrownBy(() -> kernel.apply(KernelRun.job("a.jpg", "d.jpg"), labels))
        .hasMessageContaining("no class for d.jpg");
    assertThat(kernel.kernel().report())
        .as("what failed is not counted")
        .isEqualTo("3 images, top-1 33.3333 %, top-5 66.6667 %");
  }

  @Test
  void theSixthLabelIsNotAmongTheTopFive(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("gold.txt"), "a.jpg 6");
    KernelRun kernel = accuracy(folder);
    kernel.apply(KernelRun.job("a.jpg"), TensorData.ofInts(Shape.of(1, 6, 1, 1), 1, 2, 3, 4, 5, 6));
    assertThat(kernel.kernel().report()).contains("top-5 0.0000 %");
  }

  @Test
  void aLineThatNamesNoClassIsShown(@TempDir Path folder) throws IOException {
    for (String bad : List.of("a.jpg", "a.jpg x", "a.jpg 1 2", "a.jpg 1\na.jpg 2")) {
      Files.writeString(folder.resolve("gold.txt"), "\n" + bad);
      assertThatThrownBy(() -> accuracy(folder))
          .hasMessageContaining("SLUICE_IO")
          .hasMessageContaining("gold.txt:");
    }
  }

  private static KernelRun accuracy(Path folder) {
    return new KernelRun(
        new ClassificationAccuracy(), Map.of("ground_truth", ParamValue.of("gold.txt")), folder);
  }
}
