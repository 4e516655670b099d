package io.sluice.xir;

import com.google.protobuf.ByteString;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.proto.XirProto;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Attributes to and from their messages, type by type. */
final class AttrCodec {
  /** Attributes whose names begin so are the program's own and are not written. */
  private static final String PRIVATE = "__";

  private AttrCodec() {}

  static Map<String, XirProto.AttrValue> write(Attrs attrs) {
    Map<String, XirProto.AttrValue> out = new LinkedHashMap<>();
    attrs
        .asMap()
        .forEach(
            (name, value) -> {
              if (!name.startsWith(PRIVATE)) {
                out.put(name, write(value));
              }
            });
    return out;
  }

  /**
   * @param place where the attributes are, for a failure
   */
  static Attrs read(Map<String, XirProto.AttrValue> attrs, String place) {
    Map<String, AttrValue> out = new HashMap<>();
    attrs.forEach((name, value) -> out.put(name, read(name, value, place)));
    return Attrs.of(out);
  }

  static XirProto.AttrValue write(AttrValue attr) {
    XirProto.AttrValue.Builder out = XirProto.AttrValue.newBuilder();
    Object value = attr.value();
    switch (attr.type()) {
      case BOOL -> out.setBoolValue((Boolean) value);
      case INT32 -> out.setInt32Value((Integer) value);
      case UINT32 -> out.setUint32Value((Integer) value);
      case INT64 -> out.setInt64Value((Long) value);
      case UINT64 -> out.setUint64Value((Long) value);
      case FLOAT -> out.setFloatValue((Float) value);
      case DOUBLE -> out.setDoubleValue((Double) value);
      case STRING -> out.setStringValue((String) value);
      case BYTES -> out.setBytesValue(bytes(value));
      case BOOL_VEC -> out.setBoolVecValue(XirProto.BoolVec.newBuilder().addAllValue(list(value)));
      case INT32_VEC -> out.setInt32VecValue(int32Vec(value));
      case UINT32_VEC -> out.setUint32VecValue(uint32Vec(value));
      case INT64_VEC -> out.setInt64VecValue(int64Vec(value));
      case UINT64_VEC -> out.setUint64VecValue(uint64Vec(value));
      case FLOAT_VEC ->
          out.setFloatVecValue(XirProto.FloatVec.newBuilder().addAllValue(list(value)));
      case DOUBLE_VEC ->
          out.setDoubleVecValue(XirProto.DoubleVec.newBuilder().addAllValue(list(value)));
      case STRING_VEC -> out.setStringVecValue(stringVec(value));
      case BYTES_VEC ->
          out.setBytesVecValue(XirProto.BytesVec.newBuilder().addAllValue(list(value)));
      case MAP_INT32 ->
          out.setMapString2Int32Value(
              XirProto.MapString2Int32.newBuilder().putAllValue(map(value)));
      case MAP_UINT32 ->
          out.setMapString2Uint32Value(
              XirProto.MapString2Uint32.newBuilder().putAllValue(map(value)));
      case MAP_INT64 ->
          out.setMapString2Int64Value(
              XirProto.MapString2Int64.newBuilder().putAllValue(map(value)));
      case MAP_UINT64 ->
          out.setMapString2Uint64Value(
              XirProto.MapString2Uint64.newBuilder().putAllValue(map(value)));
      case MAP_STRING ->
          out.setMapString2StringValue(
              XirProto.MapString2String.newBuilder().putAllValue(map(value)));
      case MAP_BYTES ->
          out.setMapString2BytesValue(
              XirProto.MapString2Bytes.newBuilder().putAllValue(map(value, AttrCodec::bytes)));
      case MAP_INT32_VEC ->
          out.setMapString2Int32VecValue(
              XirProto.MapString2Int32Vec.newBuilder()
                  .putAllValue(map(value, AttrCodec::int32Vec)));
      case MAP_UINT32_VEC ->
          out.setMapString2Uint32VecValue(
              XirProto.MapString2Uint32Vec.newBuilder()
                  .putAllValue(map(value, AttrCodec::uint32Vec)));
      case MAP_INT64_VEC ->
          out.setMapString2Int64VecValue(
              XirProto.MapString2Int64Vec.newBuilder()
                  .putAllValue(map(value, AttrCodec::int64Vec)));
      case MAP_UINT64_VEC ->
          out.setMapString2Uint64VecValue(
              XirProto.MapString2Uint64Vec.newBuilder()
                  .putAllValue(map(value, AttrCodec::uint64Vec)));
      case MAP_STRING_VEC ->
          out.setMapString2StringVecValue(
              XirProto.MapString2StringVec.newBuilder()
                  .putAllValue(map(value, AttrCodec::stringVec)));
    }
    return out.build();
  }

