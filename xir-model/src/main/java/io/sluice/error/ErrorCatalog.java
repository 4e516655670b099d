package io.sluice.error;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What every error id means: those of the guide, whether Sluice can meet them or not, and Sluice's
 * own. {@link ErrorCode} has a constant for each id that Sluice raises. Some ids are spelt in
 * several ways in the guide; the other spellings are aliases, and so are the numbers of XRM's
 * codes. Immutable.
 */
public final class ErrorCatalog {
  private static final int COLUMNS = 5;

  private final Map<String, Entry> byId;
  private final Map<String, Entry> byAlias;

  /**
   * One id.
   *
   * @param category the part of the tool chain, e.g. {@code compiler/frontend}
   * @param text what has happened, in general
   * @param remedy what to do about it, in general; a failure itself says it more closely
   * @param aliases other spellings of the id, or its number
   */
  public record Entry(
      String id, String category, String text, String remedy, List<String> aliases) {}

  private ErrorCatalog(Map<String, Entry> byId, Map<String, Entry> byAlias) {
    this.byId = byId;
    this.byAlias = byAlias;
  }

  /** The catalogue that comes with Sluice. */
  public static ErrorCatalog builtIn() {
    Map<String, Entry> ids = new LinkedHashMap<>();
    Map<String, Entry> aliases = new HashMap<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                ErrorCatalog.class.getResourceAsStream("errors.tsv"), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.startsWith("#")) {
          Entry entry = parse(line);
          if (ids.put(entry.id(), entry) != null) {
            throw new IllegalStateException("errors.tsv has '" + entry.id() + "' twice");
          }
          entry.aliases().forEach(alias -> aliases.put(alias, entry));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ErrorCatalog(ids, aliases);
  }

  private static Entry parse(String line) {
    String[] columns = line.split("\t", -1);
    if (columns.length != COLUMNS) {
      throw new IllegalStateException("errors.tsv has a line of other columns: " + line);
    }
    List<String> aliases = columns[4].isEmpty() ? List.of() : List.of(columns[4].split(","));
    return new Entry(columns[0], columns[1], columns[2], columns[3], aliases);
  }

  /** All entries: the guide's in its order, then Sluice's own. */
  public List<Entry> all() {
    return List.copyOf(byId.values());
  }

  /** The entry of an id or an alias. */
  public Optional<Entry> find(String id) {
    return Optional.ofNullable(byId.getOrDefault(id, byAlias.get(id)));
  }
}
