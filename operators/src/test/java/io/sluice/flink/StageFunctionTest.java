package io.sluice.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.metrics.StageTimes;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.operators.StreamFlatMap;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class StageFunctionTest {
  /** Throws what the text says, or makes two packets. */
  private static final class Kernel implements PacketKernel {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean takes(Packet packet) {
      return packet.texts().containsKey("do");
    }

    @Override
    public List<Packet> apply(Packet packet) throws IOException {
      switch (packet.texts().get("do")) {
        case "sluice":
          throw new SluiceException(ErrorCode.SLUICE_LIMIT, "thing", "place", "remedy");
        case "io":
          throw new IOException("disk");
        case "runtime":
          throw new IllegalStateException("broken");
        case "error":
          throw new LinkageError("no such library");
        default:
          return List.of(packet.asPart(0, 2), packet.asPart(1, 2));
      }
    }
  }

  private final Packet record = Packets.record();

  @Test
  void aPacketIsSplitAndOnesOfNoInterestAndFailedOnesPassUnchanged() throws Exception {
    assertThat(run(record.withText("do", "split")))
        .extracting(Packet::part, Packet::parts)
        .containsExactly(tuple(0, 2), tuple(1, 2));
    assertThat(run(record).get(0)).isSameAs(record);
    Packet failed = Packets.failed().withText("do", "error");
    assertThat(run(failed).get(0)).isSameAs(failed);
  }

  @Test
  void anExceptionFailsThePacketAndNotTheJob() throws Exception {
    assertThat(run(record.withText("do", "sluice")).get(0).failure())
        .contains(new Failure("stage", "SLUICE_LIMIT", "thing", "place", "remedy"));
    for (String kind : List.of("io", "runtime")) {
      Packet result = run(record.withText("do", kind)).get(0);
      assertThat(result.failure().orElseThrow().code()).isEqualTo("SLUICE_STAGE_FAILED");
      assertThat(result.origin()).isEqualTo(record.origin());
      assertThat(result.tensor(Packet.RECORD)).isEqualTo(record.tensor(Packet.RECORD));
    }
  }

  @Test
  void anErrorFailsTheJob() {
    assertThatThrownBy(() -> run(record.withText("do", "error"))).isInstanceOf(LinkageError.class);
  }

  @Test
  void packetsFailuresAndTimeAreMeasured() throws Exception {
    StageFunction function = new StageFunction("stage", new Kernel());
    try (OneInputStreamOperatorTestHarness<Packet, Packet> harness = harness(function)) {
      harness.open();
      harness.processElement(new StreamRecord<>(record));
      harness.processElement(new StreamRecord<>(record.withText("do", "split")));
      harness.processElement(new StreamRecord<>(record.withText("do", "sluice")));
      harness.close();
      Map<String, Object> totals = new HashMap<>();
      harness
          .getEnvironment()
          .getAccumulatorRegistry()
          .getSnapshot()
          .deserializeUserAccumulators(getClass().getClassLoader())
          .forEach((name, accumulator) -> totals.put(name, accumulator.getLocalValue()));

      StageTimes times = StageTimes.of("stage", totals);
      assertThat(times.packets()).isEqualTo(2);
      assertThat(times.failures()).isEqualTo(1);
      assertThat(times.busyNs()).isPositive();
    }
  }

  private static List<Packet> run(Packet packet) throws Exception {
    try (OneInputStreamOperatorTestHarness<Packet, Packet> harness =
        harness(new StageFunction("stage", new Kernel()))) {
      harness.open();
      harness.processElement(new StreamRecord<>(packet));
      return harness.extractOutputValues();
    }
  }

  private static OneInputStreamOperatorTestHarness<Packet, Packet> harness(StageFunction function)
      throws Exception {
    OneInputStreamOperatorTestHarness<Packet, Packet> harness =
        new OneInputStreamOperatorTestHarness<>(
            new StreamFlatMap<>(function), PacketSerializer.INSTANCE);
    harness.setup(PacketSerializer.INSTANCE);
    return harness;
  }
}
