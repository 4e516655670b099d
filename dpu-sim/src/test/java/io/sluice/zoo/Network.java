package io.sluice.zoo;

import io.sluice.onnx.OnnxImporter;
import io.sluice.quantize.PositionMethod;
import io.sluice.quantize.QuantizeConfig;
import io.sluice.quantize.Quantizer;
import io.sluice.quantize.Samples;
import io.sluice.xir.Graph;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * An ONNX file on its way to a compiled model.
 *
 * @param title for reports
 * @param onnx the file
 * @param inputShapes of inputs whose shapes the file leaves open
 */
record Network(String title, byte[] onnx, Map<String, int[]> inputShapes) {

  static Network of(Zoo zoo, ZooConfig config) {
    return new Network(zoo.title(), zoo.onnx(config), Map.of());
  }

  /** The text networks, at input sizes that are usual for them. */
  static List<Network> ocr() {
    return List.of(
        ocr("PP-OCRv4 detection", "ch_PP-OCRv4_det_infer", 640, 640),
        ocr("PP-OCRv4 recognition", "ch_PP-OCRv4_rec_infer", 48, 320),
        ocr("PP-OCR orientation", "ch_ppocr_mobile_v2.0_cls_infer", 48, 192));
  }

  static Network ocr(String title, String file, int height, int width) {
    try (InputStream in = Network.class.getResourceAsStream("/models/" + file + ".onnx")) {
      byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
      return new Network(title, bytes, Map.of("x", new int[] {1, 3, height, width}));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Graph imported() {
    return OnnxImporter.importModel(onnx, title, inputShapes);
  }

  /** Quantized the fast way: positions from the largest values of a few random images. */
  static Graph quantized(Graph graph, int sampleCount, long seed) {
    Map<String, TensorData> data = new HashMap<>();
    graph
        .inputs()
        .forEach(
            op -> {
              Shape shape = op.output().shape();
              data.put(op.output().name(), noise(shape.withDim(0, sampleCount), seed));
            });
    QuantizeConfig config = QuantizeConfig.of(PositionMethod.NON_OVERFLOW);
    return Quantizer.quantize(graph, Samples.of(graph.inputs(), data), config).graph();
  }

  /** Normal noise, as normalised images have about the same mean and deviation. */
  static TensorData noise(Shape shape, long seed) {
    Random random = new Random(seed);
    float[] values = new float[shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return TensorData.ofFloats(shape, values);
  }

  static Map<String, TensorData> noise(List<Tensor> inputs, long seed) {
    Map<String, TensorData> values = new HashMap<>();
    inputs.forEach(t -> values.put(t.name(), noise(t.shape(), seed)));
    return values;
  }
}
