package io.sluice.aks.kernel.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.aks.JobParams;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.ParamValue;
import io.sluice.aks.kernel.KernelRun;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageKernelsTest {
  private static final float[] MEAN = {104, 107.5f, 123};

  @ParameterizedTest
  @CsvSource({"NHWC", "NCHW"})
  void classificationTakesBgrLessTheMean(String layout) {
    TensorData a = ResizeTest.random(7, 5, 3, 1);
    TensorData b = ResizeTest.random(7, 5, 3, 2);
    TensorData out = run(new ClassificationPreProcess(), 7, 5, layout, true).apply(a, b).get(0);
    for (int n = 0; n < 2; n++) {
      for (int i = 0; i < 35; i++) {
        for (int c = 0; c < 3; c++) {
          int pixel = (n == 0 ? a : b).getByte(i * 3 + 2 - c) & 0xff;
          int at = n * 105 + (layout.equals("NHWC") ? i * 3 + c : c * 35 + i);
          assertThat(out.getFloat(at)).isEqualTo(pixel - MEAN[c]);
        }
      }
    }
  }

  @Test
  void theMeanIsSubtractedFromTheResizedImage() {
    TensorData image = ResizeTest.random(31, 17, 3, 3);
    TensorData resized = Resize.bilinear(image, 8, 9);
    TensorData out = run(new FaceDetectPreProcess(), 8, 9, "NHWC", true).apply(image).get(0);
    for (int i = 0; i < 8 * 9 * 3; i++) {
      int pixel = resized.getByte(i / 3 * 3 + 2 - i % 3) & 0xff;
      assertThat(out.getFloat(i)).isEqualTo(pixel - MEAN[i % 3]);
    }
  }

  @Test
  void imagesOfFloatsAreTakenLikeThoseOfBytes() {
    TensorData bytes = ResizeTest.random(9, 9, 3, 4);
    KernelRun kernel = run(new ClassificationPreProcess(), 5, 4, "NHWC", true);
    TensorData ofBytes = kernel.apply(bytes).get(0);
    TensorData ofFloats = kernel.apply(ResizeTest.floats(bytes)).get(0);
    for (int i = 0; i < 60; i++) {
      assertThat(ofFloats.getFloat(i)).isCloseTo(ofBytes.getFloat(i), within(0.7f));
    }
  }

  @ParameterizedTest
  @CsvSource({"40, 20, 10, 10", "20, 40, 10, 10", "30, 30, 8, 12", "1, 1, 4, 6", "5000, 1, 6, 6"})
  void theCentreIsCutOutOfTheCoveringImage(int width, int height, int netW, int netH) {
    TensorData image = ResizeTest.random(width, height, 3, 5);
    TensorData out =
        run(new ClassificationImreadResizeCCrop(), netW, netH, "NHWC", true).apply(image).get(0);
    double scale = Math.max((double) netW / width, (double) netH / height);
    int w = Math.max(netW, (int) Math.floor(width * scale + 1e-9));
    int h = Math.max(netH, (int) Math.floor(height * scale + 1e-9));
    TensorData whole = Resize.bilinear(image, w, h);
    for (int y = 0; y < netH; y++) {
      for (int x = 0; x < netW; x++) {
        for (int c = 0; c < 3; c++) {
          int from = (((h - netH) / 2 + y) * w + (w - netW) / 2 + x) * 3 + c;
          assertThat(out.getFloat((y * netW + x) * 3 + c))
              .as("RGB")
              .isEqualTo((whole.getByte(from) & 0xff) - MEAN[c]);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"40, 20, 16, 16, 0, 4", "20, 40, 16, 16, 4, 0", "9, 9, 9, 9, 0, 0"})
  void detectionLetterboxesToZeroToOneOnGray(
      int width, int height, int netW, int netH, int left, int top) {
    TensorData image = ResizeTest.random(width, height, 3, 6);
    JobParams job = JobParams.empty();
    TensorData out =
        run(new DetectionPreProcess(), netW, netH, "NHWC", false).apply(job, image).get(0);
    int w = netW - 2 * left;
    int h = netH - 2 * top;
    TensorData resized = Resize.bilinear(image, w, h);
    for (int y = 0; y < netH; y++) {
      for (int x = 0; x < netW; x++) {
        boolean inside = x >= left && x < left + w && y >= top && y < top + h;
        for (int c = 0; c < 3; c++) {
          float expected =
              inside ? (resized.getByte(((y - top) * w + x - left) * 3 + c) & 0xff) / 255f : 0.5f;
          assertThat(out.getFloat((y * netW + x) * 3 + c)).isCloseTo(expected, within(1e-6f));
        }
      }
    }
    assertThat(job.getInts("img_dims"))
        .as("channels first, as AKS")
        .containsExactly(3, height, width);
  }

  @ParameterizedTest
  @CsvSource({"10000, 1", "1, 10000", "1, 1", "640, 480", "333, 777"})
  void aLetterboxIsUndoneByItsInverse(int width, int height) {
    Letterbox box = Letterbox.of(width, height, 416, 320);
    assertThat(box.width()).isBetween(1, 416);
    assertThat(box.height()).isBetween(1, 320);
    assertThat(box.width() == 416 || box.height() == 320).isTrue();
    float leftEdge = (float) ((416 - box.width()) / 2.0 / 416);
    assertThat(box.imageX(leftEdge)).isCloseTo(0, within(1e-4f));
    assertThat(box.imageX(1 - leftEdge)).isCloseTo(1, within(1e-4f));
    assertThat(box.imageY(0.5f)).isCloseTo(0.5f, within(1e-4f));
    assertThat(box.imageWidth((float) box.width() / 416)).isCloseTo(1, within(1e-4f));
    assertThat(box.imageHeight((float) box.height() / 320)).isCloseTo(1, within(1e-4f));
  }

  @Test
  void theLetterboxKernelGivesBytes() {
    TensorData image = ResizeTest.random(20, 10, 3, 7);
    KernelRun kernel =
        new KernelRun(
            new LetterboxImage(),
            Map.of(
                "net_w", ParamValue.of(20), "net_h", ParamValue.of(12), "fill", ParamValue.of(9)));
    TensorData out = kernel.apply(image).get(0);
    assertThat(out.shape()).isEqualTo(Shape.of(12, 20, 3));
    assertThat(Rasters.crop(out, 0, 1, 20, 10)).isEqualTo(image);
    assertThat(out.array()[0]).isEqualTo((byte) 9);
    assertThat(out.array()[11 * 60 + 59]).isEqualTo((byte) 9);
  }

  @Test
  void meanSubtractKeepsTheChannels() {
    TensorData batch = ResizeTest.random(4, 6, 3, 8).reshape(Shape.of(2, 3, 4, 3));
    TensorData out = run(new MeanSubtract(), 4, 3, "NCHW", true).apply(batch).get(0);
    assertThat(out.shape()).isEqualTo(Shape.of(2, 3, 3, 4));
    for (int n = 0; n < 2; n++) {
      for (int c = 0; c < 3; c++) {
        for (int i = 0; i < 12; i++) {
          assertThat(out.getFloat((n * 3 + c) * 12 + i))
              .isEqualTo((batch.getByte((n * 12 + i) * 3 + c) & 0xff) - MEAN[c]);
        }
      }
    }
    assertThatThrownBy(() -> run(new MeanSubtract(), 5, 3, "NCHW", true).apply(batch))
        .hasMessageContaining("XIR_SHAPE_UNMATCH")
        .hasMessageContaining("5 x 3");
  }

  @Test
  void imagesComeEncodedOrByPath(@TempDir Path folder) throws IOException {
    byte[] red = png(3, 2, 0xff0000);
    Files.write(folder.resolve("a.png"), red);
    Files.write(folder.resolve("b.png"), png(5, 4, 0x0000ff));
    KernelRun read = new KernelRun(new ImageRead(), Map.of(), folder);
    List<TensorData> byPath = read.apply(KernelRun.job("b.png", "a.png"));
    assertThat(byPath).extracting(t -> t.shape().dim(1)).containsExactly(5, 3);
    TensorData encoded = TensorData.wrap(DataType.UINT8, Shape.of(red.length), red);
    assertThat(read.apply(encoded)).containsExactly(byPath.get(1));
    KernelRun fixed =
        new KernelRun(new ImageRead(), Map.of("image_path", ParamValue.of("b.png")), folder);
    assertThat(fixed.apply()).containsExactly(byPath.get(0));
    assertThatThrownBy(() -> read.apply()).hasMessageContaining("SLUICE_REQUEST_INVALID");
  }

  @Test
  void parametersOutOfBoundsNameNodeKernelAndParameter() {
    assertThatThrownBy(() -> run(new ClassificationPreProcess(), 0, 3, "NCHW", true))
        .hasMessageContaining("SLUICE_GRAPH_PARAM_VALUE")
        .hasMessageContaining("'net_w'")
        .hasMessageContaining("ClassificationPreProcess")
        .hasMessageContaining("node 'node'");
    assertThatThrownBy(() -> run(new DetectionPreProcess(), 8, 8, "HWC", false))
        .hasMessageContaining("output_layout");
    assertThatThrownBy(
            () ->
                new KernelRun(
                    new MeanSubtract(),
                    Map.of(
                        "net_w", ParamValue.of(2),
                        "net_h", ParamValue.of(2),
                        "mean", ParamValue.ofFloats(List.of(1f, 2f)))))
        .hasMessageContaining("'mean'")
        .hasMessageContaining("2 values");
  }

  @Test
  void whatIsNoImageIsRefused() {
    KernelRun kernel = run(new ClassificationPreProcess(), 4, 4, "NCHW", true);
    for (TensorData bad :
        List.of(
            TensorData.wrap(DataType.UINT8, Shape.of(0, 3, 3), new byte[0]),
            TensorData.wrap(DataType.UINT8, Shape.of(2, 2, 1), new byte[4]),
            TensorData.ofInts(Shape.of(1, 1, 3), 1, 2, 3),
            TensorData.ofFloats(Shape.of(3), 1, 2, 3))) {
      assertThatThrownBy(() -> kernel.apply(bad)).hasMessageContaining("XIR_SHAPE_UNMATCH");
    }
    assertThatThrownBy(kernel::apply).hasMessageContaining("XIR_SHAPE_UNMATCH");
  }

  static KernelRun run(KernelProvider kernel, int netW, int netH, String layout, boolean mean) {
    Map<String, ParamValue> params = new HashMap<>();
    params.put("net_w", ParamValue.of(netW));
    params.put("net_h", ParamValue.of(netH));
    params.put("output_layout", ParamValue.of(layout));
    if (mean) {
      params.put("mean", ParamValue.ofFloats(List.of(MEAN[0], MEAN[1], MEAN[2])));
    }
    return new KernelRun(kernel, params);
  }

  private static byte[] png(int width, int height, int rgb) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < width * height; i++) {
      image.setRGB(i % width, i / width, rgb);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }
}
