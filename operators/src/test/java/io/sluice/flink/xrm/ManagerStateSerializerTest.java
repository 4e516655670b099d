package io.sluice.flink.xrm;

import io.sluice.fleet.CardState;
import io.sluice.target.Fingerprint;
import io.sluice.xrm.Demand;
import io.sluice.xrm.ManagerState;
import io.sluice.xrm.ManagerState.CardEntry;
import io.sluice.xrm.ManagerState.SlotEntry;
import io.sluice.xrm.SlotId;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Flink's own contract of a serializer. */
class ManagerStateSerializerTest extends SerializerTestBase<ManagerState> {
  @Override
  protected TypeSerializer<ManagerState> createSerializer() {
    return ManagerStateSerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<ManagerState> getTypeClass() {
    return ManagerState.class;
  }

  @Override
  protected ManagerState[] getTestData() {
    return new ManagerState[] {
      new ManagerState(1, 0, 0, List.of(), List.of()),
      new ManagerState(
          3,
          1L << 40,
          5,
          List.of(
              new CardEntry("a", CardState.ALIVE),
              new CardEntry("b", CardState.ABSENT),
              new CardEntry("c", new CardState(CardState.Condition.ALIVE, 2.5)),
              new CardEntry("d", new CardState(CardState.Condition.DEAD, 1))),
          List.of(
              new SlotEntry(slot(0), Optional.of("a/dpu0")),
              new SlotEntry(slot(1), Optional.empty()))),
    };
  }

  private static Demand slot(int index) {
    return new Demand(new SlotId("n", index), new Fingerprint(7));
  }
}
