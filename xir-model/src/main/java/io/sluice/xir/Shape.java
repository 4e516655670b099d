package io.sluice.xir;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.Arrays;

/**
 * The dimensions of a tensor, outermost first: {@code [N, H, W, C]} for a feature map. Immutable.
 */
public final class Shape {
  /** No tensor of Sluice has more elements than this: what a Java array can hold. */
  public static final long MAX_ELEMENTS = Integer.MAX_VALUE - 8;

  private static final int MAX_RANK = 8;

  private final int[] dims;
  private final int elements;

  private Shape(int[] dims) {
    this.dims = dims;
    long count = 1;
    if (dims.length > MAX_RANK) {
      throw bad(dims, "has more than " + MAX_RANK + " dimensions");
    }
    for (int d : dims) {
      if (d < 0) {
        throw bad(dims, "has a negative dimension");
      }
      count *= d;
      if (count > MAX_ELEMENTS) {
        throw bad(dims, "has more than " + MAX_ELEMENTS + " elements");
      }
    }
    this.elements = (int) count;
  }

  /**
   * @param dims dimensions, outermost first; none for a scalar
   * @throws SluiceException XIR_OUT_OF_RANGE if one is negative or the product is over {@link
   *     #MAX_ELEMENTS}
   */
  public static Shape of(int... dims) {
    return new Shape(dims.clone());
  }

  private static SluiceException bad(int[] dims, String why) {
    return new SluiceException(
        ErrorCode.XIR_OUT_OF_RANGE,
        "shape " + Arrays.toString(dims) + " " + why,
        "tensor shape",
        "check the model's dimensions");
  }

  public int rank() {
    return dims.length;
  }

  /**
   * @param axis 0 to rank - 1, or negative to count from the end
   */
  public int dim(int axis) {
    return dims[axis < 0 ? axis + dims.length : axis];
  }

  /** The number of elements. */
  public int elements() {
    return elements;
  }

  public int[] toArray() {
    return dims.clone();
  }

  /** This shape with another size at an axis, which may be negative. */
  public Shape withDim(int axis, int size) {
    int[] copy = dims.clone();
    copy[axis < 0 ? axis + copy.length : axis] = size;
    return new Shape(copy);
  }

  /**
   * Whether a transpose moves only dimensions of size one, so that the values keep their order.
   *
   * @param order for each axis of the result the axis of this shape
   */
  public boolean keepsValuesTransposed(int[] order) {
    int last = -1;
    for (int axis : order) {
      if (dims[axis] != 1) {
        if (axis < last) {
          return false;
        }
        last = axis;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape that && Arrays.equals(dims, that.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** For example {@code [1, 48, 320, 3]}. */
  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
