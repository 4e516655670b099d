package io.sluice.flink;

import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Flink's own contract of a serializer. */
class PacketSerializerTest extends SerializerTestBase<Packet> {
  @Override
  protected TypeSerializer<Packet> createSerializer() {
    return PacketSerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<Packet> getTypeClass() {
    return Packet.class;
  }

  @Override
  protected Packet[] getTestData() {
    return new Packet[] {
      Packets.record(), Packets.tombstone(), Packets.line(), Packets.failed(),
    };
  }
}
