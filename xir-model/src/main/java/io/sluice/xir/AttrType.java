package io.sluice.xir;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;

/**
 * The exact types that an attribute of XIR can have. An XMODEL keeps them apart (an int32 5 is not
 * a uint32 5), so they are kept apart here too.
 */
public enum AttrType {
  BOOL(Boolean.class),
  INT32(Integer.class),
  /** Held in an {@link Integer}, to be read as unsigned. */
  UINT32(Integer.class),
  INT64(Long.class),
  /** Held in a {@link Long}, to be read as unsigned. */
  UINT64(Long.class),
  FLOAT(Float.class),
  DOUBLE(Double.class),
  STRING(String.class),
  BYTES(ByteString.class),
  BOOL_VEC(BOOL, false),
  INT32_VEC(INT32, false),
  UINT32_VEC(UINT32, false),
  INT64_VEC(INT64, false),
  UINT64_VEC(UINT64, false),
  FLOAT_VEC(FLOAT, false),
  DOUBLE_VEC(DOUBLE, false),
  STRING_VEC(STRING, false),
  BYTES_VEC(BYTES, false),
  MAP_INT32(INT32, true),
  MAP_UINT32(UINT32, true),
  MAP_INT64(INT64, true),
  MAP_UINT64(UINT64, true),
  MAP_STRING(STRING, true),
  MAP_BYTES(BYTES, true),
  MAP_INT32_VEC(INT32_VEC, true),
  MAP_UINT32_VEC(UINT32_VEC, true),
  MAP_INT64_VEC(INT64_VEC, true),
  MAP_UINT64_VEC(UINT64_VEC, true),
  MAP_STRING_VEC(STRING_VEC, true);

  private final Class<?> javaType;
  private final AttrType element;

  AttrType(Class<?> javaType) {
    this.javaType = javaType;
    this.element = null;
  }

  AttrType(AttrType element, boolean map) {
    this.javaType = map ? Map.class : List.class;
    this.element = element;
  }

  /**
   * The class that holds a value of this type: a box, a String, a ByteString, a List or a Map keyed
   * by String.
   */
  public Class<?> javaType() {
    return javaType;
  }

  /** The type of the elements of a list or of the values of a map; null for a single value. */
  public AttrType element() {
    return element;
  }
}
