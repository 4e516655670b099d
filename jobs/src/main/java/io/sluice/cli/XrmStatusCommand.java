package io.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.flink.manage.FleetBroker;
import io.sluice.schemas.ManagerReply;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice xrm status}: who holds what. */
@Command(name = "status", description = "Shows who holds what, and how many requests wait.")
final class XrmStatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private XrmTarget target;

  @Option(names = "--service", description = "Only this grant.")
  private long service;

  XrmStatusCommand() {}

  @Override
  public Integer call() throws Exception {
    ManagerReply reply =
        target.ask(target.request(FleetBroker.STATUS).setService(service).build(), Duration.ZERO);
    if (!target.isJson()) {
      JsonNode data = new ObjectMapper().readTree(reply.getData());
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          "epoch %s, %s requests wait%n", data.get("epoch").asText(), data.get("waiting").asText());
      for (JsonNode held : data.get("services")) {
        for (JsonNode unit : held.get("cu")) {
          out.printf(
              "service %s  client %s  %s %s  %s%n",
              held.get("allocServiceId").asText(),
              held.get("client").asText(),
              unit.get("card").asText(),
              unit.get("cuName").asText(),
              unit.get("channelLoad").asText());
        }
      }
    }
    return 0;
  }
}
