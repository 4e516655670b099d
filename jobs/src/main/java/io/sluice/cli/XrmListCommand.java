package io.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.flink.manage.FleetBroker;
import io.sluice.schemas.ManagerReply;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice xrm list}: devices and their units. */
@Command(name = "list", description = "Lists devices, their units and how much of them is used.")
final class XrmListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private XrmTarget target;

  @Option(names = "--device", description = "Only this device; may be repeated.")
  private List<Integer> devices = new ArrayList<>();

  XrmListCommand() {}

  @Override
  public Integer call() throws Exception {
    ManagerReply reply =
        target.ask(target.request(FleetBroker.LIST).setDevices(devices).build(), Duration.ZERO);
    if (!target.isJson()) {
      print(new ObjectMapper().readTree(reply.getData()), spec.commandLine().getOut());
    }
    return 0;
  }

  private static void print(JsonNode data, PrintWriter out) {
    for (JsonNode device : data) {
      if (!device.isObject()) {
        continue;
      }
      out.printf(
          "device %s  %s  %s  %s  %s%n",
          device.get("deviceId").asText(),
          device.get("card").asText(),
          device.get("dsaName").asText(),
          device.get("condition").asText(),
          device.get("xclbinName").asText("not loaded"));
      for (JsonNode unit : device) {
        if (unit.isObject()) {
          out.printf(
              "  cu %s  %s  %s channels  used %s%n",
              unit.get("cuId").asText(),
              unit.get("cuName").asText(),
              unit.get("numChanInuse").asText(),
              unit.get("usedLoad").asText());
        }
      }
    }
  }
}
