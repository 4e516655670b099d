package io.sluice.compile;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Finds the plugins that options name. */
final class Plugins {
  private Plugins() {}

  /**
   * New instances, in the order of the names.
   *
   * @throws SluiceException SLUICE_USAGE if there is none of a name, which lists those that there
   *     are; SLUICE_PLUGIN_FAILED if two have one name or one cannot be loaded
   */
  static List<CompilerPlugin> find(List<String> names) {
    if (names.isEmpty()) {
      return List.of();
    }
    Map<String, CompilerPlugin> known = known();
    List<CompilerPlugin> found = new ArrayList<>();
    for (String name : names) {
      CompilerPlugin plugin = known.get(name);
      if (plugin == null) {
        throw new SluiceException(
            ErrorCode.SLUICE_USAGE,
            "there is no plugin '" + name + "', only " + known.keySet(),
            "compile option 'plugins'",
            "name one of these, or put the plugin's jar on the class path");
      }
      found.add(plugin);
    }
    return found;
  }

  private static Map<String, CompilerPlugin> known() {
    Map<String, CompilerPlugin> known = new TreeMap<>();
    try {
      for (CompilerPlugin plugin :
          ServiceLoader.load(CompilerPlugin.class, Plugins.class.getClassLoader())) {
        CompilerPlugin other = known.put(plugin.name(), plugin);
        if (other != null) {
          throw new SluiceException(
              ErrorCode.SLUICE_PLUGIN_FAILED,
              "two compiler plugins '" + plugin.name() + "'",
              other.getClass().getName() + ", " + plugin.getClass().getName(),
              "give one another name");
        }
      }
    } catch (ServiceConfigurationError e) {
      throw new SluiceException(
          ErrorCode.SLUICE_PLUGIN_FAILED,
          "compiler plugins cannot be loaded: " + e.getMessage(),
          "class path",
          "correct the file META-INF/services/" + CompilerPlugin.class.getName(),
          e);
    }
    return known;
  }
}
