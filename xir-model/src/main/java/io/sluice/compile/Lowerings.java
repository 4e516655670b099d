package io.sluice.compile;

import io.sluice.target.DpuTarget;
import io.sluice.xir.Op;
import java.util.HashMap;
import java.util.Map;

/** Finds the lowering of each op type. */
final class Lowerings {
  private final Map<String, Lowering> byType = new HashMap<>();

  Lowerings(DpuTarget target, FixPositions positions) {
    OperatorChecker checker = new OperatorChecker(target);
    Lowering conv = new ConvLowering(positions, checker);
    byType.put("conv2d", conv);
    byType.put("depthwise-conv2d", conv);
    byType.put("transposed-conv2d", conv);
    byType.put("transposed-depthwise-conv2d", conv);
    Lowering pool = new PoolLowering(positions, checker);
    byType.put("maxpool2d", pool);
    byType.put("avgpool2d", pool);
    byType.put("reduction_mean", pool);
    Lowering eltwise = new EltwiseLowering(positions, checker);
    byType.put("add", eltwise);
    byType.put("mul", eltwise);
    Lowering hard = new HardActivationLowering(positions, checker);
    byType.put("hard-sigmoid", hard);
    byType.put("hard-swish", hard);
    Lowering affine = new AffineLowering(positions, checker);
    byType.put("relu", affine);
    byType.put("relu6", affine);
    byType.put("leaky-relu", affine);
    byType.put("fix", affine);
    Lowering movement = new Movement(positions, checker);
    byType.put("concat", movement);
    byType.put("flatten", movement);
    byType.put("reshape", movement);
    byType.put("squeeze", movement);
    byType.put("resize", movement);
    byType.put("strided_slice", movement);
    byType.put("gstiling", movement);
    byType.put("reorg", movement);
    byType.put("pixel-shuffle", movement);
    byType.put("pad", movement);
    byType.put("reduction_max", new MaxLowering(positions, checker));
  }

  /** Tries to lower an op together with what follows it. */
  Attempt lower(Op op) {
    Lowering lowering = byType.get(op.type());
    if (lowering == null) {
      return Attempt.refused(
          op, "dpu.operator", "'" + op.type() + "' has no DPU form in this compiler");
    }
    if (op.type().equals("fix") && !FixPositions.isFix(op)) {
      return Attempt.refused(op, "fix.width", "a DPU computes with signed integers of 8 bits");
    }
    return lowering.lower(op);
  }
}
