package io.sluice.target;

import java.util.Set;

/**
 * What an engine beside the convolution engine can compute. Target descriptions have several words
 * for one ability, one of each generation: DWCONV became MACC_TEMP. Tests for an ability, not for a
 * word or a family, keep the rest of the compiler free of both.
 */
public enum Ability {
  DEPTHWISE_CONV("DWCONV", "MACC_TEMP"),
  MAX_POOL("MAX_POOL", "COMP_TEMP", "MAX"),
  AVERAGE_POOL("AVG_POOL", "MACC_TEMP", "AVG"),
  ADD("ADD", "ELEW_ADD"),
  MULTIPLY("MULT", "ELEW_MULT"),
  HARD_SIGMOID("HSIGMOID", "MACC_TEMP"),
  REDUCE_MAX("MAX_REDUCE", "COMP_TEMP"),
  ARGMAX("ARGMAX");

  private final Set<String> words;

  Ability(String... words) {
    this.words = Set.of(words);
  }

  /**
   * Whether an engine has it. An engine that multiplies and accumulates whatever it is told
   * computes a hard-sigmoid only if that is one of its activations.
   */
  boolean of(Engine engine) {
    return engine.types().stream()
        .filter(words::contains)
        .anyMatch(
            word ->
                this != HARD_SIGMOID
                    || word.equals("HSIGMOID")
                    || engine.nonlinear().contains(Nonlinear.HSIGMOID));
  }
}
