package io.sluice.fleet;

import io.sluice.target.Fingerprint;
import java.io.Serializable;

/**
 * One DPU of a card.
 *
 * @param id unique in the fleet: {@code card/dpu0}
 * @param card the id of its card
 * @param index its number on the card, from 0
 * @param fingerprint what it is; it runs only models compiled for that
 */
public record ComputeUnit(String id, String card, int index, Fingerprint fingerprint)
    implements Serializable {}
