package io.sluice.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** What lies in a savepoint can be read by the builds that come after. */
class SnapshotTest {
  /** A part of a request in format 1, as the first build wrote it. */
  private static final String FORMAT_1 =
      "0274" // topic "t"
          + "00000001" // partition
          + "0000000000000002" // offset
          + "037231" // id "r1"
          + "0270" // pipeline "p"
          + "0000000000000003" // created
          + "00000001"
          + "026b"
          + "0276" // attributes {k: v}
          + "00000000"
          + "00000001" // part 0 of 1
          + "00000001"
          + "0278" // one tensor "x"
          + "01"
          + "08"
          + "02"
          + "00000001"
          + "00000002"
          + "05ff" // UINT8 [1, 2] 5 255
          + "00000001"
          + "0274"
          + "036162" // text t: "ab"
          + "00"; // did not fail

  @Test
  void bytesOfTheFirstFormatAreStillReadAndWritten() throws IOException {
    Packet expected =
        Packet.of(new Origin("t", 1, 2, "r1", "p", 3, Map.of("k", "v")))
            .asPart(0, 1)
            .with("x", TensorData.wrap(DataType.UINT8, Shape.of(1, 2), new byte[] {5, -1}))
            .withText("t", "ab");
    DataOutputSerializer out = new DataOutputSerializer(64);
    PacketSerializer.INSTANCE.serialize(expected, out);

    assertThat(HexFormat.of().formatHex(out.getCopyOfBuffer())).isEqualTo(FORMAT_1);
    assertThat(
            PacketSerializer.INSTANCE.deserialize(
                new DataInputDeserializer(HexFormat.of().parseHex(FORMAT_1))))
        .isEqualTo(expected);
  }

  @Test
  void aSnapshotOfThisBuildIsCompatibleAndRestoresTheSerializer() throws IOException {
    TypeSerializerSnapshot<Packet> restored = read(write(new PacketSerializer.Snapshot()));

    assertThat(restored.restoreSerializer()).isSameAs(PacketSerializer.INSTANCE);
    assertThat(
            new PacketSerializer.Snapshot().resolveSchemaCompatibility(restored).isCompatibleAsIs())
        .isTrue();
  }

  @Test
  void aSnapshotOfAFormatYetUnknownIsRefused() throws IOException {
    TypeSerializerSnapshot<Packet> future = read(write(new FutureSnapshot()));

    assertThat(new PacketSerializer.Snapshot().resolveSchemaCompatibility(future).isIncompatible())
        .isTrue();
    byte[] bytes = write(new PacketSerializer.Snapshot());
    bytes[bytes.length - 1] = 9;
    TypeSerializerSnapshot<Packet> later = read(bytes);
    assertThat(new PacketSerializer.Snapshot().resolveSchemaCompatibility(later).isIncompatible())
        .isTrue();
    assertThatThrownBy(later::restoreSerializer).hasMessageContaining("format 9");
  }

  private static byte[] write(TypeSerializerSnapshot<?> snapshot) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, snapshot);
    return out.getCopyOfBuffer();
  }

  private static TypeSerializerSnapshot<Packet> read(byte[] bytes) throws IOException {
    return TypeSerializerSnapshot.readVersionedSnapshot(
        new DataInputDeserializer(bytes), SnapshotTest.class.getClassLoader());
  }

  /** A snapshot of another class. */
  public static final class FutureSnapshot extends FormatSnapshot<Packet> {
    public FutureSnapshot() {
      super(1);
    }

    @Override
    protected TypeSerializer<Packet> serializer() {
      return PacketSerializer.INSTANCE;
    }
  }
}
