package io.sluice.xir;

import com.google.protobuf.ByteString;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A value of an attribute with its exact type. Immutable; lists and maps are copied, maps in the
 * order of their keys.
 *
 * @param type the exact type
 * @param value an instance of {@link AttrType#javaType()}
 */
public record AttrValue(AttrType type, Object value) {

  public AttrValue {
    value = checked(type, value);
  }

  private static Object checked(AttrType type, Object value) {
    if (!type.javaType().isInstance(value)) {
      throw new SluiceException(
          ErrorCode.XIR_VALUE_UNMATCH,
          "a value of class "
              + (value == null ? "null" : value.getClass().getSimpleName())
              + " for type "
              + type,
          "attribute value",
          "give a " + type.javaType().getSimpleName());
    }
    if (value instanceof List<?> list) {
      list.forEach(e -> checked(type.element(), e));
      return List.copyOf(list);
    }
    if (value instanceof Map<?, ?> map) {
      TreeMap<String, Object> copy = new TreeMap<>();
      map.forEach((k, v) -> copy.put((String) k, checked(type.element(), v)));
      return Collections.unmodifiableMap(copy);
    }
    return value;
  }

  public static AttrValue of(boolean value) {
    return new AttrValue(AttrType.BOOL, value);
  }

  public static AttrValue of(int value) {
    return new AttrValue(AttrType.INT32, value);
  }

  public static AttrValue of(long value) {
    return new AttrValue(AttrType.INT64, value);
  }

  public static AttrValue of(float value) {
    return new AttrValue(AttrType.FLOAT, value);
  }

  public static AttrValue of(double value) {
    return new AttrValue(AttrType.DOUBLE, value);
  }

  public static AttrValue of(String value) {
    return new AttrValue(AttrType.STRING, value);
  }

  public static AttrValue of(ByteString value) {
    return new AttrValue(AttrType.BYTES, value);
  }

  /** An int32_vec. */
  public static AttrValue ofInts(int... values) {
    return new AttrValue(AttrType.INT32_VEC, Arrays.stream(values).boxed().toList());
  }

  /** A float_vec. */
  public static AttrValue ofFloats(float... values) {
    Float[] boxed = new Float[values.length];
    Arrays.setAll(boxed, i -> values[i]);
    return new AttrValue(AttrType.FLOAT_VEC, List.of(boxed));
  }

  /** A string_vec. */
  public static AttrValue ofStrings(List<String> values) {
    return new AttrValue(AttrType.STRING_VEC, values);
  }

  /** A map of string to string. */
  public static AttrValue ofStringMap(Map<String, String> values) {
    return new AttrValue(AttrType.MAP_STRING, values);
  }

  /** A uint64, e.g. a fingerprint or a workload. */
  public static AttrValue ofUnsigned(long value) {
    return new AttrValue(AttrType.UINT64, value);
  }
}
