/**
 * Post-training quantization of a float NHWC graph to power-of-two INT8: which tensors get a fix
 * position ({@link io.sluice.quantize.QuantizationPlan}), what a calibration sample says about them
 * ({@link io.sluice.quantize.Calibrator}, {@link io.sluice.quantize.CalibrationStatistics}), the
 * positions under the rules of the hardware, and the graph with {@code fix} ops.
 *
 * <p>Nothing here knows a target, and nothing here runs integers: what a device can execute is
 * decided by the compiler, what it computes by {@code io.sluice.dpu.exact}.
 */
package io.sluice.quantize;
