package io.sluice.xrm.alloc;

/**
 * Which of the units that would do is taken. All but {@link #LEAST_LOADED} look first at units that
 * somebody already uses, on all devices, and at unused ones only when none of those will do; in
 * either pass ties go to the lowest device, then to the lowest unit. In XRM's order from 0, but for
 * the last, which has no number there.
 */
public enum Policy {
  /** First fit in the order of devices and units. */
  NONE,
  /** The unit with the highest used load that still fits. */
  UNIT_MOST_USED,
  /** The unit with the lowest used load. */
  UNIT_LEAST_USED,
  /** First fit on the device with the highest load rate. */
  DEVICE_MOST_USED,
  /** First fit on the device with the lowest load rate. */
  DEVICE_LEAST_USED,
  /** The unit with the lowest used load, idle ones before all: XRM's LeastUsed calls. */
  LEAST_LOADED
}
