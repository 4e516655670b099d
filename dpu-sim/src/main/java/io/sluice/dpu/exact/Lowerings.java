package io.sluice.dpu.exact;

import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lowering of each kind of kernel. */
final class Lowerings {
  private static final Logger LOG = LoggerFactory.getLogger(ExactEngine.class);

  private final boolean inBytes;
  private final Map<Class<? extends FixKernel>, Lowering<?>> byKernel;

  Lowerings(FloatArithmetic arithmetic) {
    this(arithmetic, ByteArithmetic.none(), false);
  }

  /**
   * @param bytes takes first what it can do
   */
  Lowerings(FloatArithmetic arithmetic, ByteArithmetic bytes) {
    this(arithmetic, bytes, true);
  }

  private Lowerings(FloatArithmetic arithmetic, ByteArithmetic bytes, boolean inBytes) {
    this.inBytes = inBytes;
    ByteFunctionProof proof = new ByteFunctionProof();
    byKernel =
        Map.of(
            ConvolutionKernel.class, new ConvolutionLowering(arithmetic, bytes, proof),
            PoolKernel.class, new PoolLowering(arithmetic),
            ElementwiseKernel.class, new ElementwiseLowering(arithmetic, bytes, proof),
            ByteFunctionKernel.class, new ByteFunctionLowering(arithmetic, proof),
            ConcatKernel.class, new ConcatLowering(arithmetic),
            ByteTableKernel.class, new ByteTableLowering(),
            MeanKernel.class, new MeanLowering(arithmetic),
            ReduceMaxKernel.class, new ReductionLowerings.Max(arithmetic),
            ArgMaxKernel.class, new ReductionLowerings.ArgMax(),
            MovementKernel.class, new MovementLowering(arithmetic));
  }

  /**
   * What is fast on this machine among what is exact on it.
   *
   * @param intraOpThreads threads that one op is spread over
   * @return none if not even floats are exact, which is logged
   */
  static Optional<Lowerings> ofThisMachine(int intraOpThreads) {
    ByteArithmetic bytes = new ByteArithmetic();
    String inBytes = PlatformCanary.failure(bytes, intraOpThreads);
    FloatArithmetic floats = ArithmeticChoice.ofThisMachine(inBytes == null);
    String inFloats = PlatformCanary.failure(floats, intraOpThreads);
    if (inFloats != null) {
      LOG.warn("the reference engine runs all ops: {}", inFloats);
      return Optional.empty();
    }
    if (inBytes != null) {
      LOG.info("the fast engine computes in floats: {}", inBytes);
      return Optional.of(new Lowerings(floats));
    }
    return Optional.of(new Lowerings(floats, bytes));
  }

  /** Whether sums of convolutions are done in integers. */
  boolean inBytes() {
    return inBytes;
  }

  /** The lowering for a kernel; null if there is none. */
  @SuppressWarnings("unchecked") // the map pairs each class with a lowering of that class
  Lowering<FixKernel> of(FixKernel kernel) {
    return (Lowering<FixKernel>) byKernel.get(kernel.getClass());
  }
}
