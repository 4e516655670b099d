package io.sluice.cli;

import io.sluice.flink.manage.FleetBroker;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice xrm release}: gives units back. */
@Command(name = "release", description = "Gives back what a service holds.")
final class XrmReleaseCommand implements Callable<Integer> {
  @Mixin private XrmTarget target;

  @Option(names = "--service", required = true, description = "As 'alloc' said.")
  private long service;

  XrmReleaseCommand() {}

  @Override
  public Integer call() throws Exception {
    target.ask(target.request(FleetBroker.RELEASE).setService(service).build(), Duration.ZERO);
    return 0;
  }
}
