package io.sluice.aks;

import java.util.Locale;
import java.util.Optional;

/** The types that AKS knows for the parameters of a kernel. */
public enum ParamType {
  INT,
  INT_ARRAY,
  FLOAT,
  FLOAT_ARRAY,
  STRING,
  STRING_ARRAY;

  /** The type of a name in a kernel file, e.g. {@code int_array}. */
  static Optional<ParamType> of(String id) {
    for (ParamType type : values()) {
      if (type.id().equals(id)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The name in a kernel file, e.g. {@code int_array}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
