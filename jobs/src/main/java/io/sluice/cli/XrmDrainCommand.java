package io.sluice.cli;

import io.sluice.flink.manage.FleetBroker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice xrm drain}. */
@Command(
    name = "drain",
    description =
        "Takes devices out of service for maintenance: what runs there ends, grants move.")
final class XrmDrainCommand implements Callable<Integer> {
  @Mixin private XrmTarget target;

  @Option(names = "--device", required = true, description = "Number of a device; repeatable.")
  private List<Integer> devices;

  XrmDrainCommand() {}

  @Override
  public Integer call() throws Exception {
    target.ask(target.request(FleetBroker.DRAIN).setDevices(devices).build(), Duration.ZERO);
    return 0;
  }
}
