package io.sluice.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.ocr.OcrModels;
import io.sluice.jobs.quantize.NetworkSpec;
import io.sluice.quantize.QuantizeConfig;
import io.sluice.quantize.Quantizer;
import io.sluice.vart.ModelRef;
import io.sluice.xir.Npy;
import io.sluice.xir.TensorData;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The networks of PP-OCRv4 in INT8, compiled for a target, as XMODELs in a folder, one for each
 * network and input size, and one JSON document beside them. Everything is made of the float models
 * and the shipped calibration pages, lies in a folder named after what it was made of, and is made
 * again only if one of them changes.
 */
public final class OcrQuantizedFiles {
  private static final String INPUT_HEIGHT = "48x";
  private static final String DOCUMENT = "networks.json";

  /**
   * The compiled models.
   *
   * @param models one for each network and size
   * @param document for each network an array with an entry per size: {@code size}, {@code file},
   *     {@code dpuMacShare}, {@code onCpu}, {@code warnings}
   */
  public record Compiled(OcrModels models, JsonNode document) {}

  private final Path folder;
  private final int parallelism;

  /**
   * @param folder where the folders are put; made if it is missing
   * @param parallelism of the Flink jobs
   */
  public OcrQuantizedFiles(Path folder, int parallelism) {
    this.folder = folder.toAbsolutePath().normalize();
    this.parallelism = parallelism;
  }

  /**
   * Quantizes and compiles what is missing.
   *
   * @param floats the float models
   * @param target the name of what to compile for
   */
  public Compiled prepare(OcrModels floats, String target) throws Exception {
    String key = key(floats, target);
    Path place = folder.resolve("int8-" + target + "-" + key);
    Path document = place.resolve(DOCUMENT);
    if (!Files.exists(document)) {
      make(floats, target, place);
    }
    JsonNode networks = new ObjectMapper().readTree(document.toFile());
    return new Compiled(
        new OcrModels(
            refs(networks.get("detection")),
            refs(networks.get("orientation")),
            refs(networks.get("recognition")),
            floats.alphabet()),
        networks);
  }

  private static String key(OcrModels floats, String target) throws IOException {
    StringBuilder madeOf = new StringBuilder(target);
    for (Map<Integer, ModelRef> network :
        List.of(floats.detection(), floats.orientation(), floats.recognition())) {
      network.values().forEach(ref -> madeOf.append(ref.sha256()));
    }
    for (byte[] page : CalibrationSet.pages()) {
      madeOf.append(OcrModelFiles.sha256(page));
    }
    madeOf.append(CodeDigest.of(Quantizer.class)).append(CodeDigest.of(CalibrationSet.class));
    return OcrModelFiles.sha256(madeOf.toString().getBytes(StandardCharsets.US_ASCII))
        .substring(0, 16);
  }

  private void make(OcrModels floats, String target, Path place) throws Exception {
    Files.createDirectories(place);
    CalibrationSet set = CalibrationSet.of(CalibrationSet.pages(), floats, CalibrationSet.LINES);
    Path samples = Files.createTempDirectory(folder, "samples");
    try {
      List<NetworkSpec> networks =
          List.of(
              network("detection", floats.detection(), "", set.detection(), samples),
              network(
                  "orientation", floats.orientation(), INPUT_HEIGHT, set.orientation(), samples),
              network(
                  "recognition", floats.recognition(), INPUT_HEIGHT, set.recognition(), samples));
      Map<String, String> documents =
          QuantizeCompileJob.run(networks, target, place.toUri().toString(), parallelism);
      ObjectMapper json = new ObjectMapper();
      Map<String, JsonNode> all = new TreeMap<>();
      for (Map.Entry<String, String> e : documents.entrySet()) {
        all.put(e.getKey(), json.readTree(e.getValue()));
      }
      Path part = place.resolve(DOCUMENT + ".part");
      Files.write(part, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(all));
      Files.move(part, place.resolve(DOCUMENT));
    } finally {
      delete(samples);
    }
  }

  private static NetworkSpec network(
      String name,
      Map<Integer, ModelRef> models,
      String height,
      List<TensorData> inputs,
      Path folder)
      throws IOException {
    TreeMap<String, String> bySize = new TreeMap<>();
    models.forEach(
        (size, ref) -> bySize.put((height.isEmpty() ? size + "x" : height) + size, ref.uri()));
    List<String> uris = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Path file = folder.resolve(String.format(Locale.ROOT, "%s-%04d.npy", name, i));
      Files.write(file, Npy.toBytes(inputs.get(i)));
      uris.add(file.toUri().toString());
    }
    return new NetworkSpec(name, bySize, uris, QuantizeConfig.standard().refined());
  }

  private static Map<Integer, ModelRef> refs(JsonNode entries) throws IOException {
    Map<Integer, ModelRef> refs = new TreeMap<>();
    for (JsonNode entry : entries) {
      String size = entry.get("size").asText();
      Path file = Path.of(URI.create(entry.get("file").asText()));
      if (!Files.exists(file)) {
        throw new SluiceException(
            ErrorCode.SLUICE_IO,
            "a compiled model is gone",
            file.toString(),
            "delete the folder to have its models made again");
      }
      refs.put(
          Integer.parseInt(size.substring(size.indexOf('x') + 1)),
          new ModelRef(file.toUri().toString(), OcrModelFiles.sha256(Files.readAllBytes(file))));
    }
    return refs;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
