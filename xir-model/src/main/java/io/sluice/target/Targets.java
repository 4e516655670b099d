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

/** The known targets, by name, by fingerprint, or by an {@code arch.json}. Immutable. */
public final class Targets {
  private static final int MAX_ARCH_BYTES = 1 << 16;

  private final Map<String, DpuTarget> byName;

  private Targets(Map<String, DpuTarget> byName) {
    this.byName = byName;
  }

  /** How a resource file describes a target. */
  private record Description(
      String name,
      DpuType type,
      int isa,
      String feature,
      int batch,
      String limitsColumn,
      List<Bank> banks,
      ConvEngine conv,
      List<Engine> engines) {
    DpuTarget target() {
      Fingerprint fingerprint = Fingerprint.of(type, isa, Fingerprint.parse(feature).value());
      return new DpuTarget(name, fingerprint, type, batch, limitsColumn, banks, conv, engines);
    }
  }

  /** The targets that Sluice describes. */
  public static Targets builtIn() {
    Map<String, DpuTarget> targets = new LinkedHashMap<>();
    try (InputStream in = Targets.class.getResourceAsStream("targets.json")) {
      for (Description d : new ObjectMapper().readValue(in, Description[].class)) {
        DpuTarget target = d.target();
        if (targets.put(target.name(), target) != null) {
          throw new SluiceException(
              ErrorCode.TARGET_FACTORY_MULTI_REGISTERED_TARGET,
              "a second target '" + target.name() + "'",
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
   * @throws SluiceException TARGET_FACTORY_UNREGISTERED_TARGET if there is none of this name
   */
  public DpuTarget byName(String name) {
    return Optional.ofNullable(byName.get(name)).orElseThrow(() -> unknown("name '" + name + "'"));
  }

  /**
   * @throws SluiceException TARGET_FACTORY_UNREGISTERED_TARGET if there is none
   */
  public DpuTarget byFingerprint(Fingerprint fingerprint) {
    return byName.values().stream()
        .filter(t -> t.fingerprint().equals(fingerprint))
        .findFirst()
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
    if (byName.containsKey(text)) {
      return byName.get(text);
    }
    if (text.startsWith("0x") || text.startsWith("0X")) {
      return byFingerprint(Fingerprint.parse(text));
    }
    if (text.endsWith(".json")) {
      return byArchFile(Path.of(text));
    }
    throw unknown("name '" + text + "'");
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
