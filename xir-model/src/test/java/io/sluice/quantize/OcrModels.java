package io.sluice.quantize;

import io.sluice.onnx.OnnxExporter;
import io.sluice.onnx.OnnxImporter;
import io.sluice.optimize.Rewrite;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The PP-OCR models and images drawn for them. */
final class OcrModels {
  private OcrModels() {}

  static Graph orientation() {
    return load("ch_ppocr_mobile_v2.0_cls_infer.onnx", 48, 192);
  }

  static Graph recognition() {
    return load("ch_PP-OCRv4_rec_infer.onnx", 48, 320);
  }

  static Graph detection(int size) {
    return load("ch_PP-OCRv4_det_infer.onnx", size, size);
  }

  private static Graph load(String name, int height, int width) {
    try (InputStream in = OcrModels.class.getResourceAsStream("/models/" + name)) {
      return OnnxImporter.importModel(
          in.readAllBytes(), name, Map.of("x", new int[] {1, 3, height, width}));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] export(Graph graph) {
    return OnnxExporter.export(graph, graph.inputs(), List.copyOf(Rewrite.outputs(graph)));
  }

  /** Lines of text, every other one upside down, scaled to -1..1 as the models want them. */
  static Samples lines(Graph graph, int count, long seed) {
    Random random = new Random(seed);
    Op input = graph.inputs().get(0);
    Shape shape = input.output().shape();
    int height = shape.dim(1);
    int width = shape.dim(2);
    float[] values = new float[count * shape.elements()];
    int at = 0;
    for (int n = 0; n < count; n++) {
      BufferedImage image = draw(random, width, height, n % 2 == 1);
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int rgb = image.getRGB(x, y);
          for (int shift = 16; shift >= 0; shift -= 8) {
            values[at++] = ((rgb >> shift & 255) / 255f - 0.5f) / 0.5f;
          }
        }
      }
    }
    TensorData data = TensorData.ofFloats(shape.withDim(0, count), values);
    return Samples.of(List.of(input), Map.of(input.output().name(), data));
  }

  private static BufferedImage draw(Random random, int width, int height, boolean turned) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    int paper = 200 + random.nextInt(56);
    g.setColor(new Color(paper, paper, 180 + random.nextInt(60)));
    g.fillRect(0, 0, width, height);
    if (turned) {
      g.rotate(Math.PI, width / 2.0, height / 2.0);
    }
    g.setColor(new Color(random.nextInt(90), random.nextInt(90), random.nextInt(90)));
    String[] fonts = {Font.SERIF, Font.SANS_SERIF, Font.MONOSPACED};
    for (int y = 0; y < height; y += 48) {
      g.setFont(new Font(fonts[random.nextInt(3)], Font.PLAIN, 24 + random.nextInt(12)));
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < width / 16; i++) {
        text.append(
            (char)
                (random.nextInt(5) == 0 ? ' ' : 'A' + random.nextInt(26) + 32 * random.nextInt(2)));
      }
      g.drawString(text.toString(), random.nextInt(10), y + 34);
    }
    g.dispose();
    return image;
  }
}
