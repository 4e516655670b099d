package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.Npy;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;

/** The orientation network, calibrated on noise and compiled for the units of a ZCU102. */
final class Classifier {
  static final String FILE = "classification.xmodel";
  private static final String TARGET = "DPUCZDX8G_ISA1_B4096";

  private Classifier() {}

  /**
   * Makes {@value #FILE}.
   *
   * @param folder made if it is missing
   */
  static Path compile(Path folder) throws Exception {
    Files.createDirectories(folder);
    Path onnx = folder.resolve("cls.onnx");
    try (InputStream in =
        Classifier.class.getResourceAsStream("/models/ch_ppocr_mobile_v2.0_cls_infer.onnx")) {
      Files.copy(in, onnx);
    }
    Random random = new Random(3);
    float[] values = new float[2 * 3 * 48 * 192];
    for (int i = 0; i < values.length; i++) {
      values[i] = 256 * random.nextFloat() - 128;
    }
    Path data =
        Files.write(
            folder.resolve("x.npy"),
            Npy.toBytes(TensorData.ofFloats(Shape.of(2, 3, 48, 192), values)));
    Path quantized = folder.resolve("cls-int8.xmodel");
    Path compiled = folder.resolve(FILE);
    run("quantize", onnx, "--calib", data, "--out", quantized, "--input-shape", "x=1,3,48,192");
    run("compile", quantized, "--target", TARGET, "--out", compiled);
    return compiled;
  }

  private static void run(Object... args) {
    StringWriter err = new StringWriter();
    String[] strings = Stream.of(args).map(Object::toString).toArray(String[]::new);
    assertThat(Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), strings))
        .as(err.toString())
        .isZero();
  }
}
