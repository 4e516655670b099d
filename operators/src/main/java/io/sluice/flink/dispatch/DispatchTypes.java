package io.sluice.flink.dispatch;

import io.sluice.dispatch.Arrival;
import io.sluice.dispatch.Outcome;
import io.sluice.flink.ImmutableTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** How arrivals and outcomes travel. */
public final class DispatchTypes {
  public static final TypeInformation<Arrival> ARRIVAL =
      ImmutableTypeInfo.of(Arrival.class, ArrivalSerializer.INSTANCE);
  public static final TypeInformation<Outcome> OUTCOME =
      ImmutableTypeInfo.of(Outcome.class, OutcomeSerializer.INSTANCE);

  private DispatchTypes() {}
}
