package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.SluiceException;
import io.sluice.flink.Failure;
import io.sluice.flink.Packet;
import io.sluice.flink.PacketSerializer;
import io.sluice.flink.xrm.LeaseUpdateSerializer;
import io.sluice.xrm.LeaseUpdate;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class SlotStateCodecTest {
  private static final LeaseUpdate UPDATE =
      new LeaseUpdate(
          DpuScheduleTest.slot(3), 1, 2, 30, DpuScheduleTest.lease(1, 1), false, "because");

  @Test
  void everythingComesBack() throws Exception {
    Failure failure = new Failure("net", "C", "what", "where", "how");
    Packet packet = DpuScheduleTest.request("x", 8, 0).packet();
    Request one = new Request(packet, 8, 5, 2, 77, 9, true, 3, 1);
    Request two = new Request(packet, 4, 6, 0, Request.NEVER_DUE);
    SlotState state =
        new SlotState(
            3,
            List.of(
                new SeatState(0, Optional.of(UPDATE), Optional.empty()),
                new SeatState(
                    1, Optional.empty(), Optional.of(new Batch(4, 3, 1, List.of(one), 10, 20)))),
            40,
            11,
            List.of(two, one),
            Map.of("t-0-1", failure),
            7,
            new TreeMap<>(Map.of(8L, new Answer(packet.failed(failure), 12, 13))),
            55,
            1,
            new SlotState.Ahead(
                List.of(two),
                List.of(UPDATE),
                List.of(new Event.PartFailed(60, 3, "t-0-2", failure))));

    assertThat(SlotStateCodec.decode(SlotStateCodec.encode(state))).isEqualTo(state);
  }

  @Test
  void aSlotOfTheFirstFormatIsReadWithOneUnitAndWithoutPriorities() throws Exception {
    Request ran = DpuScheduleTest.request("ran", 4, 1);
    Request waits = DpuScheduleTest.request("waits", 8, 2);
    Request comes = DpuScheduleTest.request("comes", 4, 99);
    DataOutputSerializer out = new DataOutputSerializer(64);
    out.writeInt(1);
    out.writeInt(3);
    out.writeInt(1);
    LeaseUpdateSerializer.INSTANCE.serialize(UPDATE, out);
    out.writeLong(40);
    first(out, waits);
    out.writeBoolean(true);
    out.writeLong(4);
    out.writeLong(10);
    out.writeLong(20);
    first(out, ran);
    first(out, comes);
    out.writeInt(0);

    SlotState state = SlotStateCodec.decode(out.getCopyOfBuffer());

    assertThat(state.seats())
        .containsExactly(
            new SeatState(
                0,
                Optional.of(UPDATE),
                Optional.of(new Batch(4, 3, 0, List.of(ran.numbered(0)), 10, 20))));
    assertThat(state.queue()).containsExactly(waits.numbered(1));
    assertThat(state.nextSerial()).isEqualTo(2);
    assertThat(state.unleasedSinceNs()).isEqualTo(40);
    assertThat(state.ahead().coming()).containsExactly(comes);
  }

  @Test
  void aSlotOfTheSecondFormatBeginsWithTheTurnOfTheFirstUnit() throws Exception {
    DpuSchedule schedule =
        new DpuSchedule(
            DpuModels.node(DpuModels.ZCU102_TARGET, 1),
            DpuModels.settings(Duration.ofSeconds(1)),
            new QuietDevice());
    schedule.arrive(0, DpuScheduleTest.request("r", 4, 0));
    SlotState state = schedule.state().get(0);
    byte[] now = SlotStateCodec.encode(state);
    byte[] before = Arrays.copyOf(now, now.length - Integer.BYTES);
    before[3] = 2;

    assertThat(SlotStateCodec.decode(before)).isEqualTo(state);
  }

  private static void first(DataOutputSerializer out, Request request) throws IOException {
    out.writeInt(1);
    PacketSerializer.INSTANCE.serialize(request.packet(), out);
    out.writeInt(request.width());
    out.writeLong(request.arrivedNs());
  }

  @Test
  void aNodeThatIsMadeOtherwiseDoesNotGoOnWithIt() throws Exception {
    DpuNode node = DpuModels.node(DpuModels.ZCU102_TARGET, 1);
    DpuSettings settings = DpuModels.settings(Duration.ofSeconds(1));
    Request request = DpuScheduleTest.request("r", 4, 0);
    DpuSchedule schedule = new DpuSchedule(node, settings, new QuietDevice());
    schedule.arrive(0, request);
    SlotState state = schedule.state().get(0);

    state.requireFits(node, settings);
    for (Request other :
        List.of(
            DpuScheduleTest.request("r", 5, 0),
            new Request(request.packet(), 4, 0, 1, Request.NEVER_DUE))) {
      DpuSchedule odd = new DpuSchedule(node, settings, new QuietDevice());
      odd.arrive(0, other);
      assertThatThrownBy(() -> odd.state().get(0).requireFits(node, settings))
          .isInstanceOf(SluiceException.class)
          .hasMessageContaining("start anew");
    }
    DpuSchedule two = new DpuSchedule(node.with(1, 2), settings, new QuietDevice());
    two.arrive(0, request);
    assertThatThrownBy(() -> two.state().get(0).requireFits(node, settings))
        .isInstanceOf(SluiceException.class);
  }

  @Test
  void aFormatOfTheFutureIsRefused() {
    assertThatThrownBy(() -> SlotStateCodec.decode(new byte[] {0, 0, 0, 9}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format 9");
  }
}
