package io.sluice.dpu.exact;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the engine and says in the log why the fast one was refused, and for what part. */
final class EngineChoice {
  private static final Logger LOG = LoggerFactory.getLogger(ExactEngine.class);

  private EngineChoice() {}

  static ExactEngine create(ExactEngine.Kind kind, FixProgram program, int intraOpThreads) {
    if (kind == ExactEngine.Kind.REFERENCE) {
      return new ReferenceEngine(program);
    }
    FloatArithmetic arithmetic = ArithmeticChoice.ofThisMachine();
    String failure = PlatformCanary.failure(arithmetic, intraOpThreads);
    if (failure != null) {
      LOG.warn("the reference engine runs all ops: {}", failure);
      return new ReferenceEngine(program);
    }
    FastEngine engine = new FastEngine(program, arithmetic, intraOpThreads);
    engine
        .refused()
        .forEach((op, why) -> LOG.info("the reference engine runs op '{}': {}", op, why));
    return engine;
  }
}
