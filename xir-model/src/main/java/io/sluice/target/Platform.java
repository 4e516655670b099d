package io.sluice.target;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;

/**
 * A card or board with DPUs on it, and what the service-time model assumes about it. Clocks and
 * unit counts are published, save the 250 MHz of DPUCAHX8L, which is assumed; the memory figures
 * are the peak of the board's memory and an assumed share of it that a DPU reaches; efficiencies
 * and overheads are assumptions of the model. On the VCK5000 the parallelism that targets state, at
 * the published clock of the logic, is more than its 400 AI engines can do (128 TOPS at 1.25 GHz),
 * so its compute efficiencies are 70 % of that over all units.
 *
 * @param name e.g. {@code zcu102}
 * @param target the name of the configuration that all its units have
 * @param units compute units
 * @param clockMhz the clock that {@link DpuTarget#peakOpsPerCycle()} counts, in MHz
 * @param memoryGigabytesPerSecond peak of the memory that all units share, in 10^9 bytes
 * @param portBytesPerCycle what the data ports of one unit carry in a cycle of {@code clockMhz}
 * @param computeEfficiency share of the peak that a superlayer reaches after rounding to the
 *     engine's parallelism, 0 to 1
 * @param memoryEfficiency share of the memory and port peaks that is reached, 0 to 1
 * @param superlayerOverheadUs time a superlayer takes beside computing and moving data
 * @param startUs time to start a DPU subgraph
 */
public record Platform(
    String name,
    String target,
    int units,
    double clockMhz,
    double memoryGigabytesPerSecond,
    int portBytesPerCycle,
    double computeEfficiency,
    double memoryEfficiency,
    double superlayerOverheadUs,
    double startUs)
    implements Serializable {
  /**
   * The same board with other units of the family in it, as many as it has now.
   *
   * @throws SluiceException VART_DEVICE_MISMATCH if the target is of another family
   */
  public Platform carrying(DpuTarget other, Targets targets) {
    if (other.name().equals(target)) {
      return this;
    }
    if (targets.byName(target).type() != other.type()) {
      throw new SluiceException(
          ErrorCode.VART_DEVICE_MISMATCH,
          "no " + other.type() + " fits on it",
          "platform '" + name + "', whose units are " + target,
          "compile the model for the platform's target, or name another platform");
    }
    return new Platform(
        name,
        other.name(),
        units,
        clockMhz,
        memoryGigabytesPerSecond,
        portBytesPerCycle,
        computeEfficiency,
        memoryEfficiency,
        superlayerOverheadUs,
        startUs);
  }
}
