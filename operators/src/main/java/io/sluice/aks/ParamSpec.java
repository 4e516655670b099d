package io.sluice.aks;

import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;

/**
 * A parameter that a kernel takes.
 *
 * @param name its name
 * @param type its type
 * @param optional whether a node may leave it out
 * @param byDefault what a node has that leaves it out; null if the kernel then has nothing
 */
public record ParamSpec(String name, ParamType type, boolean optional, ParamValue byDefault)
    implements Serializable {
  public ParamSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    if (byDefault != null && byDefault.type() != type) {
      throw new IllegalArgumentException(
          "parameter " + name + " is " + type + ", its default " + byDefault.type());
    }
  }

  /** What a node has that leaves it out. */
  public Optional<ParamValue> defaultValue() {
    return Optional.ofNullable(byDefault);
  }

  /** Whether a node must give it. */
  boolean required() {
    return !optional && byDefault == null;
  }
}
