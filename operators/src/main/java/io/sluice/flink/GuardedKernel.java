package io.sluice.flink;

import io.sluice.flink.metrics.StageMeters;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A kernel whose exceptions fail the packet and not the job. An {@link Error} passes, and so does
 * what an interrupted thread throws, for then the job is being cancelled. The time measured is that
 * of the kernel alone.
 */
public final class GuardedKernel {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedKernel.class);

  private final String stage;
  private final PacketKernel kernel;
  private final StageMeters meters;

  /**
   * @param stage the name under which failures are told
   */
  public GuardedKernel(String stage, PacketKernel kernel, StageMeters meters) {
    this.stage = stage;
    this.kernel = kernel;
    this.meters = meters;
  }

  /** What the kernel makes of the packet, or the packet with the reason of its failure. */
  public List<Packet> run(Packet packet) {
    long begunNs = System.nanoTime();
    try {
      return kernel.apply(packet);
    } catch (IOException | RuntimeException e) {
      if (e instanceof RuntimeException cancelled && Thread.currentThread().isInterrupted()) {
        throw cancelled;
      }
      LOG.debug("{} failed in stage {}", packet, stage, e);
      return List.of(packet.failed(Failure.of(stage, e)));
    } finally {
      meters.done(System.nanoTime() - begunNs);
    }
  }
}
