package io.sluice.jobs;

import io.sluice.aks.AksGraph;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.ocr.OcrModels;
import io.sluice.vart.ModelRef;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * A folder with the graphs of the OCR pipeline and beside them what they name: the compiled
 * networks, {@code detection/640.xmodel} and so on, and the characters, {@code alphabet.txt}. A
 * graph in it runs as it is.
 */
public final class OcrGraphFolder {
  private static final List<String> GRAPHS = List.of("ocr-page.json", "detection.json");

  private OcrGraphFolder() {}

  /**
   * Writes the folder; what is in it of the same names is overwritten.
   *
   * @param models compiled, in files
   * @return the graph of the whole pipeline
   * @throws SluiceException SLUICE_IO
   */
  public static Path write(Path folder, OcrModels models) {
    try {
      copy(models.detection(), Files.createDirectories(folder.resolve("detection")));
      copy(models.orientation(), Files.createDirectories(folder.resolve("orientation")));
      copy(models.recognition(), Files.createDirectories(folder.resolve("recognition")));
      // The blank before the characters and the space after them are the decoder's.
      List<String> alphabet = models.alphabet();
      Files.write(folder.resolve("alphabet.txt"), alphabet.subList(1, alphabet.size() - 1));
      for (String graph : GRAPHS) {
        try (InputStream in =
            AksGraph.class.getResourceAsStream("/io/sluice/aks/graphs/" + graph)) {
          Files.copy(in, folder.resolve(graph), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      return folder.resolve(GRAPHS.get(0));
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_IO,
          "the graphs cannot be written (" + e + ")",
          folder.toString(),
          "check the folder and the space on it",
          e);
    }
  }

  private static void copy(Map<Integer, ModelRef> sizes, Path folder) throws IOException {
    for (Map.Entry<Integer, ModelRef> size : sizes.entrySet()) {
      Files.copy(
          Path.of(URI.create(size.getValue().uri())),
          folder.resolve(size.getKey() + ".xmodel"),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
