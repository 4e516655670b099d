package io.sluice.onnx;

/** How one type of ONNX node becomes ops of XIR. */
@FunctionalInterface
interface NodeRule {
  /** Adds the ops and puts the values of the node's outputs. */
  void apply(OnnxNode node, ImportState state);
}
