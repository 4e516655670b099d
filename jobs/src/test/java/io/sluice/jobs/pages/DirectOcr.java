package io.sluice.jobs.pages;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sluice.aks.kernel.CropRotate;
import io.sluice.aks.kernel.CtcDecoder;
import io.sluice.aks.kernel.DbPostprocess;
import io.sluice.aks.kernel.DetectionInput;
import io.sluice.aks.kernel.DetectionPreprocess;
import io.sluice.aks.kernel.OrientationClassifier;
import io.sluice.aks.kernel.PageText;
import io.sluice.aks.kernel.RecognitionPreprocess;
import io.sluice.aks.kernel.TextBox;
import io.sluice.aks.kernel.TextLine;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The kernels around the original networks in ONNX Runtime, without a job: what the accuracy of the
 * kernels is measured by.
 */
final class DirectOcr implements AutoCloseable {
  private static final OrtEnvironment ORT = OrtEnvironment.getEnvironment();

  private final OrtSession detection = session("ch_PP-OCRv4_det_infer.onnx");
  private final OrtSession orientation = session("ch_ppocr_mobile_v2.0_cls_infer.onnx");
  private final OrtSession recognition = session("ch_PP-OCRv4_rec_infer.onnx");
  private final CtcDecoder decoder;

  DirectOcr() throws OrtException, IOException {
    String keys = new String(resource("ppocr_keys_v1.txt"), StandardCharsets.UTF_8);
    decoder = new CtcDecoder(CtcDecoder.alphabet(keys.lines().toList()));
  }

  /** The lines of a page, each box turned to the way its text stands. */
  List<TextLine> read(TensorData page) throws OrtException {
    DetectionInput input = DetectionPreprocess.prepare(page);
    TensorData map =
        run(detection, input.tensor()).reshape(Shape.of(1, input.bucket(), input.bucket(), 1));
    List<TextLine> lines = new ArrayList<>();
    for (TextBox box :
        DbPostprocess.boxes(map, input.scale(), input.imageWidth(), input.imageHeight())) {
      TensorData crop = CropRotate.crop(page, box);
      boolean upsideDown =
          OrientationClassifier.isUpsideDown(run(orientation, OrientationClassifier.prepare(crop)));
      TensorData upright = upsideDown ? CropRotate.rotate180(crop) : crop;
      TensorData symbols = run(recognition, RecognitionPreprocess.prepare(upright).tensor());
      lines.add(new TextLine(upsideDown ? box.turned() : box, decoder.decode(symbols)));
    }
    return lines;
  }

  String text(TensorData page) throws OrtException {
    return PageText.join(read(page));
  }

  private static OrtSession session(String model) throws OrtException, IOException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(2);
    return ORT.createSession(resource(model), options);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = DirectOcr.class.getResourceAsStream("/models/" + name)) {
      if (in == null) {
        throw new FileNotFoundException(name);
      }
      return in.readAllBytes();
    }
  }

  /** Feeds NHWC to a network that takes NCHW; the output is as the network gives it. */
  private static TensorData run(OrtSession session, TensorData nhwc) throws OrtException {
    Shape shape = nhwc.shape();
    int pixels = shape.dim(1) * shape.dim(2);
    float[] nchw = new float[shape.elements()];
    for (int i = 0; i < pixels; i++) {
      for (int c = 0; c < 3; c++) {
        nchw[c * pixels + i] = nhwc.getFloat(i * 3 + c);
      }
    }
    long[] dims = {1, 3, shape.dim(1), shape.dim(2)};
    String name = session.getInputNames().iterator().next();
    try (OnnxTensor input = OnnxTensor.createTensor(ORT, FloatBuffer.wrap(nchw), dims);
        OrtSession.Result result = session.run(Map.of(name, input))) {
      OnnxValue value = result.get(0);
      if (!(value instanceof OnnxTensor output)) {
        throw new IllegalStateException(session + " gives no tensor");
      }
      float[] values = new float[output.getFloatBuffer().remaining()];
      output.getFloatBuffer().get(values);
      long[] out = output.getInfo().getShape();
      int[] outDims = java.util.Arrays.stream(out).mapToInt(Math::toIntExact).toArray();
      return TensorData.ofFloats(Shape.of(outDims), values);
    }
  }

  @Override
  public void close() throws OrtException {
    detection.close();
    orientation.close();
    recognition.close();
  }
}
