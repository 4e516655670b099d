package io.sluice.flink;

import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Flink's own contract of a serializer. */
class TensorDataSerializerTest extends SerializerTestBase<TensorData> {
  @Override
  protected TypeSerializer<TensorData> createSerializer() {
    return TensorDataSerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<TensorData> getTypeClass() {
    return TensorData.class;
  }

  @Override
  protected TensorData[] getTestData() {
    return new TensorData[] {
      TensorData.ofFloats(Shape.of(2, 2), 1, Float.NaN, Float.NEGATIVE_INFINITY, -0f),
      TensorData.ofInts(Shape.of(), 42),
      TensorData.ofLongs(Shape.of(3), Long.MIN_VALUE, 0, 1),
      TensorData.wrap(DataType.XINT8, Shape.of(4), new byte[] {-128, -1, 0, 127}),
      TensorData.wrap(DataType.UINT8, Shape.of(0, 7), new byte[0]),
      TensorData.wrap(new DataType(DataType.Kind.BFLOAT, 16), Shape.of(1), new byte[] {1, 2}),
    };
  }
}
