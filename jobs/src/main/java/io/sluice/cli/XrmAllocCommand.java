package io.sluice.cli;

import io.sluice.flink.manage.FleetBroker;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.UnitWish;
import io.sluice.target.Fingerprint;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice xrm alloc}: takes units until they are released. */
@Command(
    name = "alloc",
    description = "Takes shares of units, all or none, until they are released.")
final class XrmAllocCommand implements Callable<Integer> {
  private static final int MAX_UNITS = 64;

  @Spec private CommandSpec spec;
  @Mixin private XrmTarget target;

  @Option(names = "--kernel", defaultValue = "", description = "Kernel, e.g. DPUCZDX8G.")
  private String kernel;

  @Option(names = "--cu", defaultValue = "", description = "The unit, e.g. DPUCZDX8G:dpu0.")
  private String cu;

  @Option(names = "--fingerprint", description = "What a model was compiled for, 0x...")
  private String fingerprint;

  @Option(
      names = "--percent",
      defaultValue = "100",
      description = "Load in 1/100 of a unit (default: ${DEFAULT-VALUE}).")
  private int percent;

  @Option(names = "--millionths", description = "Load in 1/1,000,000, instead of --percent.")
  private Integer millionths;

  @Option(names = "--exclusive", description = "Let nobody else on the device.")
  private boolean exclusive;

  @Option(names = "--device", defaultValue = "-1", description = "On this device.")
  private int device;

  @Option(
      names = "--count",
      defaultValue = "1",
      description = "Units, up to 64 (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(names = "--same-device", description = "All on one device.")
  private boolean sameDevice;

  @Option(
      names = "--wait",
      defaultValue = "0",
      paramLabel = "MILLIS",
      description = "With --kafka: how long to wait for units (default: ${DEFAULT-VALUE}).")
  private long waitMillis;

  XrmAllocCommand() {}

  @Override
  public Integer call() throws Exception {
    if (count < 1 || count > MAX_UNITS || waitMillis < 0) {
      throw new ParameterException(
          spec.commandLine(), "--count is 1 to " + MAX_UNITS + ", --wait 0 or more");
    }
    UnitWish wish =
        UnitWish.newBuilder()
            .setKernelName(kernel)
            .setCuName(cu)
            .setFingerprint(fingerprint == null ? 0 : Fingerprint.parse(fingerprint).value())
            .setPercent(millionths == null ? percent : 0)
            .setMillionths(millionths == null ? 0 : millionths)
            .setExclusive(exclusive)
            .setDevice(device)
            .build();
    ManagerReply reply =
        target.ask(
            target
                .request(count == 1 ? FleetBroker.ALLOC : FleetBroker.ALLOC_LIST)
                .setUnits(Collections.nCopies(count, wish))
                .setSameDevice(sameDevice)
                .setTermMillis(-1)
                .setTimeoutMillis(waitMillis)
                .build(),
            Duration.ofMillis(waitMillis));
    if (!target.isJson()) {
      reply
          .getUnits()
          .forEach(
              unit ->
                  spec.commandLine()
                      .getOut()
                      .printf(
                          "service %d  %s %s  channel %d  %d of 1000000%n",
                          reply.getService(),
                          unit.getCard(),
                          unit.getCuName(),
                          unit.getChannel(),
                          unit.getMillionths()));
    }
    return 0;
  }
}
