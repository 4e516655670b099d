package io.sluice.aks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A value in a JSON file of which is known where it stands, so that every complaint says it. The
 * file is bounded in size, depth and length of names and texts before it is read, and no object may
 * have a key twice.
 *
 * @param file what the errors call the file
 * @param path from the root, as JSONPath
 * @param value the value
 */
record JsonAt(String file, String path, JsonNode value) {
  /** No file is longer. */
  static final int MAX_BYTES = 4 << 20;

  static final int MAX_DEPTH = 32;
  private static final int MAX_TEXT_CHARS = 1 << 16;
  private static final int MAX_NAME_CHARS = 256;
  private static final int MAX_NUMBER_CHARS = 64;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(MAX_TEXT_CHARS)
                          .maxNameLength(MAX_NAME_CHARS)
                          .maxNumberLength(MAX_NUMBER_CHARS)
                          .maxDocumentLength(MAX_BYTES)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /**
   * @throws SluiceException SLUICE_IO if it cannot be read, SLUICE_GRAPH_LIMIT if it is beyond a
   *     bound, SLUICE_GRAPH_JSON if it is no JSON object
   */
  static JsonAt read(Path path) {
    String file = "file '" + path + "'";
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_IO,
          e.getClass().getSimpleName() + ": " + e.getMessage(),
          file,
          "check the path",
          e);
    }
    return parse(bytes, file);
  }

  /** As {@link #read}, from bytes. */
  static JsonAt parse(byte[] bytes, String file) {
    if (bytes.length > MAX_BYTES) {
      throw new SluiceException(
          ErrorCode.SLUICE_GRAPH_LIMIT,
          "more than " + MAX_BYTES + " bytes",
          file,
          "keep data in files of their own");
    }
    JsonNode root;
    try {
      root = MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
      boolean limit = e instanceof StreamConstraintsException;
      throw new SluiceException(
          limit ? ErrorCode.SLUICE_GRAPH_LIMIT : ErrorCode.SLUICE_GRAPH_JSON,
          firstLine(e.getOriginalMessage()),
          file + line,
          limit ? "make it smaller or flatter" : "write one JSON object, each key in it once",
          e);
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_GRAPH_JSON, firstLine(e.toString()), file, "write it in UTF-8", e);
    }
    JsonAt at = new JsonAt(file, "$", root);
    if (!root.isObject()) {
      throw at.bad(ErrorCode.SLUICE_GRAPH_JSON, at.kind(), "write one JSON object");
    }
    return at;
  }

  private static String firstLine(String message) {
    String line = message.lines().findFirst().orElse("");
    return line.length() <= 300 ? line : line.substring(0, 300) + "...";
  }

  SluiceException bad(ErrorCode code, String thing, String remedy) {
    return new SluiceException(code, thing, file + ", " + path, remedy);
  }

  /** The value of a key, if the object has it and it is not null. */
  Optional<JsonAt> find(String key) {
    JsonNode child = value.get(key);
    return child == null || child.isNull()
        ? Optional.empty()
        : Optional.of(new JsonAt(file, path + "." + key, child));
  }

  JsonAt require(String key) {
    return find(key)
        .orElseThrow(
            () ->
                bad(
                    ErrorCode.SLUICE_GRAPH_FIELD_MISSING,
                    "no '" + key + "' among " + keys(),
                    "add it"));
  }

  /** The keys of an object in the order of the file. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    value.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** Refuses keys that mean nothing. */
  JsonAt object(Set<String> known, String remedy) {
    object();
    for (String key : keys()) {
      if (!known.contains(key)) {
        throw bad(ErrorCode.SLUICE_GRAPH_FIELD_UNKNOWN, "unknown field '" + key + "'", remedy);
      }
    }
    return this;
  }

  JsonAt object() {
    return typed(value.isObject(), "an object");
  }

  /** A text that is not blank. */
  String text() {
    typed(value.isTextual(), "a string");
    if (value.textValue().isBlank()) {
      throw bad(ErrorCode.SLUICE_GRAPH_FIELD_VALUE, "an empty string", "write a name");
    }
    return value.textValue();
  }

  boolean bool() {
    return typed(value.isBoolean(), "true or false").value.booleanValue();
  }

  /** A whole number within bounds; as AKS does, one in quotes too. */
  long integer(long least, long most) {
    typed(value.isNumber() || value.isTextual(), "a whole number");
    long number;
    try {
      number = new BigDecimal(value.asText()).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw bad(ErrorCode.SLUICE_GRAPH_FIELD_TYPE, value + " is no whole number", "write one");
    }
    if (number < least || number > most) {
      throw bad(
          ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
          number + " is not " + least + " to " + most,
          "write a number in this range");
    }
    return number;
  }

  boolean isArray() {
    return value.isArray();
  }

  List<JsonAt> elements(int most) {
    typed(value.isArray(), "an array");
    if (value.size() > most) {
      throw bad(ErrorCode.SLUICE_GRAPH_LIMIT, value.size() + " elements", "write at most " + most);
    }
    List<JsonAt> elements = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      elements.add(new JsonAt(file, path + "[" + i + "]", value.get(i)));
    }
    return elements;
  }

  private JsonAt typed(boolean is, String wanted) {
    if (!is) {
      throw bad(
          ErrorCode.SLUICE_GRAPH_FIELD_TYPE,
          kind() + " where " + wanted + " belongs",
          "write " + wanted);
    }
    return this;
  }

  /** For example {@code a string}. */
  String kind() {
    String kind = value.getNodeType().name().toLowerCase(Locale.ROOT);
    return ("aeiou".indexOf(kind.charAt(0)) >= 0 ? "an " : "a ") + kind;
  }
}
