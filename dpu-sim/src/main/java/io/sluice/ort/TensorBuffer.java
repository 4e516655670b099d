package io.sluice.ort;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The memory of one tensor: its values, row-major and little-endian as in {@link TensorData}, in a
 * direct buffer that ONNX Runtime reads and writes where it is. Between runs it belongs to whoever
 * made it, who may read and write it.
 */
public final class TensorBuffer {
  private final Tensor tensor;
  private final ByteBuffer bytes;

  private TensorBuffer(Tensor tensor, ByteBuffer bytes) {
    this.tensor = tensor;
    this.bytes = bytes;
  }

  /** Memory of its own, all zero. */
  public static TensorBuffer allocate(Tensor tensor) {
    return new TensorBuffer(
        tensor, ByteBuffer.allocateDirect(size(tensor)).order(ByteOrder.LITTLE_ENDIAN));
  }

  /**
   * The caller's memory, from the buffer's position to its limit; nothing is copied.
   *
   * @throws SluiceException VART_TENSOR_INFO_ERROR if it is not direct, cannot be written or is not
   *     aligned to the tensor's elements; VART_SIZE_MISMATCH if it has not the tensor's size
   */
  public static TensorBuffer over(Tensor tensor, ByteBuffer memory) {
    if (!memory.isDirect() || memory.isReadOnly()) {
      throw refused(ErrorCode.VART_TENSOR_INFO_ERROR, tensor, memory + " on the heap or read-only");
    }
    if (memory.remaining() != size(tensor)) {
      String sizes = memory.remaining() + " bytes, not " + size(tensor);
      throw refused(ErrorCode.VART_SIZE_MISMATCH, tensor, sizes);
    }
    if (memory.alignmentOffset(memory.position(), tensor.type().bytes()) != 0) {
      String unit = "memory that is not aligned to " + tensor.type().bytes() + " bytes";
      throw refused(ErrorCode.VART_TENSOR_INFO_ERROR, tensor, unit);
    }
    return new TensorBuffer(tensor, memory.slice().order(ByteOrder.LITTLE_ENDIAN));
  }

  private static int size(Tensor tensor) {
    return Math.multiplyExact(tensor.shape().elements(), tensor.type().bytes());
  }

  private static SluiceException refused(ErrorCode code, Tensor tensor, String thing) {
    return new SluiceException(
        code,
        thing,
        "buffer of tensor '" + tensor.name() + "' " + tensor.type() + " " + tensor.shape(),
        "give a direct, writable, aligned buffer of " + size(tensor) + " bytes");
  }

  public Tensor tensor() {
    return tensor;
  }

  /** The memory itself, little-endian, from 0 to the tensor's size, with a position of its own. */
  public ByteBuffer bytes() {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Copies values in.
   *
   * @throws SluiceException VART_SIZE_MISMATCH if they are of another size
   */
  public void set(TensorData values) {
    if (values.array().length != bytes.capacity()) {
      throw refused(ErrorCode.VART_SIZE_MISMATCH, tensor, values.toString());
    }
    bytes.put(0, values.array());
  }

  /** A copy of the values. */
  public TensorData get() {
    byte[] copy = new byte[bytes.capacity()];
    bytes.get(0, copy);
    return TensorData.wrap(tensor.type(), tensor.shape(), copy);
  }

  /** Copies in the part of larger values that begins after so many of this size. */
  void load(TensorData values, int part) {
    bytes.put(0, values.array(), part * bytes.capacity(), bytes.capacity());
  }

  /** Copies out into a part of larger values, which nobody has seen yet. */
  void store(TensorData values, int part) {
    bytes.get(0, values.array(), part * bytes.capacity(), bytes.capacity());
  }

  @Override
  public String toString() {
    return "buffer of tensor '" + tensor.name() + "'";
  }
}
