package io.sluice.compile;

import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.function.Supplier;

/**
 * Constant fixed-point values, made when they are asked for: deciding what runs where needs only
 * the shape and the position of weights that may be large.
 */
final class FixedTensor {
  private final String name;
  private final Shape shape;
  private final int position;
  private final Supplier<TensorData> values;

  /**
   * @param name of the op that will hold them
   * @param values gives signed integers of 8 bits in the shape, the same every time
   * @param position the fix position: a stored q means {@code q * 2^-position}
   */
  FixedTensor(String name, Shape shape, int position, Supplier<TensorData> values) {
    this.name = name;
    this.shape = shape;
    this.position = position;
    this.values = values;
  }

  String name() {
    return name;
  }

  Shape shape() {
    return shape;
  }

  int position() {
    return position;
  }

  TensorData data() {
    return values.get();
  }
}
