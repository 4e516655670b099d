/**
 * ONNX import and export.
 *
 * <p>ONNX keeps feature maps as NCHW, XIR as NHWC. Both directions track the layout of every tensor
 * ({@link io.sluice.onnx.Layout}) and rearrange values only where an op needs another one, so that
 * no transpose is left between convolutions and inverse pairs never come to be. Import: {@link
 * io.sluice.onnx.OnnxImporter}; export: {@link io.sluice.onnx.OnnxExporter}. Rewrites of a graph
 * that are not about ONNX are in {@code io.sluice.optimize}.
 */
package io.sluice.onnx;
