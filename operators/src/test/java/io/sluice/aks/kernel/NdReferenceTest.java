package io.sluice.aks.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.aks.ParamValue;
import io.sluice.aks.kernel.classification.ClassificationPostProcess;
import io.sluice.aks.kernel.image.MeanSubtract;
import io.sluice.aks.kernel.image.Resize;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The plain loops of the kernels against ND4J, which computes with whole arrays. */
@Tag("slow")
class NdReferenceTest {
  @ParameterizedTest
  @CsvSource({"500, 375, 224, 224", "30, 200, 64, 7", "1, 1, 5, 9", "640, 3, 3, 640"})
  void resizingIsTwoMatrixProducts(int width, int height, int toWidth, int toHeight) {
    TensorData image = Images.random(width, height, 11);
    TensorData out = Resize.bilinear(image, toWidth, toHeight);
    float[] expected =
        NdResize.interleaved(
            NdResize.resize(
                NdResize.planes(image.array(), width, height),
                NdResize.matrix(height, toHeight),
                NdResize.matrix(width, toWidth)));
    for (int i = 0; i < expected.length; i++) {
      assertThat((float) (out.getByte(i) & 0xff)).isCloseTo(expected[i], within(0.63f));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1000", "4, 10", "3, 1"})
  void softmaxAndTheBestClassesAreThoseOfSortedArrays(int batch, int classes) {
    Random random = new Random(12);
    float[] scores = new float[batch * classes];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) random.nextGaussian() * 4;
    }
    List<TensorData> out =
        new KernelRun(new ClassificationPostProcess(), Map.of())
            .apply(TensorData.ofFloats(Shape.of(batch, classes), scores));
    INDArray softmax = Transforms.softmax(Nd4j.create(scores, batch, classes), true);
    INDArray sorted = Nd4j.sort(softmax.dup(), 1, false);
    int k = out.get(0).shape().dim(1);
    for (int n = 0; n < batch; n++) {
      for (int i = 0; i < k; i++) {
        assertThat(out.get(1).getFloat(n * k + i)).isCloseTo(sorted.getFloat(n, i), within(1e-6f));
        assertThat(softmax.getFloat(n, out.get(0).getInt(n * k + i)))
            .isCloseTo(sorted.getFloat(n, i), within(1e-6f));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"224, 224", "1, 1", "640, 2"})
  void subtractingTheMeanIsThatOfARowFromAMatrix(int width, int height) {
    TensorData image = Images.random(width, height, 13);
    Map<String, ParamValue> params =
        Map.of(
            "net_w", ParamValue.of(width),
            "net_h", ParamValue.of(height),
            "mean", ParamValue.ofFloats(List.of(104.5f, 107f, 123f)));
    TensorData out = new KernelRun(new MeanSubtract(), params).apply(image).get(0);
    INDArray planes = NdResize.planes(image.array(), width, height).reshape(3, width * height);
    float[] expected =
        planes.subColumnVector(Nd4j.create(new float[] {104.5f, 107, 123}, 3, 1)).data().asFloat();
    assertThat(out.toFloats()).containsExactly(expected);
  }
}
