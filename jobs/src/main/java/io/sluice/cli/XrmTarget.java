package io.sluice.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.fleet.Fleet;
import io.sluice.flink.manage.BrokerSettings;
import io.sluice.flink.manage.FleetBroker;
import io.sluice.jobs.FleetOptions;
import io.sluice.jobs.ManagerClient;
import io.sluice.jobs.ManagerTopics;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import io.sluice.schemas.UnitGrant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Options of everything that asks a resource manager, and how it is asked. */
final class XrmTarget {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long NS_PER_MS = 1_000_000;

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--kafka",
      paramLabel = "BROKERS",
      description = "Ask the manager that runs at these brokers.")
  private String kafka;

  @Option(
      names = "--fleet",
      paramLabel = "FLEET",
      description = "Fleet file or example; for trying without a manager that runs.")
  private String fleet;

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description =
          "With --fleet: where the state is kept (default: FLEET's file name with .xrm.json, in the"
              + " working directory). Delete it to start anew.")
  private Path state;

  @Option(
      names = "--client",
      defaultValue = "cli",
      description = "Who asks and holds what is granted (default: ${DEFAULT-VALUE}).")
  private String client;

  @Option(names = "--tenant", defaultValue = "", description = "On whose account.")
  private String tenant;

  @Option(names = "--json", description = "Print XRM's reply as JSON and nothing else.")
  private boolean json;

  boolean isJson() {
    return json;
  }

  /** A request of this client under an id of its own. */
  ManagerRequest.Builder request(String name) {
    return ManagerRequest.newBuilder()
        .setRequestId(UUID.randomUUID().toString())
        .setClient(client)
        .setTenant(tenant)
        .setUnits(List.of())
        .setName(name);
  }

  /**
   * Asks and, with --json, prints the reply.
   *
   * @param patience how long a request may wait for units, on top of the way there and back
   * @throws SluiceException with XRM's error if it is refused
   */
  ManagerReply ask(ManagerRequest request, Duration patience) throws IOException {
    if ((kafka == null) == (fleet == null)) {
      throw new ParameterException(spec.commandLine(), "give --kafka, or --fleet to try things");
    }
    ManagerReply reply;
    if (kafka == null) {
      reply = askFile(request);
    } else {
      try (ManagerClient live = new ManagerClient(new ManagerTopics(kafka))) {
        reply = live.ask(request, PATIENCE.plus(patience));
      }
    }
    if (json) {
      spec.commandLine().getOut().println(json(reply).toPrettyString());
    }
    if (reply.getStatus().equals("failed")) {
      throw new SluiceException(
          ErrorCode.valueOf(reply.getError()),
          reply.getDetail() + " (code " + reply.getCode() + ", reason " + reply.getReason() + ")",
          request.getName(),
          "see 'sluice xrm list' for what is free");
    }
    return reply;
  }

  private ManagerReply askFile(ManagerRequest request) throws IOException {
    Fleet cards = FleetOptions.named(fleet);
    Path file =
        state != null ? state : Path.of(Path.of(fleet).getFileName().toString() + ".xrm.json");
    long nowNs = System.currentTimeMillis() * NS_PER_MS;
    FleetBroker broker =
        Files.exists(file)
            ? FleetBroker.restore(cards, BrokerSettings.STANDARD, Files.readAllBytes(file), nowNs)
            : new FleetBroker(cards, BrokerSettings.STANDARD);
    ManagerReply reply =
        broker.ask(nowNs, request).stream()
            .filter(r -> r.getRequestId().equals(request.getRequestId()))
            .findFirst()
            .orElseThrow();
    Path next = Path.of(file + ".new");
    Files.write(next, broker.state());
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    return reply;
  }

  /** XRM's envelope. */
  private static ObjectNode json(ManagerReply reply) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("name", reply.getName());
    node.put("requestId", reply.getRequestId());
    node.put("status", reply.getStatus());
    node.put("code", reply.getCode());
    if (!reply.getData().isEmpty()) {
      node.set("data", JSON.readTree(reply.getData()));
      return node;
    }
    ObjectNode data = node.putObject("data");
    if (!reply.getError().isEmpty()) {
      data.put("error", reply.getError());
      data.put("reason", reply.getReason());
      data.put("detail", reply.getDetail());
    }
    if (reply.getService() != 0) {
      data.put("allocServiceId", reply.getService());
      data.put("epoch", reply.getEpoch());
      ArrayNode units = data.putArray("cu");
      reply.getUnits().forEach(unit -> units.add(json(unit)));
    }
    return node;
  }

  private static ObjectNode json(UnitGrant unit) {
    return JSON.createObjectNode()
        .put("deviceId", unit.getDevice())
        .put("card", unit.getCard())
        .put("cuId", unit.getCu())
        .put("cuName", unit.getCuName())
        .put("channelId", unit.getChannel())
        .put("channelLoad", unit.getMillionths() + " of 1000000");
  }
}
