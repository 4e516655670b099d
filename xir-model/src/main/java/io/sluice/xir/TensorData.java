package io.sluice.xir;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * The values of a tensor: type, shape and the bytes, row-major and little-endian, as an XMODEL
 * stores them. Immutable: whoever hands an array in with {@link #wrap} gives it away, and whoever
 * takes {@link #array()} only reads it.
 */
public final class TensorData {
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final DataType type;
  private final Shape shape;
  private final byte[] bytes;

  private TensorData(DataType type, Shape shape, byte[] bytes) {
    this.type = Objects.requireNonNull(type, "type");
    this.shape = Objects.requireNonNull(shape, "shape");
    this.bytes = bytes;
    long expected = (long) shape.elements() * type.bytes();
    if (expected != bytes.length) {
      throw new SluiceException(
          ErrorCode.XIR_SHAPE_UNMATCH,
          bytes.length + " bytes for " + type + " " + shape + ", which takes " + expected,
          "tensor data",
          "give exactly the bytes of the shape");
    }
  }

  /** Takes the array over without a copy. */
  public static TensorData wrap(DataType type, Shape shape, byte[] bytes) {
    return new TensorData(type, shape, bytes);
  }

  /** FLOAT32 values, copied. */
  public static TensorData ofFloats(Shape shape, float... values) {
    byte[] bytes = new byte[Math.multiplyExact(values.length, Float.BYTES)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return new TensorData(DataType.FLOAT32, shape, bytes);
  }

  /** INT32 values, copied. */
  public static TensorData ofInts(Shape shape, int... values) {
    byte[] bytes = new byte[Math.multiplyExact(values.length, Integer.BYTES)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(values);
    return new TensorData(DataType.INT32, shape, bytes);
  }

  /** INT64 values, copied. */
  public static TensorData ofLongs(Shape shape, long... values) {
    byte[] bytes = new byte[Math.multiplyExact(values.length, Long.BYTES)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return new TensorData(DataType.INT64, shape, bytes);
  }

  public DataType type() {
    return type;
  }

  public Shape shape() {
    return shape;
  }

  /** The bytes themselves, not a copy; only to be read. */
  public byte[] array() {
    return bytes;
  }

  /** A read-only little-endian view of the bytes. */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Element {@code index} of a FLOAT32 tensor. */
  public float getFloat(int index) {
    return (float) FLOAT.get(bytes, index * Float.BYTES);
  }

  /** Element {@code index} of an INT32 tensor. */
  public int getInt(int index) {
    return (int) INT.get(bytes, index * Integer.BYTES);
  }

  /** Element {@code index} of an INT64 tensor. */
  public long getLong(int index) {
    return (long) LONG.get(bytes, index * Long.BYTES);
  }

  /** Element {@code index} of a signed 8-bit tensor. */
  public byte getByte(int index) {
    return bytes[index];
  }

  /** A copy of the values of a FLOAT32 tensor. */
  public float[] toFloats() {
    require(DataType.FLOAT32);
    float[] values = new float[shape.elements()];
    buffer().asFloatBuffer().get(values);
    return values;
  }

  /** A copy of the values of an INT64 tensor. */
  public long[] toLongs() {
    require(DataType.INT64);
    long[] values = new long[shape.elements()];
    buffer().asLongBuffer().get(values);
    return values;
  }

  /** The same bytes under another shape of as many elements. */
  public TensorData reshape(Shape newShape) {
    return new TensorData(type, newShape, bytes);
  }

  private void require(DataType wanted) {
    if (!type.equals(wanted)) {
      throw new SluiceException(
          ErrorCode.XIR_INVALID_DATA_TYPE,
          "the tensor is " + type + ", not " + wanted,
          "tensor data",
          "convert the values to that type");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorData that
        && type.equals(that.type)
        && shape.equals(that.shape)
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, shape, Arrays.hashCode(bytes));
  }

  /** Type and shape, not the values. */
  @Override
  public String toString() {
    return type + " " + shape;
  }
}
