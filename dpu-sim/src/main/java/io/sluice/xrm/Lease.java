package io.sluice.xrm;

import java.util.Objects;

/**
 * The right of a slot to use a compute unit.
 *
 * @param unit id of the unit
 * @param card id of its card
 * @param platform name of the card's platform
 * @param shareMillionths the slot's share of the unit's time, 1 to 1,000,000; all slots that hold a
 *     unit have the same
 * @param slowFactor by how much the unit is slower than its platform says, 1 or more
 */
public record Lease(
    String unit, String card, String platform, int shareMillionths, double slowFactor) {
  /** The whole unit, in XRM's unit of load. */
  public static final int WHOLE_UNIT = 1_000_000;

  public Lease {
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(card, "card");
    Objects.requireNonNull(platform, "platform");
    if (shareMillionths < 1 || shareMillionths > WHOLE_UNIT || !(slowFactor >= 1)) {
      throw new IllegalArgumentException("share " + shareMillionths + ", slow " + slowFactor);
    }
  }
}
