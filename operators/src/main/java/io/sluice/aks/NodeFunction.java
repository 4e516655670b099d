package io.sluice.aks;

import io.sluice.flink.GuardedKernel;
import io.sluice.flink.Packet;
import io.sluice.flink.metrics.StageMeters;
import io.sluice.flink.metrics.WaitMeters;
import org.apache.flink.api.common.accumulators.ListAccumulator;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * The operator of a node that is no DPU's: as {@link io.sluice.flink.StageFunction}, and it
 * measures how long packets waited for it and hands the kernel's last words to the report.
 */
final class NodeFunction extends ProcessFunction<Packet, Packet> {
  private static final long serialVersionUID = 1L;

  private final String node;
  private final NodeKernel kernel;
  private final boolean isVirtual;
  private transient StageMeters meters;
  private transient WaitMeters waits;
  private transient GuardedKernel guarded;
  private transient ListAccumulator<String> words;

  NodeFunction(NodeCall call, boolean isVirtual) {
    this.node = call.node();
    this.kernel = new NodeKernel(call);
    this.isVirtual = isVirtual;
  }

  /** The accumulator with what the kernels of a node said at their end. */
  static String wordsOf(String node) {
    return "report." + node;
  }

  @Override
  public void open(OpenContext context) {
    meters = StageMeters.of(node, getRuntimeContext());
    waits = WaitMeters.of(node, getRuntimeContext());
    words = new ListAccumulator<>();
    getRuntimeContext().addAccumulator(wordsOf(node), words);
    guarded = new GuardedKernel(node, kernel, meters);
    kernel.open();
  }

  @Override
  public void processElement(Packet packet, Context context, Collector<Packet> out) {
    if (packet.failed() || !kernel.takes(packet)) {
      out.collect(packet);
      return;
    }
    waits.waited((WallClock.micros() - JobPackets.sentUs(packet)) * 1000);
    kernel.at(isVirtual ? context.timestamp() : 0);
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
      if (words != null) {
        String said = kernel.report();
        if (!said.isEmpty()) {
          words.add(said);
        }
      }
    } finally {
      kernel.close();
      if (meters != null) {
        meters.close();
        waits.close();
      }
    }
  }
}
