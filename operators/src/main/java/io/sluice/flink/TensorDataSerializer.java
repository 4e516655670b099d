package io.sluice.flink;

import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes a tensor as: kind of number, bits, rank (a byte each), the dimensions (an int each), the
 * bytes.
 */
public final class TensorDataSerializer extends ImmutableSerializer<TensorData> {
  /** Without state, so one is enough. */
  public static final TensorDataSerializer INSTANCE = new TensorDataSerializer();

  private static final long serialVersionUID = 1L;
  private static final int FORMAT = 1;
  private static final DataType.Kind[] KINDS = DataType.Kind.values();

  private TensorDataSerializer() {}

  @Override
  public TensorData createInstance() {
    return TensorData.wrap(DataType.UINT8, Shape.of(0), new byte[0]);
  }

  @Override
  public void serialize(TensorData tensor, DataOutputView target) throws IOException {
    target.writeByte(tensor.type().kind().ordinal());
    target.writeByte(tensor.type().bits());
    Shape shape = tensor.shape();
    target.writeByte(shape.rank());
    for (int axis = 0; axis < shape.rank(); axis++) {
      target.writeInt(shape.dim(axis));
    }
    target.write(tensor.array());
  }

  @Override
  public TensorData deserialize(DataInputView source) throws IOException {
    int kind = source.readUnsignedByte();
    if (kind >= KINDS.length) {
      throw new IOException("kind of number " + kind + " in a serialized tensor");
    }
    DataType type = new DataType(KINDS[kind], source.readUnsignedByte());
    int[] dims = new int[source.readUnsignedByte()];
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = source.readInt();
    }
    Shape shape = Shape.of(dims);
    byte[] bytes = new byte[Math.multiplyExact(shape.elements(), type.bytes())];
    source.readFully(bytes);
    return TensorData.wrap(type, shape, bytes);
  }

  @Override
  public TypeSerializerSnapshot<TensorData> snapshotConfiguration() {
    return new Snapshot();
  }

  private Object readResolve() {
    return INSTANCE;
  }

  /** Public, with a public constructor, for Flink. */
  public static final class Snapshot extends FormatSnapshot<TensorData> {
    public Snapshot() {
      super(FORMAT);
    }

    @Override
    protected TypeSerializer<TensorData> serializer() {
      return INSTANCE;
    }
  }
}
