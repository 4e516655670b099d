package io.sluice.xir;

import com.google.protobuf.ByteString;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Named attributes of an op, a tensor, a subgraph or a graph, in the order of their names.
 * Immutable.
 */
public final class Attrs {
  public static final Attrs EMPTY = new Attrs(new TreeMap<>());

  private final TreeMap<String, AttrValue> values;

  private Attrs(TreeMap<String, AttrValue> values) {
    this.values = values;
  }

  /** Attributes from a map. */
  public static Attrs of(Map<String, AttrValue> values) {
    return values.isEmpty() ? EMPTY : new Attrs(new TreeMap<>(values));
  }

  /** These attributes and one more, which replaces an earlier one of its name. */
  public Attrs with(String name, AttrValue value) {
    TreeMap<String, AttrValue> copy = new TreeMap<>(values);
    copy.put(name, value);
    return new Attrs(copy);
  }

  public Attrs with(String name, boolean value) {
    return with(name, AttrValue.of(value));
  }

  public Attrs with(String name, int value) {
    return with(name, AttrValue.of(value));
  }

  public Attrs with(String name, float value) {
    return with(name, AttrValue.of(value));
  }

  public Attrs with(String name, double value) {
    return with(name, AttrValue.of(value));
  }

  public Attrs with(String name, String value) {
    return with(name, AttrValue.of(value));
  }

  /** With an int32_vec. */
  public Attrs with(String name, int[] values) {
    return with(name, AttrValue.ofInts(values));
  }

  /** Without the attribute of a name. */
  public Attrs without(String name) {
    TreeMap<String, AttrValue> copy = new TreeMap<>(values);
    copy.remove(name);
    return new Attrs(copy);
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  public Map<String, AttrValue> asMap() {
    return Collections.unmodifiableMap(values);
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  /**
   * @throws SluiceException XIR_UNDEFINED_ATTR if there is none of this name
   */
  public AttrValue get(String name) {
    AttrValue value = values.get(name);
    if (value == null) {
      throw new SluiceException(
          ErrorCode.XIR_UNDEFINED_ATTR,
          "no attribute '" + name + "'",
          "attributes " + values.keySet(),
          "set the attribute, or ask first whether it is there");
    }
    return value;
  }

  private <T> T as(String name, Class<T> wanted) {
    AttrValue value = get(name);
    if (!wanted.isInstance(value.value())) {
      throw new SluiceException(
          ErrorCode.XIR_VALUE_UNMATCH,
          "attribute '" + name + "' is " + value.type() + ", not a " + wanted.getSimpleName(),
          "attributes " + values.keySet(),
          "set it with the type that the op library names");
    }
    return wanted.cast(value.value());
  }

  private <T> List<T> list(String name, AttrType wanted, Class<T> element) {
    AttrValue value = get(name);
    if (value.type() != wanted) {
      throw new SluiceException(
          ErrorCode.XIR_VALUE_UNMATCH,
          "attribute '" + name + "' is " + value.type() + ", not " + wanted,
          "attributes " + values.keySet(),
          "set it with the type that the op library names");
    }
    return ((List<?>) value.value()).stream().map(element::cast).toList();
  }

  public boolean getBool(String name) {
    return as(name, Boolean.class);
  }

  public int getInt(String name) {
    return as(name, Integer.class);
  }

  public long getLong(String name) {
    return as(name, Long.class);
  }

  public float getFloat(String name) {
    return as(name, Float.class);
  }

  public double getDouble(String name) {
    return as(name, Double.class);
  }

  public String getString(String name) {
    return as(name, String.class);
  }

  public ByteString getBytes(String name) {
    return as(name, ByteString.class);
  }

  /** An int32_vec. */
  public int[] getInts(String name) {
    return list(name, AttrType.INT32_VEC, Integer.class).stream()
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** A float_vec. */
  public float[] getFloats(String name) {
    List<Float> list = list(name, AttrType.FLOAT_VEC, Float.class);
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i);
    }
    return values;
  }

  /** A string_vec. */
  public List<String> getStrings(String name) {
    return list(name, AttrType.STRING_VEC, String.class);
  }

  /** The value, or the fallback when there is no such attribute. */
  public int getInt(String name, int fallback) {
    return has(name) ? getInt(name) : fallback;
  }

  public boolean getBool(String name, boolean fallback) {
    return has(name) ? getBool(name) : fallback;
  }

  public String getString(String name, String fallback) {
    return has(name) ? getString(name) : fallback;
  }

  public int[] getInts(String name, int... fallback) {
    return has(name) ? getInts(name) : fallback;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Attrs that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
