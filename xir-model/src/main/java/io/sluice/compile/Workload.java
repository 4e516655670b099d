package io.sluice.compile;

import io.sluice.target.Ability;
import io.sluice.target.DpuTarget;
import io.sluice.target.Engine;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;

/**
 * Operations of a fixed-point op, as the attributes {@code workload} and {@code workload_on_arch}
 * count them: a multiplication and its addition are two, a bias one, a pool one per element that it
 * reads. On the device rows and channels are rounded up to what the engine does in parallel. The
 * formulas were checked against models that AMD's compiler made; for depthwise ops and sums the
 * padded form follows that of the engine that runs them.
 *
 * @param nominal operations that the op needs
 * @param onArch operations that the device spends
 */
record Workload(long nominal, long onArch) {
  static final Workload NONE = new Workload(0, 0);

  /** Of an op whose output has four dimensions or fewer, NHWC. */
  static Workload of(Op op, DpuTarget target) {
    Shape out = op.output().shape();
    return switch (op.type()) {
      case "conv2d-fix" -> {
        Shape w = op.input("weights").output().shape();
        long terms = 2L * w.dim(1) * w.dim(2) * w.dim(3) + bias(op);
        yield new Workload(out.elements() * terms, conv(op, target, w.dim(1), w.dim(2)));
      }
      case "transposed-conv2d-fix" -> {
        int kernelH = taps(op, 1);
        int kernelW = taps(op, 0);
        long depth = op.input("weights").output().shape().dim(3);
        long terms = 2L * kernelH * kernelW * depth + bias(op);
        yield new Workload(out.elements() * terms, conv(op, target, kernelH, kernelW));
      }
      case "depthwise-conv2d-fix" -> {
        Shape w = op.input("weights").output().shape();
        yield padded(out, engine(op, target), 2L * w.dim(1) * w.dim(2) + bias(op));
      }
      case "transposed-depthwise-conv2d-fix" ->
          padded(out, engine(op, target), 2L * taps(op, 1) * taps(op, 0) + bias(op));
      case "pool-fix" -> {
        int[] kernel = op.attrs().getInts("kernel");
        yield padded(out, engine(op, target), (long) kernel[0] * kernel[1]);
      }
      case "eltwise-fix" -> padded(out, engine(op, target), Math.max(1, op.inputs("input").size()));
      default -> NONE;
    };
  }

  Workload plus(Workload other) {
    return new Workload(nominal + other.nominal, onArch + other.onArch);
  }

  /** How many taps of a transposed convolution's kernel meet in one output, along an axis. */
  private static int taps(Op op, int axis) {
    int stride = op.attrs().getInts("stride")[axis];
    return (op.attrs().getInts("kernel")[axis] + stride - 1) / stride;
  }

  private static int bias(Op op) {
    return op.inputs("bias").isEmpty() ? 0 : 1;
  }

  private static long conv(Op op, DpuTarget target, int kernelH, int kernelW) {
    Shape out = op.output().shape();
    int depth = op.input("weights").output().shape().dim(3);
    int icp = target.conv().inputChannelParallel();
    long products =
        op.attrs().getInt("channel_augmentation", 0) == 1
            ? 2L * kernelH * roundUp((long) kernelW * depth, icp)
            : 2L * kernelH * kernelW * roundUp(depth, icp);
    return out.dim(0)
        * roundUp(out.dim(1), target.conv().pixelParallel())
        * out.dim(2)
        * roundUp(out.dim(3), target.conv().outputChannelParallel())
        * (products + bias(op));
  }

  private static Workload padded(Shape out, Engine engine, long opsPerElement) {
    int rank = out.rank();
    long rows = rank > 2 ? out.dim(rank - 3) : 1;
    long channels = out.dim(-1);
    long onArch =
        roundUp(rows, engine.pixelParallel())
            * (out.elements() / (rows * channels))
            * roundUp(channels, engine.channelParallel());
    return new Workload(out.elements() * opsPerElement, onArch * opsPerElement);
  }

  /** The engine beside the convolution engine that runs a fixed-point op. */
  static Engine engine(Op op, DpuTarget target) {
    return target.engine(
        switch (op.type()) {
          case "pool-fix" ->
              op.attrs().getString("type").equals("MAX") ? Ability.MAX_POOL : Ability.AVERAGE_POOL;
          case "eltwise-fix" ->
              op.attrs().getString("type", "ADD").equals("ADD") ? Ability.ADD : Ability.MULTIPLY;
          case "hard-sigmoid-fix" -> Ability.HARD_SIGMOID;
          case "reduction_max-fix" -> Ability.REDUCE_MAX;
          default -> Ability.DEPTHWISE_CONV;
        });
  }

  private static long roundUp(long value, long multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }
}
