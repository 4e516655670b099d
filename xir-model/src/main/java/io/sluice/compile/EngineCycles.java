package io.sluice.compile;

import io.sluice.target.DpuTarget;
import io.sluice.target.Engine;
import io.sluice.xir.Op;
import java.util.Collection;

/**
 * Cycles that a superlayer keeps the engines busy for one image when they never wait: padded
 * operations over what the engine does in a cycle. A lane of the engines beside the convolution
 * engine does one multiplication with its addition, one comparison, or one output element of a sum
 * or product in a cycle.
 *
 * @param conv cycles of the convolution engine
 * @param misc cycles of the others
 */
public record EngineCycles(double conv, double misc) {
  /** Of the ops of one superlayer. */
  public static EngineCycles of(Collection<Op> superlayer, DpuTarget target) {
    double conv = 0;
    double misc = 0;
    for (Op op : superlayer) {
      Workload workload = Workload.of(op, target);
      switch (op.type()) {
        case "conv2d-fix", "transposed-conv2d-fix" ->
            conv += (double) workload.onArch() / target.conv().peakOpsPerCycle();
        case "depthwise-conv2d-fix", "transposed-depthwise-conv2d-fix" ->
            misc += workload.onArch() / (2.0 * lanes(op, target));
        case "pool-fix" -> misc += (double) workload.onArch() / lanes(op, target);
        case "eltwise-fix" ->
            misc += (double) workload.onArch() / op.inputs("input").size() / lanes(op, target);
        case "hard-sigmoid-fix" ->
            misc += (double) op.output().shape().elements() / lanes(op, target);
        case "reduction_max-fix" ->
            misc += (double) op.input().output().shape().elements() / lanes(op, target);
        default -> {
          // Moving data keeps no engine busy.
        }
      }
    }
    return new EngineCycles(conv, misc);
  }

  private static int lanes(Op op, DpuTarget target) {
    Engine engine = Workload.engine(op, target);
    return engine.channelParallel() * engine.pixelParallel();
  }
}
