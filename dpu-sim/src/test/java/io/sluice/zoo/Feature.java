package io.sluice.zoo;

import io.sluice.xir.Shape;

/**
 * A tensor of a network under construction.
 *
 * @param name in the ONNX graph
 * @param shape NCHW if it has four dimensions
 */
record Feature(String name, Shape shape) {
  int channels() {
    return shape.dim(1);
  }

  int height() {
    return shape.dim(2);
  }

  int width() {
    return shape.dim(3);
  }
}
