package io.sluice.dpu.exact;

import io.sluice.xir.Op;

/** From an op to its kernel. */
final class FixKernels {
  private FixKernels() {}

  /**
   * @throws io.sluice.error.SluiceException VART_FUNC_NOT_SUPPORT for an op that no DPU runs, or
   *     what is wrong with the op's attributes, constants or fix positions
   */
  static FixKernel of(Op op) {
    return switch (op.type()) {
      case "conv2d-fix",
          "depthwise-conv2d-fix",
          "transposed-conv2d-fix",
          "transposed-depthwise-conv2d-fix" ->
          ConvolutionKernel.of(op);
      case "pool-fix" -> PoolKernel.of(op);
      case "eltwise-fix", "depthwise-fix" -> ElementwiseKernel.of(op);
      case "concat-fix" -> ConcatKernel.of(op);
      case "hard-sigmoid-fix" -> ByteFunctionKernel.hardSigmoid(op);
      case "reduction_max-fix" -> ReduceMaxKernel.of(op);
      case "argmax-fix" -> ArgMaxKernel.of(op);
      case "upload", "download", "identity", "reshape-fix" -> MovementKernel.straight(op);
      case "upsample-fix", "downsample-fix" -> MovementKernel.of(op, NearestResample.of(op));
      case "tile-fix" -> MovementKernel.of(op, BlockShuffle.of(op, BlockShuffle.Kind.TILE));
      case "reorg-fix" -> MovementKernel.of(op, BlockShuffle.of(op, BlockShuffle.Kind.REORG));
      case "pixel-shuffle-fix" ->
          MovementKernel.of(op, BlockShuffle.of(op, BlockShuffle.Kind.PIXEL_SHUFFLE));
      case "strided_slice-fix" -> MovementKernel.of(op, StridedSlice.of(op));
      case "pad-fix" -> MovementKernel.of(op, Padding.of(op), Padding.fill(op));
      case "float2fix", "fix2float", "fix" -> BorderKernel.of(op);
      default ->
          throw FixOps.unsupported(op, "no DPU runs " + op.type(), "leave the op on the CPU");
    };
  }
}
