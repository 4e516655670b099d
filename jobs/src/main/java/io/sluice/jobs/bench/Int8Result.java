package io.sluice.jobs.bench;

import java.util.SortedMap;

/**
 * How ONNX Runtime's own INT8 did on the quantized network.
 *
 * @param form of activations and weights: {@code u8s8} or {@code s8s8}
 * @param ms measured median of one inference
 * @param ratio ms over that of the float network
 * @param mismatches values of its outputs that are not the DPU's
 * @param kernels the nodes of the graph that it ran, counted by type: {@code QLinearConv} is a
 *     convolution of integers, {@code Conv} and {@code FusedConv} are ones of floats
 */
public record Int8Result(
    String form, double ms, double ratio, long mismatches, SortedMap<String, Integer> kernels) {}
