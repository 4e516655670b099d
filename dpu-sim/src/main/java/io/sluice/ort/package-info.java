/**
 * ONNX Runtime in the one configuration that Sluice uses, for subgraphs of the CPU and for the
 * float forms of the DPU's integers, and the memory that it shares with whatever runs before and
 * after. It is a room of its own because both {@code io.sluice.vart} and {@code io.sluice.dpu}
 * stand on it. What a model computes is not here.
 */
package io.sluice.ort;
