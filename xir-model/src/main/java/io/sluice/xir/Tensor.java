package io.sluice.xir;

import java.util.Objects;

/**
 * What an op produces: a name, a type, a shape (NHWC for feature maps) and attributes such as
 * {@code fix_point}. The values are not here: see {@link TensorData}.
 *
 * @param name unique in the graph
 * @param type element type
 * @param shape dimensions
 * @param attrs attributes, e.g. {@code fix_point}, {@code bit_width}, {@code ddr_addr}
 */
public record Tensor(String name, DataType type, Shape shape, Attrs attrs) {
  public Tensor {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(attrs, "attrs");
  }

  public Tensor(String name, DataType type, Shape shape) {
    this(name, type, shape, Attrs.EMPTY);
  }

  public Tensor withName(String newName) {
    return new Tensor(newName, type, shape, attrs);
  }

  public Tensor withAttrs(Attrs newAttrs) {
    return new Tensor(name, type, shape, newAttrs);
  }
}
