package io.sluice.flink.xrm;

import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.xrm.LeaseUpdate;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** How the records of the resource manager travel. */
public final class XrmTypes {
  /** What slots are told. */
  public static final TypeInformation<LeaseUpdate> LEASE_UPDATE =
      ImmutableTypeInfo.of(LeaseUpdate.class, LeaseUpdateSerializer.INSTANCE);

  /** What the manager is told. */
  static final TypeInformation<ControlRecord> CONTROL_RECORD =
      ImmutableTypeInfo.of(ControlRecord.class, ControlRecordSerializer.INSTANCE);

  private XrmTypes() {}
}
