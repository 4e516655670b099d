package io.sluice.jobs.bench;

import java.util.List;
import java.util.Map;

/**
 * What a benchmark of the exact engine found. Times are measured medians of one inference of the
 * whole network, and ratios are over ONNX Runtime's float in the same rounds.
 *
 * @param model the network
 * @param target for which it was quantized and compiled
 * @param threads of one operator, in every runtime
 * @param rounds measured; in each, all runtimes ran once in turn
 * @param seed of the calibration data and the inputs
 * @param exactMs the exact engine, with the subgraphs that are left on the CPU
 * @param floatMs the float network in ONNX Runtime
 * @param ratio exactMs / floatMs
 * @param values of the exact engine's borders and outputs, all compared
 * @param mismatches those of them that are not the reference's
 * @param dpuMacShare share of the multiply-accumulates that the exact engine computes
 * @param refused ops that it leaves to the reference, and why
 * @param int8 ONNX Runtime's own INT8, in its forms
 * @param int8Disagreements values of the outputs in which these forms differ: what saturation of
 *     u8s8 changed
 */
public record EngineResult(
    String model,
    String target,
    int threads,
    int rounds,
    long seed,
    double exactMs,
    double floatMs,
    double ratio,
    long values,
    long mismatches,
    double dpuMacShare,
    Map<String, String> refused,
    List<Int8Result> int8,
    long int8Disagreements) {}
