package io.sluice.flink.xrm;

import io.sluice.fleet.Fleet;
import io.sluice.fleet.FleetFile;
import io.sluice.xrm.Demand;
import io.sluice.xrm.LeaseUpdate;
import io.sluice.xrm.SlotId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** Two cards of one unit, two slots, and the card of the first slot is gone for a while. */
final class Scenarios {
  private Scenarios() {}

  static Fleet lossOfACard(long offlineMs, long onlineMs) {
    String yaml =
        """
        cards: [{platform: kv260, count: 2}]
        faults:
          - {atMs: %d, card: kv260-0, event: offline}
          - {atMs: %d, card: kv260-0, event: online}
        """
            .formatted(offlineMs, onlineMs);
    try {
      return FleetFile.read(
          new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "test.yaml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Demand> demands(Fleet fleet) {
    return IntStream.range(0, 2)
        .mapToObj(i -> new Demand(new SlotId("n", i), fleet.units().get(0).fingerprint()))
        .toList();
  }

  /** {@code epoch.sequence at ms: slot unit share}, or {@code at the end}. */
  static String text(LeaseUpdate update) {
    boolean ends = update.atNs() == LeaseUpdate.AT_END;
    return "%d.%d at %s: %s %s%s"
        .formatted(
            update.epoch(),
            update.sequence(),
            ends ? "the end" : update.atNs() / 1_000_000,
            update.slot(),
            update.lease().map(l -> l.unit() + " " + l.shareMillionths()).orElse("none"),
            update.workLost() ? " lost" : "");
  }
}
