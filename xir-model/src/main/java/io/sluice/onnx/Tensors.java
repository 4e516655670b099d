package io.sluice.onnx;

import com.google.protobuf.ByteString;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.proto.TensorProto;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Tensors as an ONNX file keeps them: raw bytes, typed lists, or external files. */
final class Tensors {
  private Tensors() {}

  /**
   * @param name what to call the tensor in an error
   * @throws SluiceException ONNX_CONST_SIZE if dimensions and bytes do not agree,
   *     ONNX_SHAPE_OVERFLOW if the dimensions say more than a tensor can hold, ONNX_INVALID_MODEL
   */
  static TensorData read(TensorProto tensor, String name, ExternalData external) {
    String place = "tensor '" + name + "'";
    DataType type = ElementType.fromOnnx(tensor.getDataType());
    if (type == null) {
      throw invalid("element type " + tensor.getDataType(), place);
    }
    Shape shape = shape(tensor.getDimsList(), place);
    long expected = (long) shape.elements() * type.bytes();
    if (expected > Integer.MAX_VALUE - 8) {
      throw invalid(expected + " bytes in one tensor", place);
    }
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      return TensorData.wrap(type, shape, external.read(tensor, expected));
    }
    if (!tensor.getRawData().isEmpty()) {
      requireCount(tensor.getRawData().size(), expected, "bytes", shape, place);
      return TensorData.wrap(type, shape, tensor.getRawData().toByteArray());
    }
    return TensorData.wrap(type, shape, typed(tensor, type, shape, place));
  }

  private static byte[] typed(TensorProto tensor, DataType type, Shape shape, String place) {
    List<? extends Number> values =
        switch (tensor.getDataType()) {
          case TensorProto.DataType.FLOAT_VALUE -> tensor.getFloatDataList();
          case TensorProto.DataType.DOUBLE_VALUE -> tensor.getDoubleDataList();
          case TensorProto.DataType.INT64_VALUE -> tensor.getInt64DataList();
          default -> tensor.getInt32DataList();
        };
    requireCount(values.size(), shape.elements(), "values", shape, place);
    byte[] bytes = new byte[shape.elements() * type.bytes()];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (Number value : values) {
      if (type.equals(DataType.FLOAT32)) {
        out.putFloat(value.floatValue());
      } else if (type.equals(ElementType.FLOAT64)) {
        out.putDouble(value.doubleValue());
      } else {
        switch (type.bytes()) {
          case 1 -> out.put(value.byteValue());
          case 4 -> out.putInt(value.intValue());
          default -> out.putLong(value.longValue());
        }
      }
    }
    return bytes;
  }

  private static void requireCount(
      long count, long expected, String unit, Shape shape, String place) {
    if (count != expected) {
      throw refused(
          ErrorCode.ONNX_CONST_SIZE,
          count + " " + unit + " for shape " + shape + ", which takes " + expected,
          place);
    }
  }

  /** The shape of dimensions that a file states, which may be anything. */
  private static Shape shape(List<Long> stated, String place) {
    int[] dims = new int[stated.size()];
    long elements = 1;
    for (int i = 0; i < dims.length; i++) {
      long d = stated.get(i);
      if (d < 0) {
        throw invalid("dimensions " + stated, place);
      }
      boolean fits = d == 0 || elements <= Shape.MAX_ELEMENTS / d;
      if (!fits) {
        throw refused(ErrorCode.ONNX_SHAPE_OVERFLOW, "dimensions " + stated, place);
      }
      elements *= d;
      dims[i] = (int) Math.min(d, Integer.MAX_VALUE);
    }
    return Shape.of(dims);
  }

  private static SluiceException invalid(String what, String place) {
    return refused(ErrorCode.ONNX_INVALID_MODEL, what, place);
  }

  private static SluiceException refused(ErrorCode code, String what, String place) {
    return new SluiceException(code, what, place, "write the model again with its tool");
  }

  static TensorProto write(String name, TensorData data) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(ElementType.toOnnx(data.type()))
            .setRawData(ByteString.copyFrom(data.array()));
    for (int d : data.shape().toArray()) {
      tensor.addDims(d);
    }
    return tensor.build();
  }

  /** The values of an integer tensor. */
  static long[] longs(TensorData data) {
    long[] values = new long[data.shape().elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.type().equals(DataType.INT32) ? data.getInt(i) : data.getLong(i);
    }
    return values;
  }
}
