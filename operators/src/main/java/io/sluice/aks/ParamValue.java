package io.sluice.aks;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * A value of one of the six types. Immutable.
 *
 * @param type its type
 * @param value an Integer, a Float, a String, or a List of one of these
 */
public record ParamValue(ParamType type, Serializable value) implements Serializable {
  public ParamValue {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(value, "value");
  }

  public static ParamValue of(int value) {
    return new ParamValue(ParamType.INT, value);
  }

  public static ParamValue of(float value) {
    return new ParamValue(ParamType.FLOAT, value);
  }

  public static ParamValue of(String value) {
    return new ParamValue(ParamType.STRING, value);
  }

  public static ParamValue ofInts(List<Integer> values) {
    return new ParamValue(ParamType.INT_ARRAY, (Serializable) List.copyOf(values));
  }

  public static ParamValue ofFloats(List<Float> values) {
    return new ParamValue(ParamType.FLOAT_ARRAY, (Serializable) List.copyOf(values));
  }

  public static ParamValue ofStrings(List<String> values) {
    return new ParamValue(ParamType.STRING_ARRAY, (Serializable) List.copyOf(values));
  }

  int asInt() {
    return (Integer) value;
  }

  float asFloat() {
    return (Float) value;
  }

  String asString() {
    return (String) value;
  }

  @SuppressWarnings("unchecked") // the factories make nothing else
  List<Integer> asInts() {
    return (List<Integer>) value;
  }

  @SuppressWarnings("unchecked")
  List<Float> asFloats() {
    return (List<Float>) value;
  }

  @SuppressWarnings("unchecked")
  List<String> asStrings() {
    return (List<String>) value;
  }
}
