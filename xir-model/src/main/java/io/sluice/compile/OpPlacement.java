package io.sluice.compile;

/**
 * Where an op of the quantized graph went.
 *
 * @param name of the op
 * @param type of the op, e.g. {@code conv2d}
 * @param device who runs it
 * @param rule id of the rule that keeps it off the DPU; empty on the DPU
 * @param reason the rule with the values that break it; on the DPU the fixed-point ops it became
 * @param macs multiply-accumulates that it takes
 */
public record OpPlacement(
    String name, String type, Device device, String rule, String reason, long macs) {}
