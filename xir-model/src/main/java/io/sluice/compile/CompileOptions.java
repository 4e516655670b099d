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
    Optional<String> cacheDir,
    Optional<String> cacheKey) {
  public static final CompileOptions NONE =
      new CompileOptions(
          Optional.empty(), List.of(), List.of(), Optional.empty(), Optional.empty());

  private static final String KNOWN = "input_shape, plugins, output_ops, cacheDir, cacheKey";
  private static final int MAX_CHARS = 1 << 20;
  private static final int MAX_RANK = 8;

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

  public CompileOptions {
    plugins = List.copyOf(plugins);
    outputOps = List.copyOf(outputOps);
  }

  /**
   * @param json for example {@code {"input_shape": "1,224,224,3", "output_ops": "conv1,conv2"}}
   * @throws SluiceException SLUICE_USAGE, naming the option, if the text is no JSON object of at
   *     most 1 MiB, or an option is unknown, given twice, or not of its type
   */
  public static CompileOptions parse(String json) {
    JsonNode root = read(json);
    CompileOptions options = NONE;
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      String key = entry.getKey();
      JsonNode value = entry.getValue();
      options =
          switch (key) {
            case "input_shape" -> options.withInputShape(shape(key, text(key, value)));
            case "plugins" -> options.withPlugins(names(key, text(key, value)));
            case "output_ops" -> options.withOutputOps(names(key, text(key, value)));
            case "cacheDir" -> options.withCacheDir(text(key, value));
            case "cacheKey" -> options.withCacheKey(key(text(key, value)));
            case "prefetch", "hd_opt" ->
                throw refused(key, "no instructions are scheduled that it could change", "drop it");
            default -> throw refused(key, "there is no such option", "use " + KNOWN);
          };
    }
    if (options.cacheKey.isPresent() && options.cacheDir.isEmpty()) {
      throw refused("cacheKey", "there is no cacheDir", "give cacheDir too");
    }
    return options;
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
    String shown = key.length() <= 64 ? key : key.substring(0, 64) + "...";
    return new SluiceException(
        ErrorCode.SLUICE_USAGE, why, "compile option '" + shown + "'", remedy);
  }

  private static String text(String key, JsonNode value) {
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw refused(key, "its value is no text or an empty one", "write a text in quotes");
    }
    return value.textValue();
  }

  /** One folder's name, so that no key leads out of the cache. */
  private static String key(String text) {
    if (!text.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")) {
      throw refused(
          "cacheKey",
          "'" + text + "' is no name of a folder",
          "use letters, digits, '.', '_', '-'");
    }
    return text;
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

  private CompileOptions withInputShape(Shape shape) {
    return new CompileOptions(Optional.of(shape), plugins, outputOps, cacheDir, cacheKey);
  }

  private CompileOptions withPlugins(List<String> names) {
    return new CompileOptions(inputShape, names, outputOps, cacheDir, cacheKey);
  }

  private CompileOptions withOutputOps(List<String> names) {
    return new CompileOptions(inputShape, plugins, names, cacheDir, cacheKey);
  }

  private CompileOptions withCacheDir(String dir) {
    return new CompileOptions(inputShape, plugins, outputOps, Optional.of(dir), cacheKey);
  }

  private CompileOptions withCacheKey(String key) {
    return new CompileOptions(inputShape, plugins, outputOps, cacheDir, Optional.of(key));
  }

  /** The options that change what is compiled, the same text for the same options. */
  String canonical() {
    Map<String, String> parts = new TreeMap<>();
    parts.put("input_shape", inputShape.map(Shape::toString).orElse(""));
    parts.put("output_ops", String.join(",", outputOps));
    parts.put("plugins", String.join(",", plugins));
    return parts.toString();
  }
}
