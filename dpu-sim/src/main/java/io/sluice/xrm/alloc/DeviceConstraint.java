package io.sluice.xrm.alloc;

import java.util.Objects;

/**
 * XRM's V2 constraint on the device of a unit.
 *
 * @param kind what the index means
 * @param index 0 or more; 0 for ANY
 */
public record DeviceConstraint(Kind kind, int index) {
  /** In the order of XRM's numbers from 0. */
  public enum Kind {
    /** No constraint. */
    ANY,
    /** The device of that id. */
    HARDWARE,
    /**
     * Lists and pools only: units of the same index come from one device, those of different
     * indices from different devices.
     */
    VIRTUAL
  }

  public static final DeviceConstraint ANY = new DeviceConstraint(Kind.ANY, 0);

  private static final int KIND_SHIFT = 32;
  private static final int KIND_MASK = 0xFF;

  public DeviceConstraint {
    Objects.requireNonNull(kind, "kind");
  }

  public static DeviceConstraint device(int id) {
    return new DeviceConstraint(Kind.HARDWARE, id);
  }

  public static DeviceConstraint virtual(int index) {
    return new DeviceConstraint(Kind.VIRTUAL, index);
  }

  /**
   * From XRM's word: the kind in bits 39 to 32, the index in bits 31 to 0.
   *
   * @throws IllegalArgumentException if there is no such kind
   */
  public static DeviceConstraint unpack(long word) {
    int kind = (int) (word >>> KIND_SHIFT) & KIND_MASK;
    if (kind >= Kind.values().length) {
      throw new IllegalArgumentException("device constraint of kind " + kind);
    }
    return new DeviceConstraint(Kind.values()[kind], (int) word);
  }
}
