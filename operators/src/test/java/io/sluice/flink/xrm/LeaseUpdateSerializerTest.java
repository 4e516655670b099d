package io.sluice.flink.xrm;

import io.sluice.xrm.Lease;
import io.sluice.xrm.LeaseUpdate;
import io.sluice.xrm.SlotId;
import java.util.Optional;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Flink's own contract of a serializer. */
class LeaseUpdateSerializerTest extends SerializerTestBase<LeaseUpdate> {
  @Override
  protected TypeSerializer<LeaseUpdate> createSerializer() {
    return LeaseUpdateSerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<LeaseUpdate> getTypeClass() {
    return LeaseUpdate.class;
  }

  @Override
  protected LeaseUpdate[] getTestData() {
    return new LeaseUpdate[] {
      new LeaseUpdate(
          new SlotId("detect", 3),
          2,
          1L << 40,
          5,
          Optional.of(new Lease("a/dpu1", "a", "zcu102", 333_333, 1.5)),
          true,
          "card b went offline"),
      new LeaseUpdate(new SlotId("", 0), 1, 0, 0, Optional.empty(), false, ""),
    };
  }
}
