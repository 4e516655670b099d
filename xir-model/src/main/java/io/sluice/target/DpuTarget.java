package io.sluice.target;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One configuration of a DPU.
 *
 * @param name e.g. {@code DPUCZDX8G_ISA1_B4096}
 * @param fingerprint its identity; a model runs only on a unit of the same one
 * @param type the family
 * @param batch images that one unit works on at the same time
 * @param limitsColumn the column of Table 28 whose limits hold for it
 * @param banks on-chip memory
 * @param conv the convolution engine
 * @param engines the others
 */
public record DpuTarget(
    String name,
    Fingerprint fingerprint,
    DpuType type,
    int batch,
    String limitsColumn,
    List<Bank> banks,
    ConvEngine conv,
    List<Engine> engines)
    implements Serializable {
  public DpuTarget {
    banks = List.copyOf(banks);
    engines = List.copyOf(engines);
  }

  /** The engine that computes any of some types, if there is one. */
  public Optional<Engine> engineFor(Set<String> types) {
    return engines.stream().filter(e -> e.types().stream().anyMatch(types::contains)).findFirst();
  }

  /** The first group of banks for feature maps; the rules of Table 28 speak of its size. */
  public Bank imageBank() {
    return banks.stream().filter(b -> b.kind() == Bank.Kind.VIRTUAL).findFirst().orElseThrow();
  }

  /** Operations of one unit in one cycle, all images of the batch together. */
  public long peakOpsPerCycle() {
    return conv.peakOpsPerCycle() * batch;
  }
}
