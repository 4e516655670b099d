package io.sluice.compile;

import java.util.Map;

/**
 * Where an op of the quantized graph went.
 *
 * @param name of the op
 * @param type of the op, e.g. {@code conv2d}
 * @param device who runs it
 * @param subgraph number of the subgraph of level 1 that it lies in, each after those that it reads
 * @param rule id of the rule that keeps it off the DPU; empty on the DPU
 * @param reason the rule with the values that break it; on the DPU the fixed-point ops it became
 * @param values what the rule speaks of, by variable; empty where the reason says all
 * @param macs multiply-accumulates that it takes
 */
public record OpPlacement(
    String name,
    String type,
    Device device,
    int subgraph,
    String rule,
    String reason,
    Map<String, Integer> values,
    long macs) {}
