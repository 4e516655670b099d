package io.sluice.aks.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessTest {

  @ParameterizedTest
  @CsvSource({
    "100, 50, 640, 1",
    "640, 640, 640, 1",
    "641, 10, 960, 1",
    "480, 960, 960, 1",
    "1920, 1000, 960, 0.5",
    "10, 4800, 960, 0.2"
  })
  void aPageIsShrunkToFitItsBucketButNeverEnlarged(int width, int height, int bucket, float scale) {
    DetectionInput input =
        DetectionPreprocess.prepare(Images.uniform(width, height, 255, 255, 255));

    assertThat(input.bucket()).isEqualTo(bucket);
    assertThat(input.scale()).isCloseTo(scale, within(1e-6f));
    assertThat(input.tensor().shape()).isEqualTo(Shape.of(1, bucket, bucket, 3));
    assertThat(input.imageWidth()).isEqualTo(width);
    assertThat(input.imageHeight()).isEqualTo(height);
  }

  @Test
  void detectionTakesBgrWithTheStatisticsOfImageNet() {
    TensorData tensor = DetectionPreprocess.prepare(Images.uniform(20, 10, 50, 100, 200)).tensor();

    assertThat(tensor.getFloat(0)).isCloseTo((200 / 255f - 0.485f) / 0.229f, within(1e-4f));
    assertThat(tensor.getFloat(1)).isCloseTo((100 / 255f - 0.456f) / 0.224f, within(1e-4f));
    assertThat(tensor.getFloat(2)).isCloseTo((50 / 255f - 0.406f) / 0.225f, within(1e-4f));
    assertThat(tensor.getFloat(20 * 3)).as("right of the page").isZero();
    assertThat(tensor.getFloat(10 * 640 * 3)).as("below the page").isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "10, 48, 320",
    "320, 48, 320",
    "321, 48, 640",
    "640, 48, 640",
    "1000, 24, 2240",
    "5000, 48, 2560",
    "3000, 20, 2560",
    "1, 100, 320"
  })
  void aLineGoesToTheNextBucketAndTheLongestAreSqueezed(int width, int height, int bucket) {
    RecognitionInput input =
        RecognitionPreprocess.prepare(Images.uniform(width, height, 255, 255, 255));

    assertThat(input.width()).isEqualTo(bucket);
    assertThat(input.tensor().shape()).isEqualTo(Shape.of(1, 48, bucket, 3));
    int used = Math.min(bucket, (width * 48 + height - 1) / height);
    assertThat(input.tensor().getFloat(used * 3 - 1)).isCloseTo(1, within(1e-5f));
    if (used < bucket) {
      assertThat(input.tensor().getFloat(used * 3)).as("padding").isZero();
    }
  }

  @Test
  void orientationSeesTheBeginningOfALongLine() {
    byte[] bytes = new byte[10 * 200 * 3];
    TensorData line = TensorData.wrap(DataType.UINT8, Shape.of(10, 200, 3), bytes);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i / 3 % 200 < 80 ? 255 : 0);
    }

    TensorData tensor = OrientationClassifier.prepare(line);

    assertThat(tensor.shape()).isEqualTo(Shape.of(1, 48, 192, 3));
    for (int i = 0; i < tensor.shape().elements(); i++) {
      assertThat(tensor.getFloat(i)).isCloseTo(1, within(1e-5f));
    }
  }

  @Test
  void onlySureLinesAreTurned() {
    assertThat(OrientationClassifier.isUpsideDown(probabilities(0.05f, 0.95f))).isTrue();
    assertThat(OrientationClassifier.isUpsideDown(probabilities(0.2f, 0.8f))).isFalse();
  }

  @Property(tries = 60)
  void resizingKeepsTheMeanAndStaysWithinTheRange(
      @ForAll @IntRange(min = 1, max = 60) int width,
      @ForAll @IntRange(min = 1, max = 60) int height,
      @ForAll @IntRange(min = 1, max = 60) int toWidth,
      @ForAll @IntRange(min = 1, max = 60) int toHeight) {
    TensorData flat = Images.uniform(width, height, 30, 120, 240);
    float[] out = new float[toWidth * toHeight * 3];

    Pixels.resizeInto(
        flat,
        toWidth,
        toHeight,
        out,
        toWidth,
        new int[] {0, 1, 2},
        new float[3],
        new float[] {1, 1, 1});

    for (int i = 0; i < out.length; i += 3) {
      assertThat(out[i]).isCloseTo(30, within(1e-2f));
      assertThat(out[i + 2]).isCloseTo(240, within(1e-2f));
    }
  }

  @Property(tries = 30)
  void resizingToTheSameSizeCopies(
      @ForAll @IntRange(min = 1, max = 30) int width,
      @ForAll @IntRange(min = 1, max = 30) int height,
      @ForAll long seed) {
    TensorData image = Images.random(width, height, seed);
    float[] out = new float[width * height * 3];

    Pixels.resizeInto(
        image, width, height, out, width, new int[] {0, 1, 2}, new float[3], new float[] {1, 1, 1});

    for (int i = 0; i < out.length; i++) {
      assertThat(out[i]).isEqualTo(image.getByte(i) & 0xff);
    }
  }

  private static TensorData probabilities(float upright, float upsideDown) {
    return TensorData.ofFloats(Shape.of(1, 2), upright, upsideDown);
  }
}
