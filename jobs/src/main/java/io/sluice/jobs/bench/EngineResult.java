package io.sluice.jobs.bench;

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
 * @param qdqMs the quantized network in ONNX Runtime's own INT8 (signed weights and activations)
 * @param qdqRatio qdqMs / floatMs
 * @param u8s8Ms the same with unsigned activations, which ONNX Runtime prefers on x86
 * @param u8s8Ratio u8s8Ms / floatMs
 * @param values of the exact engine's borders and outputs, all compared
 * @param mismatches those of them that are not the reference's
 * @param qdqMismatches values of the outputs of ONNX Runtime's INT8 that are not the DPU's
 * @param u8s8Mismatches the same with unsigned activations
 * @param dpuMacShare share of the multiply-accumulates that the exact engine computes
 * @param refused ops that it leaves to the reference, and why
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
    double qdqMs,
    double qdqRatio,
    double u8s8Ms,
    double u8s8Ratio,
    long values,
    long mismatches,
    long qdqMismatches,
    long u8s8Mismatches,
    double dpuMacShare,
    Map<String, String> refused) {}
