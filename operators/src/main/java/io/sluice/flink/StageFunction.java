package io.sluice.flink;

import io.sluice.flink.metrics.StageMeters;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator that runs a kernel. An exception of the kernel fails the packet and not the job; an
 * {@link Error} fails the job, which Flink then restarts from the last checkpoint.
 *
 * <p>The time measured is that of the kernel alone, not of the stages chained after it.
 */
public final class StageFunction extends RichFlatMapFunction<Packet, Packet> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(StageFunction.class);

  private final String stage;
  private final PacketKernel kernel;
  private transient StageMeters meters;

  /**
   * @param stage the name under which the stage is measured and its failures are told
   */
  public StageFunction(String stage, PacketKernel kernel) {
    this.stage = Objects.requireNonNull(stage, "stage");
    this.kernel = Objects.requireNonNull(kernel, "kernel");
  }

  @Override
  public void open(OpenContext context) {
    meters = StageMeters.of(stage, getRuntimeContext());
    kernel.open();
  }

  @Override
  public void flatMap(Packet packet, Collector<Packet> out) {
    if (packet.failed() || !kernel.takes(packet)) {
      out.collect(packet);
      return;
    }
    // The results go on only after the clock has stopped and outside of the try: what a chained
    // stage throws is not the fault of this packet.
    for (Packet result : run(packet)) {
      if (result.failed()) {
        meters.failed();
      }
      out.collect(result);
    }
  }

  private List<Packet> run(Packet packet) {
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

  @Override
  public void close() {
    try {
      kernel.close();
    } finally {
      if (meters != null) {
        meters.close();
      }
    }
  }
}
