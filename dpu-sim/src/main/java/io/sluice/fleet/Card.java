package io.sluice.fleet;

import io.sluice.target.Platform;
import java.io.Serializable;
import java.util.List;

/**
 * A card or board.
 *
 * @param id unique in the fleet
 * @param host the machine that it sits in
 * @param platform what it is
 * @param units its DPUs
 * @param linkGigabytesPerSecond what its units together can be sent by the host, and can send, in
 *     10^9 bytes a second, more than 0
 */
public record Card(
    String id,
    String host,
    Platform platform,
    List<ComputeUnit> units,
    double linkGigabytesPerSecond)
    implements Serializable {
  public Card {
    units = List.copyOf(units);
    if (!(linkGigabytesPerSecond > 0)) {
      throw new IllegalArgumentException("link of " + linkGigabytesPerSecond + " GB/s");
    }
  }

  /** A card with the link that is usual for its platform. */
  public Card(String id, String host, Platform platform, List<ComputeUnit> units) {
    this(id, host, platform, units, Links.gigabytesPerSecond(platform));
  }
}
