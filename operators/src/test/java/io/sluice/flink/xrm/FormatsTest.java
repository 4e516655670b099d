package io.sluice.flink.xrm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.fleet.CardState;
import io.sluice.fleet.FaultEvent;
import io.sluice.flink.ImmutableSerializer;
import io.sluice.target.Fingerprint;
import io.sluice.xrm.Demand;
import io.sluice.xrm.Lease;
import io.sluice.xrm.LeaseUpdate;
import io.sluice.xrm.ManagerState;
import io.sluice.xrm.SlotId;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What lies in a savepoint can be read by the builds that come after. */
class FormatsTest {
  private static final String SLOT = "026e" + "00000001"; // n#1
  private static final String DEMAND = SLOT + "0000000000000007"; // for fingerprint 7

  /** A value and its bytes in format 1, as the first build wrote it. */
  private record Format<T>(ImmutableSerializer<T> serializer, T value, String bytes) {
    @Override
    public String toString() {
      return serializer.getClass().getSimpleName() + " " + value;
    }
  }

  static Stream<Format<?>> formats() {
    Demand demand = new Demand(new SlotId("n", 1), new Fingerprint(7));
    return Stream.of(
        new Format<ControlRecord>(
            ControlRecordSerializer.INSTANCE,
            new ControlRecord.Joins(3, demand),
            "00" + "0000000000000003" + DEMAND),
        new Format<ControlRecord>(
            ControlRecordSerializer.INSTANCE,
            new ControlRecord.Fault(new FaultEvent(3, "a", FaultEvent.Kind.SLOW, 2)),
            "01" + "0000000000000003" + "0261" + "05534c4f57" + "4000000000000000"),
        new Format<>(
            LeaseUpdateSerializer.INSTANCE,
            new LeaseUpdate(
                demand.slot(), 1, 2, 3, Optional.of(new Lease("u", "a", "p", 5, 2)), true, "r"),
            SLOT
                + "0000000000000001" // epoch
                + "0000000000000002" // sequence
                + "0000000000000003" // time
                + "01" // a lease
                + ("0275" + "0261" + "0270" + "00000005" + "4000000000000000")
                + "01" // work lost
                + "0272"), // reason
        new Format<>(
            ManagerStateSerializer.INSTANCE,
            new ManagerState(
                1,
                2,
                3,
                List.of(new ManagerState.CardEntry("a", CardState.ALIVE)),
                List.of(
                    new ManagerState.SlotEntry(demand, Optional.of("u")),
                    new ManagerState.SlotEntry(demand, Optional.empty()))),
            "0000000000000001" // epoch
                + "0000000000000002" // sequence
                + "0000000000000003" // time
                + "00000001" // one card
                + ("0261" + "06414c495645" + "3ff0000000000000")
                + "00000002" // two slots
                + (DEMAND + "0275")
                + (DEMAND + "00")));
  }

  @ParameterizedTest
  @MethodSource("formats")
  <T> void bytesOfTheFirstFormatAreStillReadAndWritten(Format<T> format) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    format.serializer.serialize(format.value, out);
    assertThat(HexFormat.of().formatHex(out.getCopyOfBuffer())).isEqualTo(format.bytes);
    byte[] bytes = HexFormat.of().parseHex(format.bytes);
    assertThat(format.serializer.deserialize(new DataInputDeserializer(bytes)))
        .isEqualTo(format.value);
  }

  @ParameterizedTest
  @MethodSource("formats")
  <T> void aSnapshotRestoresTheSerializer(Format<T> format) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, format.serializer.snapshotConfiguration());
    assertThat(
            TypeSerializerSnapshot.readVersionedSnapshot(
                    new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader())
                .restoreSerializer())
        .isSameAs(format.serializer);
  }

  @Test
  void bytesThatNoBuildWroteAreRefused() {
    byte[] kind = {2, 0, 0, 0, 0, 0, 0, 0, 0};
    assertThatThrownBy(
            () -> ControlRecordSerializer.INSTANCE.deserialize(new DataInputDeserializer(kind)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("kind 2");
    byte[] event = HexFormat.of().parseHex("01" + "0000000000000003" + "0261" + "0261");
    assertThatThrownBy(
            () -> ControlRecordSerializer.INSTANCE.deserialize(new DataInputDeserializer(event)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Kind 'a'");
  }
}
