package io.sluice.flink.dpu;

/** What a DPU node does with the tensors of a request. */
public enum Work {
  /** Computes them, to the byte as the device does. */
  EXACT,

  /** Drops them and only takes the modelled time: for fleets larger than the machine. */
  TIMING
}
