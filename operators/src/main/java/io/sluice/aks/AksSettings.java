package io.sluice.aks;

import io.sluice.fleet.Fleet;
import io.sluice.flink.Clock;
import io.sluice.flink.dpu.DpuSettings;
import io.sluice.flink.dpu.Work;
import io.sluice.flink.xrm.LeaseFeed;
import java.util.Optional;

/**
 * How a graph runs.
 *
 * @param dpu how its DPU nodes run: the clock and the work
 * @param fleet the cards; empty to run networks on this machine's processor
 * @param maxParallelism no node has more subtasks, whatever its num_cu
 * @param shared who grants the units, if jobs share the fleet; in paced time
 */
public record AksSettings(
    DpuSettings dpu, Optional<Fleet> fleet, int maxParallelism, Optional<LeaseFeed> shared) {
  /** With a fleet of its own. */
  public AksSettings(DpuSettings dpu, Optional<Fleet> fleet, int maxParallelism) {
    this(dpu, fleet, maxParallelism, Optional.empty());
  }

  /** On a fleet. */
  public static AksSettings on(Fleet fleet, Clock clock, Work work) {
    return new AksSettings(DpuSettings.of(clock, work), Optional.of(fleet), KernelSpec.MAX_CU);
  }

  /** On this machine's processor, in its time. */
  public static AksSettings here() {
    return new AksSettings(
        DpuSettings.of(Clock.PACED, Work.EXACT), Optional.empty(), KernelSpec.MAX_CU);
  }

  /** With fewer subtasks for a node. */
  public AksSettings withMaxParallelism(int most) {
    return new AksSettings(dpu, fleet, most, shared);
  }

  /**
   * With units that a manager of several jobs grants. All units of a DPU node work off one queue
   * then, whatever {@code units_per_slot} says: which of them it holds is not known before, and
   * each has to serve any request.
   */
  public AksSettings sharedBy(LeaseFeed feed) {
    return new AksSettings(dpu, fleet, maxParallelism, Optional.of(feed));
  }

  boolean isVirtual() {
    return dpu.clock() == Clock.VIRTUAL;
  }
}
