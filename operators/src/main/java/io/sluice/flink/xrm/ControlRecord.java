package io.sluice.flink.xrm;

import io.sluice.fleet.FaultEvent;
import io.sluice.xrm.Demand;
import java.io.Serializable;
import java.util.Objects;

/** What a resource manager is told. */
public sealed interface ControlRecord extends Serializable {
  /** When, in nanoseconds of the job's clock. */
  long atNs();

  /** A slot joins. */
  record Joins(long atNs, Demand demand) implements ControlRecord {
    public Joins {
      Objects.requireNonNull(demand, "demand");
    }
  }

  /** Something happens to a card. */
  record Fault(FaultEvent event) implements ControlRecord {
    public Fault {
      Objects.requireNonNull(event, "event");
    }

    @Override
    public long atNs() {
      return event.atNs();
    }
  }
}
