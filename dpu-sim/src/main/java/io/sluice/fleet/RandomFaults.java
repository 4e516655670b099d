package io.sluice.fleet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Cards that die at random times.
 *
 * @param share of the cards that die once, 0 to 1
 * @param back share of these that come back, 0 to 1
 * @param untilNs all of it happens before, 2 or more
 * @param seed equal seeds give equal faults
 */
public record RandomFaults(double share, double back, long untilNs, long seed) {
  public RandomFaults {
    if (!(share >= 0 && share <= 1) || !(back >= 0 && back <= 1) || untilNs < 2) {
      throw new IllegalArgumentException(
          "share " + share + ", back " + back + ", until " + untilNs + " ns");
    }
  }

  /**
   * The fleet with these faults in place of its own. Exactly the shares, rounded to the next whole
   * card, are hit.
   */
  public Fleet befall(Fleet fleet) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Card> left = new ArrayList<>(fleet.cards());
    int dying = (int) Math.round(share * left.size());
    int returning = (int) Math.round(back * dying);
    List<FaultEvent> faults = new ArrayList<>();
    for (int i = 0; i < dying; i++) {
      String card = left.remove(random.nextInt(left.size())).id();
      long offNs = random.nextLong(untilNs - 1);
      faults.add(new FaultEvent(offNs, card, FaultEvent.Kind.OFFLINE, 1));
      if (i < returning) {
        long onNs = random.nextLong(offNs + 1, untilNs);
        faults.add(new FaultEvent(onNs, card, FaultEvent.Kind.ONLINE, 1));
      }
    }
    faults.sort(Comparator.comparingLong(FaultEvent::atNs));
    return fleet.withFaults(faults);
  }
}
