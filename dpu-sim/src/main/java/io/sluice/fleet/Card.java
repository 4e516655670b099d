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
 */
public record Card(String id, String host, Platform platform, List<ComputeUnit> units)
    implements Serializable {
  public Card {
    units = List.copyOf(units);
  }
}
