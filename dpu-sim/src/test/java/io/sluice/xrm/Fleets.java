package io.sluice.xrm;

import io.sluice.fleet.FaultEvent;
import io.sluice.fleet.Fleet;
import io.sluice.fleet.FleetFile;
import io.sluice.target.Fingerprint;
import io.sluice.target.Platforms;
import io.sluice.target.Targets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Fleets, demands and events, for tests. */
final class Fleets {
  /** What a ZCU102, ZCU104 or KV260 is. */
  static final Fingerprint B4096 = fingerprint("zcu102");

  /** What a V70 is: one unit a card. */
  static final Fingerprint V70 = fingerprint("v70");

  private Fleets() {}

  static Fleet of(String yaml) {
    try {
      return FleetFile.read(
          new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "test.yaml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Demand demand(String node, int index) {
    return demand(node, index, B4096);
  }

  static Demand demand(String node, int index, Fingerprint fingerprint) {
    return new Demand(new SlotId(node, index), fingerprint);
  }

  static FaultEvent event(long atNs, String card, FaultEvent.Kind kind) {
    return new FaultEvent(atNs, card, kind, kind == FaultEvent.Kind.SLOW ? 1.5 : 1);
  }

  private static Fingerprint fingerprint(String platform) {
    String target = Platforms.builtIn().byName(platform).target();
    return Targets.builtIn().byName(target).fingerprint();
  }
}
