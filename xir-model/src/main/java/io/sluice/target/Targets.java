package io.sluice.target;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The known targets, by name, by fingerprint, or by an {@code arch.json}. Immutable. */
public final class Targets {
  private static final int MAX_ARCH_BYTES = 1 << 16;

  private static final Pattern MADE_NAME = Pattern.compile("DPU\\w+_([0-9A-F]{16})");

  private final Map<String, DpuTarget> byName;

  private Targets(Map<String, DpuTarget> byName) {
    this.byName = byName;
  }

  /**
   * How the resource file lists a target.
   *
   * @param description null where the fingerprint says everything
   */
  private record Entry(String name, String fingerprint, Description description) {
    DpuTarget target() {
      Fingerprint print = Fingerprint.parse(fingerprint);
      return description == null
          ? Synthesis.of(print).orElseThrow().named(name)
          : description.target(name, print);
    }
  }

  /** What hardware a target is. */
  private record Description(
      int batch, TableColumn table, List<Bank> banks, ConvEngine conv, List<Engine> engines) {
    DpuTarget target(String name, Fingerprint print) {
      DpuType type = DpuType.of(print.typeNumber());
      return new DpuTarget(name, print, type, batch, table, banks, conv, engines);
    }
  }

  /** The targets that have a name. */
  public static Targets builtIn() {
    Map<String, DpuTarget> targets = new LinkedHashMap<>();
    try (InputStream in = Targets.class.getResourceAsStream("targets.json")) {
      for (Entry entry : new ObjectMapper().readValue(in, Entry[].class)) {
        if (targets.put(entry.name, entry.target()) != null) {
          throw new SluiceException(
              ErrorCode.TARGET_FACTORY_MULTI_REGISTERED_TARGET,
              "a second target '" + entry.name + "'",
              "targets.json",
              "give every target its own name");
        }
      }
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.TARGET_FACTORY_PARSE_TARGET_FAIL,
          e.getMessage(),
          "targets.json",
          "repair the installation",
          e);
    }
    return new Targets(targets);
  }

  public List<DpuTarget> all() {
    return List.copyOf(byName.values());
  }

  /**
   * @param text name of a listed target, or one that was made for an unlisted fingerprint, which
   *     ends in its 16 hexadecimal digits; hyphens stand for underscores, as the guide sometimes
   *     has it
   * @throws SluiceException TARGET_FACTORY_UNREGISTERED_TARGET if there is none of this name
   */
  public DpuTarget byName(String text) {
    String name = text.replace('-', '_');
    DpuTarget listed = byName.get(name);
    if (listed != null) {
      return listed;
    }
    Matcher made = MADE_NAME.matcher(name);
    if (made.matches()) {
      Optional<DpuTarget> target = Synthesis.of(Fingerprint.parse("0x" + made.group(1)));
      if (target.isPresent() && target.get().name().equals(name)) {
        return target.get();
      }
    }
    throw unknown("name '" + text + "'");
  }

  /**
   * The target of a fingerprint: a listed one, else one made from the feature bits, where those of
   * the family are known (DPUCZDX8G of ISA 0 and 1, DPUCVDX8G of ISA 2 and 3, DPUCV2DX8G).
   *
   * @throws SluiceException TARGET_FACTORY_UNREGISTERED_TARGET if there is none,
   *     TARGET_FACTORY_INVALID_TYPE if there is no such family, TARGET_FACTORY_INVALID_ARCH or
   *     TARGET_FACTORY_INVALID_FEATURE_CODE if no hardware can have these features
   */
  public DpuTarget byFingerprint(Fingerprint fingerprint) {
    return byName.values().stream()
        .filter(t -> t.fingerprint().equals(fingerprint))
        .findFirst()
        .or(
            () -> {
              DpuType.of(fingerprint.typeNumber());
              return Synthesis.of(fingerprint);
            })
        .orElseThrow(() -> unknown("fingerprint " + fingerprint));
  }

  /**
   * What a command line names: a target's name, a fingerprint ({@code 0x...}), or the path of an
   * {@code arch.json}.
   *
   * @throws SluiceException TARGET_FACTORY_UNREGISTERED_TARGET, or TARGET_FACTORY_PARSE_TARGET_FAIL
   *     if the file cannot be read
   */
  public DpuTarget resolve(String text) {
    if (text.startsWith("0x") || text.startsWith("0X")) {
      return byFingerprint(Fingerprint.parse(text));
    }
    if (text.endsWith(".json")) {
      return byArchFile(Path.of(text));
    }
    return byName(text);
  }

  /**
   * The target of an {@code arch.json}: {@code {"target": name}} or {@code {"fingerprint": 0x}}.
   */
  public DpuTarget byArchFile(Path file) {
    try {
      if (Files.size(file) > MAX_ARCH_BYTES) {
        throw badArch(file, "it has more than " + MAX_ARCH_BYTES + " bytes", null);
      }
      JsonNode arch = new ObjectMapper().readTree(Files.readAllBytes(file));
      if (arch.path("target").isTextual()) {
        return byName(arch.get("target").asText());
      }
      if (arch.path("fingerprint").isTextual()) {
        return byFingerprint(Fingerprint.parse(arch.get("fingerprint").asText()));
      }
      throw badArch(file, "it has neither a text 'target' nor a text 'fingerprint'", null);
    } catch (IOException e) {
      throw badArch(file, e.getClass().getSimpleName() + ": " + e.getMessage(), e);
    }
  }

  private static SluiceException badArch(Path file, String why, Throwable cause) {
    return new SluiceException(
        ErrorCode.TARGET_FACTORY_PARSE_TARGET_FAIL,
        "not an arch.json: " + why,
        "file '" + file + "'",
        "write {\"target\": \"NAME\"} or {\"fingerprint\": \"0x...\"}",
        cause);
  }

  private SluiceException unknown(String what) {
    return new SluiceException(
        ErrorCode.TARGET_FACTORY_UNREGISTERED_TARGET,
        "no target of " + what,
        "target factory",
        "use one of " + byName.keySet() + ", a fingerprint, or an arch.json");
  }
}
