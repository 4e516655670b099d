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
    Lowerings lowerings = Lowerings.ofThisMachine(intraOpThreads).orElse(null);
    if (lowerings == null) {
      return new ReferenceEngine(program);
    }
    FastEngine engine = new FastEngine(program, lowerings, intraOpThreads);
    engine
        .refused()
        .forEach((op, why) -> LOG.info("the reference engine runs op '{}': {}", op, why));
    return engine;
  }
}
