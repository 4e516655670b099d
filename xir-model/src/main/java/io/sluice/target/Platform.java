package io.sluice.target;

import java.io.Serializable;

/**
 * A card or board with DPUs on it, and what the service-time model assumes about it. Clocks and
 * unit counts are published; the memory figures are the peak of the board's memory and an assumed
 * share of it that a DPU reaches; efficiencies and overheads are assumptions of the model.
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
    implements Serializable {}
