package io.sluice.flink.xrm;

import io.sluice.fleet.FaultEvent;
import io.sluice.target.Fingerprint;
import io.sluice.xrm.Demand;
import io.sluice.xrm.SlotId;
import org.apache.flink.api.common.typeutils.SerializerTestBase;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Flink's own contract of a serializer. */
class ControlRecordSerializerTest extends SerializerTestBase<ControlRecord> {
  @Override
  protected TypeSerializer<ControlRecord> createSerializer() {
    return ControlRecordSerializer.INSTANCE;
  }

  @Override
  protected int getLength() {
    return -1;
  }

  @Override
  protected Class<ControlRecord> getTypeClass() {
    return ControlRecord.class;
  }

  @Override
  protected ControlRecord[] getTestData() {
    return new ControlRecord[] {
      new ControlRecord.Joins(0, new Demand(new SlotId("detect", 3), new Fingerprint(-1))),
      new ControlRecord.Joins(Long.MAX_VALUE, new Demand(new SlotId("", 0), new Fingerprint(1))),
      new ControlRecord.Fault(new FaultEvent(1L << 40, "a", FaultEvent.Kind.SLOW, 1.25)),
      new ControlRecord.Fault(new FaultEvent(0, "ä", FaultEvent.Kind.ADDED, 1)),
    };
  }
}
