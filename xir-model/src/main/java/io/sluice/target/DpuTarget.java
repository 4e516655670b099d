package io.sluice.target;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * One configuration of a DPU.
 *
 * @param name e.g. {@code DPUCZDX8G_ISA1_B4096}
 * @param fingerprint its identity; a model runs only on a unit of the same one
 * @param type the family
 * @param batch images that one unit works on at the same time
 * @param table the column of Table 28 whose limits hold for it; null for a family that has none
 * @param banks on-chip memory
 * @param conv the convolution engine
 * @param engines the others; one whose types differ in their limits appears once for each
 */
public record DpuTarget(
    String name,
    Fingerprint fingerprint,
    DpuType type,
    int batch,
    TableColumn table,
    List<Bank> banks,
    ConvEngine conv,
    List<Engine> engines)
    implements Serializable {
  public DpuTarget {
    banks = List.copyOf(banks);
    engines = List.copyOf(engines);
  }

  /** The engine that has an ability, if there is one. */
  public Optional<Engine> engineFor(Ability ability) {
    return engines.stream().filter(ability::of).findFirst();
  }

  /**
   * The engine that has an ability that a compiled model uses.
   *
   * @throws SluiceException VART_XMODEL_ERROR if there is none
   */
  public Engine engine(Ability ability) {
    return engineFor(ability)
        .orElseThrow(
            () ->
                new SluiceException(
                    ErrorCode.VART_XMODEL_ERROR,
                    "no engine for " + ability,
                    "target " + name,
                    "compile the model for a target that has one"));
  }

  /** Operations of one unit in one cycle, all images of the batch together. */
  public long peakOpsPerCycle() {
    return conv.peakOpsPerCycle() * batch;
  }

  /** The same hardware under another name. */
  DpuTarget named(String newName) {
    return new DpuTarget(newName, fingerprint, type, batch, table, banks, conv, engines);
  }
}
