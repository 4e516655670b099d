package io.sluice.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.aks.kernel.DetectionPreprocess;
import io.sluice.compile.CodeDigest;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.fleet.Fleet;
import io.sluice.flink.ocr.OcrModels;
import io.sluice.jobs.quantize.NetworkSpec;
import io.sluice.onnx.OnnxImporter;
import io.sluice.quantize.QuantizeConfig;
import io.sluice.vart.ModelRef;
import io.sluice.xir.Npy;
import io.sluice.xir.TensorData;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.flink.util.FileUtils;

/**
 * The OCR networks quantized and compiled for a fleet, in a folder of their own below that of the
 * float models. Its name tells what they were made of - the float models, the calibration pages,
 * this build's quantizer and compiler, the target - and they are made again only if one of these
 * changes. A manifest, written last, has their digests.
 */
public final class CompiledOcrFiles {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LINE_HEIGHT = 48;
  private static final int KEY_CHARS = 16;

  private final Path folder;
  private final OcrModels floats;
  private final String target;

  private CompiledOcrFiles(Path folder, OcrModels floats, String target) {
    this.folder = folder;
    this.floats = floats;
    this.target = target;
  }

  /**
   * Makes what is missing.
   *
   * @param models folder of the float models, which are imported if they are missing
   * @param fleet cards of one target
   * @param parallelism subtasks that quantize
   * @param progress told what is being done
   * @throws SluiceException SLUICE_FLEET_INVALID if the fleet has units of several targets;
   *     SLUICE_IO if the folder cannot be written, or what quantizing and compiling throw
   */
  public static CompiledOcr prepare(
      Path models, Fleet fleet, int parallelism, Consumer<String> progress) {
    OcrModels floats =
        new OcrModelFiles(models, name -> progress.accept("importing " + name)).prepare();
    String target = target(fleet);
    try {
      List<byte[]> pages = CalibrationSet.pages();
      Path folder =
          models.toAbsolutePath().normalize().resolve(target + "-" + key(floats, pages, target));
      CompiledOcrFiles files = new CompiledOcrFiles(folder, floats, target);
      Optional<CompiledOcr> known = files.read();
      if (known.isPresent()) {
        return known.get();
      }
      files.make(pages, parallelism, progress);
      return files
          .read()
          .orElseThrow(() -> new IOException("what was written to " + folder + " is not there"));
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_IO,
          "the compiled models cannot be read or written (" + e + ")",
          models.toString(),
          "check the folder and the space on it",
          e);
    }
  }

  private static String target(Fleet fleet) {
    List<String> targets =
        fleet.cards().stream().map(card -> card.platform().target()).distinct().toList();
    if (targets.size() > 1) {
      throw new SluiceException(
          ErrorCode.SLUICE_FLEET_INVALID,
          "units of " + targets,
          "fleet '" + fleet.name() + "'",
          "run the OCR job on cards of one target");
    }
    return targets.get(0);
  }

  private static String key(OcrModels floats, List<byte[]> pages, String target)
      throws IOException {
    StringBuilder madeOf = new StringBuilder(target);
    networks(floats)
        .forEach((name, sizes) -> sizes.values().forEach(ref -> madeOf.append(ref.sha256())));
    pages.forEach(page -> madeOf.append(CodeDigest.sha256(page)));
    madeOf.append(CodeDigest.of(OnnxImporter.class));
    madeOf.append(CodeDigest.of(DetectionPreprocess.class));
    madeOf.append(CodeDigest.of(CompiledOcrFiles.class));
    return CodeDigest.sha256(madeOf.toString().getBytes(StandardCharsets.UTF_8))
        .substring(0, KEY_CHARS);
  }

  private static SortedMap<String, Map<Integer, ModelRef>> networks(OcrModels models) {
    return new TreeMap<>(
        Map.of(
            "detection", models.detection(),
            "orientation", models.orientation(),
            "recognition", models.recognition()));
  }

  private void make(List<byte[]> pages, int parallelism, Consumer<String> progress)
      throws IOException {
    progress.accept("reading the calibration pages");
    CalibrationSet set = CalibrationSet.of(pages, floats, CalibrationSet.LINES);
    Map<String, List<TensorData>> samples =
        Map.of(
            "detection", set.detection(),
            "orientation", set.orientation(),
            "recognition", set.recognition());
    ObjectNode manifest = JSON.createObjectNode();
    for (Map.Entry<String, Map<Integer, ModelRef>> network : networks(floats).entrySet()) {
      String name = network.getKey();
      progress.accept("quantizing " + name);
      NetworkSpec spec = spec(name, network.getValue(), samples.get(name));
      manifest.set(name, entry(run(spec, parallelism)));
    }
    FileUtils.deleteDirectoryQuietly(folder.resolve("samples").toFile());
    Path part = folder.resolve("manifest.json.part");
    Files.writeString(part, manifest.toPrettyString());
    Files.move(part, manifest(), StandardCopyOption.ATOMIC_MOVE);
  }

  private NetworkSpec spec(String name, Map<Integer, ModelRef> sizes, List<TensorData> samples)
      throws IOException {
    Path inputs = Files.createDirectories(folder.resolve("samples").resolve(name));
    List<String> uris = new ArrayList<>();
    for (TensorData sample : samples) {
      Path file = inputs.resolve(String.format(Locale.ROOT, "%04d.npy", uris.size()));
      Files.write(file, Npy.toBytes(sample));
      uris.add(file.toUri().toString());
    }
    SortedMap<String, String> models = new TreeMap<>();
    boolean isSquare = name.equals("detection");
    sizes.forEach(
        (width, ref) ->
            models.put(
                String.format(Locale.ROOT, "%dx%04d", isSquare ? width : LINE_HEIGHT, width),
                ref.uri()));
    return new NetworkSpec(name, models, uris, QuantizeConfig.standard().refined());
  }

  private JsonNode run(NetworkSpec spec, int parallelism) throws IOException {
    try {
      String document =
          QuantizeCompileJob.run(List.of(spec), target, folder.toUri().toString(), parallelism)
              .get(spec.name());
      return JSON.readTree(document);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw JobFailures.of(e, "quantization of '" + spec.name() + "'");
    }
  }

  /** The digests of all sizes; the share and the reasons of the smallest. */
  private static ObjectNode entry(JsonNode sizes) throws IOException {
    ObjectNode entry = JSON.createObjectNode();
    JsonNode smallest = sizes.get(0);
    entry.put("dpuMacShare", smallest.get("dpuMacShare").asDouble());
    ArrayNode reasons = entry.putArray("onCpu");
    smallest.get("onCpu").forEach(reasons::add);
    ArrayNode models = entry.putArray("models");
    for (JsonNode size : sizes) {
      String uri = size.get("file").asText();
      ObjectNode model = models.addObject();
      String text = size.get("size").asText();
      model.put("width", Integer.parseInt(text.substring(text.indexOf('x') + 1)));
      model.put("uri", uri);
      model.put("sha256", CodeDigest.sha256(Files.readAllBytes(Path.of(URI.create(uri)))));
    }
    return entry;
  }

  private Path manifest() {
    return folder.resolve("manifest.json");
  }

  /** What the manifest says, if it is there and the files are those that it names. */
  private Optional<CompiledOcr> read() throws IOException {
    if (!Files.exists(manifest())) {
      return Optional.empty();
    }
    JsonNode manifest = JSON.readTree(manifest().toFile());
    Map<String, Map<Integer, ModelRef>> models = new HashMap<>();
    Map<String, Double> share = new HashMap<>();
    Map<String, List<String>> onCpu = new HashMap<>();
    for (String name : networks(floats).keySet()) {
      JsonNode entry = manifest.get(name);
      share.put(name, entry.get("dpuMacShare").asDouble());
      List<String> reasons = new ArrayList<>();
      entry.get("onCpu").forEach(reason -> reasons.add(reason.asText()));
      onCpu.put(name, reasons);
      Map<Integer, ModelRef> sizes = new TreeMap<>();
      for (JsonNode model : entry.get("models")) {
        ModelRef ref = new ModelRef(model.get("uri").asText(), model.get("sha256").asText());
        Path file = Path.of(URI.create(ref.uri()));
        if (!Files.exists(file)
            || !CodeDigest.sha256(Files.readAllBytes(file)).equals(ref.sha256())) {
          return Optional.empty();
        }
        sizes.put(model.get("width").asInt(), ref);
      }
      models.put(name, sizes);
    }
    OcrModels compiled =
        new OcrModels(
            models.get("detection"),
            models.get("orientation"),
            models.get("recognition"),
            floats.alphabet());
    return Optional.of(new CompiledOcr(compiled, target, share, onCpu));
  }
}
