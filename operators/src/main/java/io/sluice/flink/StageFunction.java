package io.sluice.flink;

import io.sluice.flink.metrics.StageMeters;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * The operator that runs a kernel. An exception of the kernel fails the packet and not the job; an
 * {@link Error} fails the job, which Flink then restarts from the last checkpoint.
 */
public final class StageFunction extends RichFlatMapFunction<Packet, Packet> {
  private static final long serialVersionUID = 1L;

  private final String stage;
  private final PacketKernel kernel;
  private transient StageMeters meters;
  private transient GuardedKernel guarded;

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
    guarded = new GuardedKernel(stage, kernel, meters);
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
    for (Packet result : guarded.run(packet)) {
      if (result.failed()) {
        meters.failed();
      }
      out.collect(result);
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
