package io.sluice.compile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Shape;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The extra options of a compilation: those of the guide's Table 31, as one JSON object of texts,
 * and {@code cacheDir} and {@code cacheKey} of its Table 33.
 *
 * @param inputShape the shape that the only input gets, batch first; empty to leave it
 * @param plugins names of plugins in the order in which they run
 * @param outputOps names of the ops that become the outputs; empty to leave them
 * @param cacheDir folder of compiled models; empty to compile always
 * @param cacheKey folder of this model in {@code cacheDir}; empty to take it from the model's bytes
 */
public record CompileOptions(
    Optional<Shape> inputShape,
    List<String> plugins,
    List<String> outputOps,
    Optional<Path> cacheDir,
    Optional<String> cacheKey) {
  public static final CompileOptions NONE =
      new CompileOptions(
          Optional.empty(), List.of(), List.of(), Optional.empty(), Optional.empty());

  private static final List<String> KNOWN =
      List.of("input_shape", "plugins", "output_ops", "cacheDir", "cacheKey");
  private static final int MAX_CHARS = 1 << 20;
  private static final int MAX_RANK = 8;
  private static final int MAX_SHOWN = 64;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(8)
                          .maxStringLength(1 << 16)
                          .maxNameLength(256)
                          .maxNumberLength(64)
                          .maxDocumentLength(MAX_CHARS)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * @throws SluiceException SLUICE_USAGE if there is a key without a folder, or it could lead out
   *     of the folder
   */
  public CompileOptions {
    plugins = List.copyOf(plugins);
    outputOps = List.copyOf(outputOps);
    cacheKey.ifPresent(CompileOptions::checkKey);
    if (cacheKey.isPresent() && cacheDir.isEmpty()) {
      throw refused("cacheKey", "there is no cacheDir", "give cacheDir too");
    }
  }

  /**
   * @param json for example {@code {"input_shape": "1,224,224,3", "output_ops": "conv1,conv2"}}
   * @throws SluiceException SLUICE_USAGE, naming the option, if the text is no JSON object of at
   *     most 1 MiB, or an option is unknown, given twice, or not of its type
   */
  public static CompileOptions parse(String json) {
    JsonNode root = read(json);
    root.fieldNames().forEachRemaining(CompileOptions::checkKnown);
    return new CompileOptions(
        text(root, "input_shape").map(text -> shape("input_shape", text)),
        text(root, "plugins").map(text -> names("plugins", text)).orElse(List.of()),
        text(root, "output_ops").map(text -> names("output_ops", text)).orElse(List.of()),
        text(root, "cacheDir").map(CompileOptions::folder),
        text(root, "cacheKey"));
  }

  private static void checkKnown(String key) {
    if (key.equals("prefetch") || key.equals("hd_opt")) {
      throw refused(key, "no instructions are scheduled that it could change", "drop it");
    }
    if (!KNOWN.contains(key)) {
      throw refused(key, "there is no such option", "use " + String.join(", ", KNOWN));
    }
  }

  private static JsonNode read(String json) {
    if (json.length() > MAX_CHARS) {
      throw whole("it has more than " + MAX_CHARS + " characters", null);
    }
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      String message = e.getOriginalMessage().lines().findFirst().orElse("");
      throw whole(message.substring(0, Math.min(message.length(), 300)), e);
    }
    if (!root.isObject()) {
      throw whole("it is no JSON object", null);
    }
    return root;
  }

  private static SluiceException whole(String why, Exception cause) {
    String remedy = "write one JSON object such as {\"output_ops\": \"a,b\"}, each key in it once";
    return cause == null
        ? new SluiceException(ErrorCode.SLUICE_USAGE, why, "the compile options", remedy)
        : new SluiceException(ErrorCode.SLUICE_USAGE, why, "the compile options", remedy, cause);
  }

  private static SluiceException refused(String key, String why, String remedy) {
    String shown = key.length() <= MAX_SHOWN ? key : key.substring(0, MAX_SHOWN) + "...";
    return new SluiceException(
        ErrorCode.SLUICE_USAGE, why, "compile option '" + shown + "'", remedy);
  }

  private static Optional<String> text(JsonNode root, String key) {
    JsonNode value = root.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw refused(key, "its value is no text or an empty one", "write a text in quotes");
    }
    return Optional.of(value.textValue());
  }

  private static Path folder(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw refused("cacheDir", "it is no path: " + e.getReason(), "write the path of a folder");
    }
  }

  /** One folder's name, so that no key leads out of the cache. */
  private static void checkKey(String text) {
    if (!text.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")) {
      String shown = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
      throw refused(
          "cacheKey",
          "'" + shown + "' is no name of a folder",
          "use letters, digits, '.', '_', '-'");
    }
  }

  private static List<String> names(String key, String text) {
    List<String> names = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String name = part.strip();
      if (name.isEmpty() || names.contains(name)) {
        throw refused(
            key,
            name.isEmpty() ? "an empty name" : "'" + name + "' twice",
            "write names with commas between, each once");
      }
      names.add(name);
    }
    return names;
  }

  private static Shape shape(String key, String text) {
    String[] parts = text.split(",", -1);
    if (parts.length > MAX_RANK) {
      throw refused(key, parts.length + " dimensions", "write at most " + MAX_RANK);
    }
    int[] dims = new int[parts.length];
    long elements = 1;
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i].strip();
      if (!part.matches("[1-9][0-9]{0,8}")) {
        throw refused(
            key, "'" + part + "' is no dimension", "write whole numbers above 0: 1,224,224,3");
      }
      dims[i] = Integer.parseInt(part);
      elements *= dims[i];
      if (elements > Integer.MAX_VALUE) {
        throw refused(key, "more than 2^31 - 1 elements", "write a smaller shape");
      }
    }
    return Shape.of(dims);
  }

  /** The options that change what is compiled, the same text for the same options. */
  String canonical() {
    Map<String, Object> parts = new TreeMap<>();
    parts.put("input_shape", inputShape.map(Shape::toString).orElse(""));
    parts.put("output_ops", outputOps);
    parts.put("plugins", plugins);
    try {
      return MAPPER.writeValueAsString(parts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts can be written as JSON", e);
    }
  }
}
