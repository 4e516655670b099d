package io.sluice.xrm.alloc;

/**
 * The version of XRM's calls that a request follows. Its limits bound the request, not the fleet.
 */
public enum Api {
  /** No device, bank or policy constraints. */
  V1(16, 32),
  V2(64, 64);

  /** Options of a group. */
  public static final int MAX_OPTIONS = 8;

  /** Units that the lists of a pool may add up to. */
  public static final int MAX_POOL_UNITS = 128;

  /** Copies of the list in a pool. */
  public static final int MAX_POOL_LISTS = 8;

  /** Devices that a pool may take whole, by id; as many by image. */
  public static final int MAX_POOL_DEVICES = 16;

  private final int maxListUnits;
  private final int maxGroups;

  Api(int maxListUnits, int maxGroups) {
    this.maxListUnits = maxListUnits;
    this.maxGroups = maxGroups;
  }

  /** Units of a list. */
  public int maxListUnits() {
    return maxListUnits;
  }

  /** Groups that are declared at a time. */
  public int maxGroups() {
    return maxGroups;
  }
}
