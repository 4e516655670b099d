package io.sluice.dpu.exact;

import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one engine for DPU subgraphs and the CPU subgraphs between them, where the latter are
 * {@link CpuFunctions} and nothing is left to the reference: then no tensor leaves ONNX Runtime in
 * between, and every byte is what the subgraphs give one by one.
 */
public final class FusedEngine {
  private static final Logger LOG = LoggerFactory.getLogger(FusedEngine.class);

  private FusedEngine() {}

  /** Whether a CPU subgraph is a function of int8 values, as far as its ops tell. */
  public static boolean isFunction(Collection<Op> ops) {
    try {
      FixProgram.of(ops, Set.of(), new CpuFunctions()::read);
      return true;
    } catch (CpuFunctions.NotAFunction e) {
      LOG.debug("a CPU subgraph stays apart: {}", e.getMessage());
      return false;
    }
  }

  /**
   * @param dpu the ops of DPU subgraphs
   * @param cpu the ops of CPU subgraphs
   * @param kept ops whose tensors are wanted whoever reads them
   * @param intraOpThreads threads that one op is spread over
   * @return the engine; none if some op is not proved to be the same in it
   */
  public static Optional<ExactEngine> create(
      Collection<Op> dpu, Collection<Op> cpu, Set<Op> kept, int intraOpThreads) {
    List<Op> all = new ArrayList<>(dpu);
    all.addAll(cpu);
    Set<Op> onDpu = Set.copyOf(dpu);
    CpuFunctions functions = new CpuFunctions();
    try {
      FixProgram program =
          FixProgram.of(
              all, kept, op -> onDpu.contains(op) ? FixProgram.step(op) : functions.read(op));
      Lowerings lowerings = Lowerings.ofThisMachine(intraOpThreads).orElse(null);
      if (lowerings == null || !FastPlan.of(program, lowerings).refused().isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(new FastEngine(program, lowerings, intraOpThreads));
    } catch (CpuFunctions.NotAFunction e) {
      LOG.debug("subgraphs stay apart: {}", e.getMessage());
      return Optional.empty();
    }
  }
}
