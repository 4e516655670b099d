package io.sluice.compile;

import io.sluice.xir.Op;
import io.sluice.xir.Shape;

/** Multiply-accumulates of a float op; ops that only add, compare or move take none. */
final class Macs {
  private Macs() {}

  static long of(Op op) {
    long outputs = op.output().shape().elements();
    return switch (op.type()) {
      case "conv1d", "conv2d", "conv3d" -> {
        Shape weights = op.input("weights").output().shape();
        yield outputs * (weights.elements() / weights.dim(0));
      }
      case "depthwise-conv2d", "depthwise-conv3d" -> {
        Shape weights = op.input("weights").output().shape();
        yield outputs * (weights.elements() / weights.dim(0) / weights.dim(-1));
      }
      case "transposed-conv2d" -> {
        Shape weights = op.input("weights").output().shape();
        yield (long) op.input().output().shape().elements() / weights.dim(-1) * weights.elements();
      }
      case "transposed-depthwise-conv2d" -> {
        Shape weights = op.input("weights").output().shape();
        yield (long) op.input().output().shape().elements() * weights.dim(1) * weights.dim(2);
      }
      case "matmul" -> {
        Shape left = op.inputs("input").get(0).output().shape();
        yield outputs * left.dim(op.attrs().getBool("transpose_a") ? -2 : -1);
      }
      case "inner-product" -> {
        Shape weights = op.input("weights").output().shape();
        yield outputs * (weights.elements() / (op.output().shape().dim(-1)));
      }
      default -> 0;
    };
  }
}
