package io.sluice.flink.manage;

import io.sluice.fleet.FaultEvent;
import io.sluice.fleet.Fleet;
import io.sluice.fleet.FleetFile;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import io.sluice.schemas.UnitGrant;
import io.sluice.schemas.UnitWish;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What clients ask, and fleets to ask for, for tests. */
final class Asks {
  static final long MS = 1_000_000;
  static final String KERNEL = "DPUCZDX8G";

  private Asks() {}

  static Fleet fleet(String yaml) {
    try {
      return FleetFile.read(
          new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ManagerRequest.Builder request(String client, String id, String name) {
    return ManagerRequest.newBuilder()
        .setUnits(List.of())
        .setRequestId(id)
        .setClient(client)
        .setName(name);
  }

  /** A whole unit, for which the client waits for as long as it lives. */
  static ManagerRequest.Builder unit(String client, String id) {
    return request(client, id, FleetBroker.ALLOC)
        .setUnits(List.of(UnitWish.newBuilder().setKernelName(KERNEL).setPercent(100).build()))
        .setTimeoutMillis(-1);
  }

  static ManagerRequest release(String client, String id, long service) {
    return request(client, id, FleetBroker.RELEASE).setService(service).build();
  }

  static FaultEvent event(String card, FaultEvent.Kind kind) {
    return new FaultEvent(0, card, kind, kind == FaultEvent.Kind.SLOW ? 2 : 1);
  }

  /** {@code client/request status card/cu lost} and the reason. */
  static String text(ManagerReply reply) {
    StringBuilder text = new StringBuilder();
    text.append(reply.getClient()).append('/').append(reply.getRequestId());
    text.append(' ').append(reply.getStatus());
    for (UnitGrant unit : reply.getUnits()) {
      text.append(' ').append(unit.getCard()).append('/').append(unit.getCu());
    }
    return text.append(reply.getWorkLost() ? " lost" : "")
        .append(reply.getReason().isEmpty() ? "" : " " + reply.getReason())
        .toString();
  }

  static List<String> texts(List<ManagerReply> replies) {
    return replies.stream().map(Asks::text).toList();
  }
}
