package io.sluice.cli;

import io.sluice.flink.manage.FleetBroker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice xrm enable}. */
@Command(
    name = "enable",
    description = "Takes devices that were drained or went offline into service again.")
final class XrmEnableCommand implements Callable<Integer> {
  @Mixin private XrmTarget target;

  @Option(names = "--device", required = true, description = "Number of a device; repeatable.")
  private List<Integer> devices;

  XrmEnableCommand() {}

  @Override
  public Integer call() throws Exception {
    target.ask(target.request(FleetBroker.ENABLE).setDevices(devices).build(), Duration.ZERO);
    return 0;
  }
}
