package io.sluice.onnx;

import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Random;

/** The PP-OCR models of the test class path, and images of printed text to feed them. */
final class PpOcrModels {
  static final String DETECTION = "ch_PP-OCRv4_det_infer";
  static final String RECOGNITION = "ch_PP-OCRv4_rec_infer";
  static final String CLASSIFICATION = "ch_ppocr_mobile_v2.0_cls_infer";

  private PpOcrModels() {}

  static byte[] read(String name) throws IOException {
    String resource = "/models/" + name + ".onnx";
    try (InputStream in = PpOcrModels.class.getResourceAsStream(resource)) {
      return Objects.requireNonNull(in, resource).readAllBytes();
    }
  }

  /** Lines of text on uneven paper, NCHW, each value (pixel / 255 - 0.5) / 0.5. */
  static TensorData text(int height, int width, long seed) {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    for (int y = 0; y < height; y++) {
      int light = 200 + 55 * y / height;
      g.setColor(new Color(light, light, light - 20));
      g.drawLine(0, y, width, y);
    }
    int size = Math.min(30, height * 2 / 3);
    g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, size));
    for (int y = size + 4; y < height; y += size * 2) {
      StringBuilder line = new StringBuilder();
      while (line.length() * size / 2 < width) {
        line.append((char) (random.nextInt(6) == 0 ? ' ' : 'A' + random.nextInt(58)));
      }
      g.setColor(new Color(random.nextInt(90), random.nextInt(60), random.nextInt(90)));
      g.drawString(line.toString(), 5, y);
    }
    g.dispose();
    float[] values = new float[3 * height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb = image.getRGB(x, y);
        for (int c = 0; c < 3; c++) {
          float pixel = ((rgb >> (16 - 8 * c)) & 0xff) + 6 * random.nextFloat() - 3;
          values[(c * height + y) * width + x] = (pixel / 255f - 0.5f) / 0.5f;
        }
      }
    }
    return TensorData.ofFloats(Shape.of(1, 3, height, width), values);
  }
}
