package io.sluice.fleet;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.target.Fingerprint;
import io.sluice.target.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A number of identical cards, as many in a host.
 *
 * @param platform of each card
 * @param fingerprint of each unit
 * @param unitsPerCard at most as many as the platform has
 * @param cardsPerHost the last host may have fewer
 * @param threadsPerHost as {@link Host#threads}
 */
public record UniformFleet(
    Platform platform,
    Fingerprint fingerprint,
    int unitsPerCard,
    int cardsPerHost,
    int threadsPerHost) {
  /**
   * @throws SluiceException SLUICE_FLEET_INVALID for a number out of range
   */
  public UniformFleet {
    if (unitsPerCard < 1
        || unitsPerCard > platform.units()
        || cardsPerHost < 1
        || threadsPerHost < 1) {
      throw invalid(
          unitsPerCard
              + " units a card, "
              + cardsPerHost
              + " cards a host, "
              + threadsPerHost
              + " threads",
          "use 1 to " + platform.units() + " units and at least one card and thread");
    }
  }

  /**
   * So many of the cards: hosts {@code host-0} on, cards {@code card-0} on.
   *
   * @throws SluiceException SLUICE_FLEET_INVALID unless there are 1 to {@link FleetFile#MAX_CARDS}
   */
  public Fleet of(int count) {
    if (count < 1 || count > FleetFile.MAX_CARDS) {
      throw invalid(count + " cards", "use 1 to " + FleetFile.MAX_CARDS);
    }
    List<Card> cards = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = "card-" + i;
      List<ComputeUnit> units =
          IntStream.range(0, unitsPerCard)
              .mapToObj(u -> new ComputeUnit(id + "/dpu" + u, id, u, fingerprint))
              .toList();
      cards.add(new Card(id, "host-" + i / cardsPerHost, platform, units));
    }
    List<Host> hosts =
        IntStream.rangeClosed(0, (count - 1) / cardsPerHost)
            .mapToObj(
                h -> new Host("host-" + h, threadsPerHost, Host.USUAL_PCIE_GIGABYTES_PER_SECOND))
            .toList();
    return new Fleet(count + " x " + platform.name(), cards, hosts, List.of());
  }

  private static SluiceException invalid(String what, String remedy) {
    return new SluiceException(
        ErrorCode.SLUICE_FLEET_INVALID, what, "a fleet of identical cards", remedy);
  }
}
