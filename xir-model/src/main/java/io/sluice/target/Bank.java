package io.sluice.target;

import java.io.Serializable;

/**
 * A group of equal on-chip memory banks.
 *
 * @param name as engines name it, e.g. {@code VB0}
 * @param kind VIRTUAL for feature maps, PARAM for weights and biases, SPECIAL otherwise
 * @param base the id of the first bank
 * @param count how many banks
 * @param widthBytes bytes of one line of one bank
 * @param depth lines of one bank
 */
public record Bank(String name, Kind kind, int base, int count, int widthBytes, int depth)
    implements Serializable {
  /** What a bank holds. */
  public enum Kind {
    VIRTUAL,
    PARAM,
    SPECIAL
  }

  /** The capacity of the group. */
  public long bytes() {
    return (long) count * widthBytes * depth;
  }
}
