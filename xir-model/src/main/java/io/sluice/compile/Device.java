package io.sluice.compile;

/** Who runs an op; the names are the values of the attribute {@code device}. */
public enum Device {
  /** The caller, who gives the value. */
  USER,
  DPU,
  CPU,
  /** A device of a plugin's; the attribute is then the name that the plugin gives it. */
  PLUGIN
}
