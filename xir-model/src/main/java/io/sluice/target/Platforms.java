package io.sluice.target;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The known platforms, by name. Immutable. */
public final class Platforms {
  private final Map<String, Platform> byName;

  private Platforms(Map<String, Platform> byName) {
    this.byName = byName;
  }

  /** The platforms that Sluice describes. */
  public static Platforms builtIn() {
    Map<String, Platform> platforms = new LinkedHashMap<>();
    try (InputStream in = Platforms.class.getResourceAsStream("platforms.json")) {
      for (Platform p : new ObjectMapper().readValue(in, Platform[].class)) {
        platforms.put(p.name(), p);
      }
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.TARGET_FACTORY_PARSE_TARGET_FAIL,
          e.getMessage(),
          "platforms.json",
          "repair the installation",
          e);
    }
    return new Platforms(platforms);
  }

  public List<Platform> all() {
    return List.copyOf(byName.values());
  }

  /**
   * @throws SluiceException SLUICE_USAGE if there is none of this name
   */
  public Platform byName(String name) {
    Platform platform = byName.get(name);
    if (platform == null) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          "no platform '" + name + "'",
          "platforms",
          "use one of " + byName.keySet());
    }
    return platform;
  }
}
