package io.sluice.jobs;

import io.sluice.aks.kernel.CropRotate;
import io.sluice.aks.kernel.DbPostprocess;
import io.sluice.aks.kernel.DetectionInput;
import io.sluice.aks.kernel.DetectionPreprocess;
import io.sluice.aks.kernel.ImageDecoder;
import io.sluice.aks.kernel.ImageLimits;
import io.sluice.aks.kernel.OrientationClassifier;
import io.sluice.aks.kernel.RecognitionPreprocess;
import io.sluice.aks.kernel.TextBox;
import io.sluice.flink.ocr.OcrModels;
import io.sluice.vart.GraphRunner;
import io.sluice.vart.ModelRef;
import io.sluice.vart.RunnerOptions;
import io.sluice.xir.TensorData;
import io.sluice.xir.XModel;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the networks are calibrated with: inputs that the float pipeline makes of pages which the
 * demo does not show. Which lines are taken depends on nothing but the pages.
 *
 * @param detection pages, FLOAT32 [1, S, S, 3]
 * @param orientation lines, FLOAT32 [1, 48, 192, 3]
 * @param recognition lines, FLOAT32 [1, 48, W, 3]
 */
public record CalibrationSet(
    List<TensorData> detection, List<TensorData> orientation, List<TensorData> recognition) {
  /** Lines that are taken from all pages for each of the networks that read lines. */
  public static final int LINES = 100;

  /** The seed of the page generator, and which of its pages are shipped: every kind is there. */
  static final int SEED = 102;

  static final List<String> PAGES =
      List.of(
          "page-01.jpg",
          "page-02.jpg",
          "page-03.png",
          "page-05.jpg",
          "page-06.png",
          "page-09.png",
          "page-10.jpg",
          "page-11.jpg",
          "page-12.jpg",
          "page-13.jpg",
          "page-14.jpg");

  /** The shipped calibration pages, encoded. */
  public static List<byte[]> pages() throws IOException {
    List<byte[]> pages = new ArrayList<>();
    for (String page : PAGES) {
      try (InputStream in = CalibrationSet.class.getResourceAsStream("/demo/calibration/" + page)) {
        if (in == null) {
          throw new IOException("no resource demo/calibration/" + page);
        }
        pages.add(in.readAllBytes());
      }
    }
    return pages;
  }

  /**
   * Runs the float pipeline over pages as far as the input of each network.
   *
   * @param pages encoded images
   * @param models float models
   * @param lines how many lines to take, evenly spread over all that are found
   */
  public static CalibrationSet of(List<byte[]> pages, OcrModels models, int lines) {
    List<TensorData> detection = new ArrayList<>();
    List<TensorData> crops = new ArrayList<>();
    ImageDecoder decoder = new ImageDecoder(ImageLimits.standard());
    try (Runners runners = new Runners()) {
      for (byte[] page : pages) {
        TensorData image = decoder.decode(page);
        DetectionInput input = DetectionPreprocess.prepare(image);
        detection.add(input.tensor());
        TensorData map = runners.run(models.detection().get(input.bucket()), input.tensor());
        for (TextBox box :
            DbPostprocess.boxes(map, input.scale(), input.imageWidth(), input.imageHeight())) {
          crops.add(CropRotate.crop(image, box));
        }
      }
      List<TensorData> orientation = new ArrayList<>();
      List<TensorData> recognition = new ArrayList<>();
      int count = Math.min(lines, crops.size());
      for (int i = 0; i < count; i++) {
        TensorData crop = crops.get((int) ((long) i * crops.size() / count));
        TensorData line = OrientationClassifier.prepare(crop);
        ModelRef classifier = models.orientation().get(line.shape().dim(2));
        boolean turned = OrientationClassifier.isUpsideDown(runners.run(classifier, line));
        TensorData upright = turned ? CropRotate.rotate180(crop) : crop;
        // The classifier has to know lines of both kinds.
        orientation.add(
            OrientationClassifier.prepare(i % 2 == 0 ? upright : CropRotate.rotate180(upright)));
        recognition.add(RecognitionPreprocess.prepare(upright).tensor());
      }
      return new CalibrationSet(detection, orientation, recognition);
    }
  }

  /** One runner per model, opened when it is first needed. */
  private static final class Runners implements AutoCloseable {
    private final Map<ModelRef, GraphRunner> open = new HashMap<>();

    TensorData run(ModelRef model, TensorData input) {
      GraphRunner runner =
          open.computeIfAbsent(
              model,
              m ->
                  GraphRunner.create(
                      XModel.read(Path.of(URI.create(m.uri()))), RunnerOptions.standard()));
      String name = runner.inputTensors().get(0).name();
      return runner.execute(Map.of(name, input)).values().iterator().next();
    }

    @Override
    public void close() {
      open.values().forEach(GraphRunner::close);
    }
  }
}
