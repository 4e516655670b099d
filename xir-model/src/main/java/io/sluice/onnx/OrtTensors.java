package io.sluice.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Values between {@link TensorData} and the tensors of ONNX Runtime. */
public final class OrtTensors {
  private OrtTensors() {}

  /**
   * A tensor of the runtime with a copy of the values; the caller closes it.
   *
   * @throws SluiceException XIR_INVALID_DATA_TYPE if ONNX has no such element type
   */
  public static OnnxTensor write(OrtEnvironment environment, TensorData data) throws OrtException {
    long[] shape = Arrays.stream(data.shape().toArray()).asLongStream().toArray();
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(data.array().length).order(ByteOrder.nativeOrder());
    bytes.put(data.array()).rewind();
    return OnnxTensor.createTensor(
        environment, bytes, shape, typeOf(data.type(), "tensor " + data.shape()));
  }

  /**
   * The runtime's element type for one of XIR; fixed-point types are the integers that they store.
   *
   * @param place names the tensor in the error
   * @throws SluiceException XIR_INVALID_DATA_TYPE if ONNX has no such element type
   */
  public static OnnxJavaType typeOf(DataType type, String place) {
    OnnxJavaType known = ElementType.toRuntime(type);
    if (known == OnnxJavaType.UNKNOWN) {
      throw new SluiceException(
          ErrorCode.XIR_INVALID_DATA_TYPE,
          "values of type " + type,
          place,
          "convert them to a type that ONNX has");
    }
    return known;
  }

  /**
   * A copy of the values of a tensor of the runtime.
   *
   * @throws SluiceException XIR_INVALID_DATA_TYPE if XIR has no such element type
   */
  public static TensorData read(OnnxTensor tensor) {
    int[] dims = Arrays.stream(tensor.getInfo().getShape()).mapToInt(Math::toIntExact).toArray();
    DataType type = ElementType.fromRuntime(tensor.getInfo().type);
    if (type == null) {
      throw new SluiceException(
          ErrorCode.XIR_INVALID_DATA_TYPE,
          "values of type " + tensor.getInfo().type,
          "a tensor of ONNX Runtime",
          "use float or integer tensors");
    }
    byte[] bytes = new byte[Shape.of(dims).elements() * type.bytes()];
    tensor.getByteBuffer().get(bytes);
    return TensorData.wrap(type, Shape.of(dims), bytes);
  }
}