  /**
   * @throws SluiceException XIR_READ_PB_FAILURE if the message holds no value
   */
  static AttrValue read(String name, XirProto.AttrValue in, String place) {
    return switch (in.getValueCase()) {
      case BOOL_VALUE -> AttrValue.of(in.getBoolValue());
      case INT32_VALUE -> AttrValue.of(in.getInt32Value());
      case UINT32_VALUE -> new AttrValue(AttrType.UINT32, in.getUint32Value());
      case INT64_VALUE -> AttrValue.of(in.getInt64Value());
      case UINT64_VALUE -> new AttrValue(AttrType.UINT64, in.getUint64Value());
      case FLOAT_VALUE -> AttrValue.of(in.getFloatValue());
      case DOUBLE_VALUE -> AttrValue.of(in.getDoubleValue());
      case STRING_VALUE -> AttrValue.of(in.getStringValue());
      case BYTES_VALUE -> AttrValue.of(in.getBytesValue().getValue());
      case BOOL_VEC_VALUE -> vec(AttrType.BOOL_VEC, in.getBoolVecValue().getValueList());
      case INT32_VEC_VALUE -> vec(AttrType.INT32_VEC, in.getInt32VecValue().getValueList());
      case UINT32_VEC_VALUE -> vec(AttrType.UINT32_VEC, in.getUint32VecValue().getValueList());
      case INT64_VEC_VALUE -> vec(AttrType.INT64_VEC, in.getInt64VecValue().getValueList());
      case UINT64_VEC_VALUE -> vec(AttrType.UINT64_VEC, in.getUint64VecValue().getValueList());
      case FLOAT_VEC_VALUE -> vec(AttrType.FLOAT_VEC, in.getFloatVecValue().getValueList());
      case DOUBLE_VEC_VALUE -> vec(AttrType.DOUBLE_VEC, in.getDoubleVecValue().getValueList());
      case STRING_VEC_VALUE -> vec(AttrType.STRING_VEC, in.getStringVecValue().getValueList());
      case BYTES_VEC_VALUE -> vec(AttrType.BYTES_VEC, in.getBytesVecValue().getValueList());
      case MAP_STRING_2_INT32_VALUE ->
          new AttrValue(AttrType.MAP_INT32, in.getMapString2Int32Value().getValueMap());
      case MAP_STRING_2_UINT32_VALUE ->
          new AttrValue(AttrType.MAP_UINT32, in.getMapString2Uint32Value().getValueMap());
      case MAP_STRING_2_INT64_VALUE ->
          new AttrValue(AttrType.MAP_INT64, in.getMapString2Int64Value().getValueMap());
      case MAP_STRING_2_UINT64_VALUE ->
          new AttrValue(AttrType.MAP_UINT64, in.getMapString2Uint64Value().getValueMap());
      case MAP_STRING_2_STRING_VALUE ->
          new AttrValue(AttrType.MAP_STRING, in.getMapString2StringValue().getValueMap());
      case MAP_STRING_2_BYTES_VALUE ->
          mapped(
              AttrType.MAP_BYTES,
              in.getMapString2BytesValue().getValueMap(),
              XirProto.Bytes::getValue);
      case MAP_STRING_2_INT32_VEC_VALUE ->
          mapped(
              AttrType.MAP_INT32_VEC,
              in.getMapString2Int32VecValue().getValueMap(),
              XirProto.Int32Vec::getValueList);
      case MAP_STRING_2_UINT32_VEC_VALUE ->
          mapped(
              AttrType.MAP_UINT32_VEC,
              in.getMapString2Uint32VecValue().getValueMap(),
              XirProto.Uint32Vec::getValueList);
      case MAP_STRING_2_INT64_VEC_VALUE ->
          mapped(
              AttrType.MAP_INT64_VEC,
              in.getMapString2Int64VecValue().getValueMap(),
              XirProto.Int64Vec::getValueList);
      case MAP_STRING_2_UINT64_VEC_VALUE ->
          mapped(
              AttrType.MAP_UINT64_VEC,
              in.getMapString2Uint64VecValue().getValueMap(),
              XirProto.Uint64Vec::getValueList);
      case MAP_STRING_2_STRING_VEC_VALUE ->
          mapped(
              AttrType.MAP_STRING_VEC,
              in.getMapString2StringVecValue().getValueMap(),
              v -> List.copyOf(v.getValueList()));
      case VALUE_NOT_SET ->
          throw new SluiceException(
              ErrorCode.XIR_READ_PB_FAILURE,
              "attribute '" + name + "' has no value of a known type",
              place,
              "write the model again with the tool that made it");
    };
  }

  private static AttrValue vec(AttrType type, List<?> values) {
    return new AttrValue(type, values);
  }

  private static <T> AttrValue mapped(AttrType type, Map<String, T> in, Function<T, ?> value) {
    Map<String, Object> out = new HashMap<>();
    in.forEach((key, wrapped) -> out.put(key, value.apply(wrapped)));
    return new AttrValue(type, out);
  }

  private static XirProto.Bytes bytes(Object value) {
    return XirProto.Bytes.newBuilder().setValue((ByteString) value).build();
  }

  private static XirProto.Int32Vec int32Vec(Object value) {
    return XirProto.Int32Vec.newBuilder().addAllValue(list(value)).build();
  }

  private static XirProto.Uint32Vec uint32Vec(Object value) {
    return XirProto.Uint32Vec.newBuilder().addAllValue(list(value)).build();
  }

  private static XirProto.Int64Vec int64Vec(Object value) {
    return XirProto.Int64Vec.newBuilder().addAllValue(list(value)).build();
  }

  private static XirProto.Uint64Vec uint64Vec(Object value) {
    return XirProto.Uint64Vec.newBuilder().addAllValue(list(value)).build();
  }

  private static XirProto.StringVec stringVec(Object value) {
    return XirProto.StringVec.newBuilder().addAllValue(list(value)).build();
  }

  /** An {@link AttrValue} has checked the class of every element. */
  @SuppressWarnings("unchecked")
  private static <T> List<T> list(Object value) {
    return (List<T>) value;
  }

  @SuppressWarnings("unchecked")
  private static <T> Map<String, T> map(Object value) {
    return (Map<String, T>) value;
  }

  private static <T> Map<String, T> map(Object value, Function<Object, T> wrap) {
    Map<String, T> out = new LinkedHashMap<>();
    AttrCodec.<Object>map(value).forEach((key, element) -> out.put(key, wrap.apply(element)));
    return out;
  }
}
