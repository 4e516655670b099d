package io.sluice.dpu.exact;

import java.util.Map;

/** The lowering of each kind of kernel. */
final class Lowerings {
  private final Map<Class<? extends FixKernel>, Lowering<?>> byKernel;

  Lowerings(FloatArithmetic arithmetic) {
    ByteFunctionProof proof = new ByteFunctionProof();
    byKernel =
        Map.of(
            ConvolutionKernel.class, new ConvolutionLowering(arithmetic, proof),
            PoolKernel.class, new PoolLowering(arithmetic),
            ElementwiseKernel.class, new ElementwiseLowering(arithmetic, proof),
            ByteFunctionKernel.class, new ByteFunctionLowering(arithmetic, proof),
            ConcatKernel.class, new ConcatLowering(arithmetic),
            ByteTableKernel.class, new ByteTableLowering(),
            MeanKernel.class, new MeanLowering(arithmetic),
            ReduceMaxKernel.class, new ReductionLowerings.Max(arithmetic),
            ArgMaxKernel.class, new ReductionLowerings.ArgMax(),
            MovementKernel.class, new MovementLowering(arithmetic));
  }

  /** The lowering for a kernel; null if there is none. */
  @SuppressWarnings("unchecked") // the map pairs each class with a lowering of that class
  Lowering<FixKernel> of(FixKernel kernel) {
    return (Lowering<FixKernel>) byKernel.get(kernel.getClass());
  }
}
