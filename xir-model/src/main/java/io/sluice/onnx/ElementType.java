package io.sluice.onnx;

import ai.onnxruntime.OnnxJavaType;
import io.sluice.onnx.proto.TensorProto;
import io.sluice.xir.DataType;
import java.util.Map;

/** The element types of ONNX that a model may use here, and those of XIR. */
final class ElementType {
  static final DataType BOOL = new DataType(DataType.Kind.UINT, 1);
  static final DataType FLOAT64 = new DataType(DataType.Kind.FLOAT, 64);

  private static final Map<Integer, DataType> FROM_ONNX =
      Map.of(
          TensorProto.DataType.FLOAT_VALUE, DataType.FLOAT32,
          TensorProto.DataType.DOUBLE_VALUE, FLOAT64,
          TensorProto.DataType.UINT8_VALUE, DataType.UINT8,
          TensorProto.DataType.INT8_VALUE, DataType.INT8,
          TensorProto.DataType.INT32_VALUE, DataType.INT32,
          TensorProto.DataType.INT64_VALUE, DataType.INT64,
          TensorProto.DataType.BOOL_VALUE, BOOL);

  private static final Map<OnnxJavaType, DataType> FROM_RUNTIME =
      Map.of(
          OnnxJavaType.FLOAT, DataType.FLOAT32,
          OnnxJavaType.DOUBLE, FLOAT64,
          OnnxJavaType.UINT8, DataType.UINT8,
          OnnxJavaType.INT8, DataType.INT8,
          OnnxJavaType.INT32, DataType.INT32,
          OnnxJavaType.INT64, DataType.INT64,
          OnnxJavaType.BOOL, BOOL);

  private ElementType() {}

  /** The type of XIR for a number of ONNX, or null. */
  static DataType fromOnnx(int number) {
    return FROM_ONNX.get(number);
  }

  /** The type of XIR for a type of ONNX Runtime, or null. */
  static DataType fromRuntime(OnnxJavaType type) {
    return FROM_RUNTIME.get(type);
  }

  /** The number of ONNX for a type of XIR (fixed point as its integers), or 0. */
  static int toOnnx(DataType type) {
    return key(FROM_ONNX, type, 0);
  }

  /** The type of ONNX Runtime for a type of XIR (fixed point as its integers), or UNKNOWN. */
  static OnnxJavaType toRuntime(DataType type) {
    return key(FROM_RUNTIME, type, OnnxJavaType.UNKNOWN);
  }

  private static <K> K key(Map<K, DataType> types, DataType type, K none) {
    DataType plain =
        switch (type.kind()) {
          case XINT -> new DataType(DataType.Kind.INT, type.bits());
          case XUINT -> new DataType(DataType.Kind.UINT, type.bits());
          default -> type;
        };
    return types.entrySet().stream()
        .filter(e -> e.getValue().equals(plain))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(none);
  }
}
