package io.sluice.xrm;

import io.sluice.target.Fingerprint;
import java.io.Serializable;
import java.util.Objects;

/**
 * A slot wants a compute unit for as long as it lives.
 *
 * @param slot who asks
 * @param fingerprint what the unit must be
 */
public record Demand(SlotId slot, Fingerprint fingerprint) implements Serializable {
  public Demand {
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(fingerprint, "fingerprint");
  }
}
