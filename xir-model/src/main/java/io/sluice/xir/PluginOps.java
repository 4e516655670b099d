package io.sluice.xir;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.Collections;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The custom ops that {@link CustomOpDefinitions} on the class path define, found once. */
final class PluginOps {
  private static final PluginOps FOUND = find();

  private final Map<String, OpDef> byType;
  private final SluiceException failure;

  private PluginOps(Map<String, OpDef> byType, SluiceException failure) {
    this.byType = Collections.unmodifiableMap(byType);
    this.failure = failure;
  }

  private static PluginOps find() {
    Map<String, OpDef> found = new TreeMap<>();
    try {
      ServiceLoader.load(CustomOpDefinitions.class, PluginOps.class.getClassLoader())
          .forEach(plugin -> plugin.definitions().forEach(def -> add(found, def, plugin)));
      return new PluginOps(found, null);
    } catch (ServiceConfigurationError e) {
      return new PluginOps(
          Map.of(),
          new SluiceException(
              ErrorCode.XIR_UNREGISTERED_OP,
              "definitions of custom ops cannot be loaded: " + e.getMessage(),
              "class path",
              "correct the file META-INF/services/" + CustomOpDefinitions.class.getName(),
              e));
    } catch (SluiceException e) {
      return new PluginOps(Map.of(), e);
    }
  }

  private static void add(Map<String, OpDef> found, OpDef def, CustomOpDefinitions plugin) {
    boolean known = BuiltInOps.BY_TYPE.containsKey(def.type());
    if (known || found.put(def.type(), def) != null) {
      throw new SluiceException(
          ErrorCode.XIR_MULTI_REGISTERED_OP,
          "a second definition of op type '" + def.type() + "'",
          plugin.getClass().getName(),
          "give the custom op another type");
    }
  }

  /**
   * The definition of a type, or null.
   *
   * @throws SluiceException XIR_MULTI_REGISTERED_OP if two plugins define one type,
   *     XIR_UNREGISTERED_OP if a plugin cannot be loaded
   */
  static OpDef find(String type) {
    if (FOUND.failure != null) {
      throw FOUND.failure;
    }
    return FOUND.byType.get(type);
  }
}
