package io.sluice.error;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What every error id means: those of the guide, whether Sluice can meet them or not, and Sluice's
 * own. {@link ErrorCode} has a constant for each id that Sluice raises. Some ids are spelt in
 * several ways in the guide; the other spellings are aliases, and so are the numbers of XRM's
 * codes. Immutable.
 */
public final class ErrorCatalog {
  private static final int COLUMNS = 5;

  private final List<Entry> entries;
  private final Map<String, Entry> byName;

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

  private ErrorCatalog(List<Entry> entries, Map<String, Entry> byName) {
    this.entries = entries;
    this.byName = byName;
  }

  /** The catalogue that comes with Sluice. */
  public static ErrorCatalog builtIn() {
    List<Entry> entries = new ArrayList<>();
    Map<String, Entry> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                ErrorCatalog.class.getResourceAsStream("errors.tsv"), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.startsWith("#")) {
          Entry entry = parse(line);
          entries.add(entry);
          name(names, entry.id(), entry);
          entry.aliases().forEach(alias -> name(names, alias, entry));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ErrorCatalog(List.copyOf(entries), names);
  }

  private static void name(Map<String, Entry> names, String name, Entry entry) {
    Entry other = names.put(name, entry);
    if (other != null && !other.equals(entry)) {
      throw new IllegalStateException("errors.tsv has '" + name + "' twice");
    }
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
    return entries;
  }

  /** The entry of an id or an alias, in upper or lower case. */
  public Optional<Entry> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }
}
