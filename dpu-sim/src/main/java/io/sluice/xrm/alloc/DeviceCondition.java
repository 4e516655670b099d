package io.sluice.xrm.alloc;

/** Whether a device takes new work. */
public enum DeviceCondition {
  ENABLED,
  /** What runs goes on, nothing new comes: before maintenance. */
  DRAINING,
  /** Without an image, and none can be loaded. */
  DISABLED,
  /** It is gone, and with it its image and all that was granted on it. */
  OFFLINE
}
