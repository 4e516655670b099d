package io.sluice.onnx;

import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How the dimensions of a logical tensor are stored: stored dimension {@code i} is logical
 * dimension {@code order[i]}. On import the logical tensor is the ONNX one and the stored one the
 * XIR one; on export it is the other way round.
 */
final class Layout {
  private final int[] order;

  private Layout(int[] order) {
    this.order = order;
  }

  static Layout of(int... order) {
    return new Layout(order.clone());
  }

  static Layout identity(int rank) {
    int[] order = new int[rank];
    Arrays.setAll(order, i -> i);
    return new Layout(order);
  }

  /** A logical NCHW tensor stored as NHWC. */
  static Layout channelsLast() {
    return new Layout(new int[] {0, 2, 3, 1});
  }

  /** A logical NHWC tensor stored as NCHW. */
  static Layout channelsFirst() {
    return new Layout(new int[] {0, 3, 1, 2});
  }

  int rank() {
    return order.length;
  }

  boolean isIdentity() {
    return equals(identity(order.length));
  }

  /** Whether the last two dimensions are stored in swapped order and all others in place. */
  boolean swapsLastTwo() {
    int r = order.length;
    return r >= 2 && equals(identity(r).swapLastTwo());
  }

  Layout swapLastTwo() {
    int[] swapped = order.clone();
    int r = swapped.length;
    swapped[r - 1] = order[r - 2];
    swapped[r - 2] = order[r - 1];
    return new Layout(swapped);
  }

  /** The stored dimension that holds a logical one, which may be negative. */
  int stored(int logicalAxis) {
    int wanted = logicalAxis < 0 ? logicalAxis + order.length : logicalAxis;
    for (int i = 0; i < order.length; i++) {
      if (order[i] == wanted) {
        return i;
      }
    }
    throw new IndexOutOfBoundsException("axis " + logicalAxis + " of rank " + order.length);
  }

  Shape toStored(Shape logical) {
    int[] dims = new int[order.length];
    Arrays.setAll(dims, i -> logical.dim(order[i]));
    return Shape.of(dims);
  }

  Shape toLogical(Shape stored) {
    int[] dims = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      dims[order[i]] = stored.dim(i);
    }
    return Shape.of(dims);
  }

  /** The order by which a tensor of this layout is transposed into another one. */
  int[] orderTo(Layout target) {
    int[] result = new int[order.length];
    Arrays.setAll(result, i -> stored(target.order[i]));
    return result;
  }

  /** The layout, in storage as it is, of the logical tensor transposed by an order. */
  Layout transposed(int[] logicalOrder) {
    Layout from = Layout.of(logicalOrder);
    int[] result = new int[order.length];
    Arrays.setAll(result, i -> from.stored(order[i]));
    return new Layout(result);
  }

  /** The layout without some logical dimensions. */
  Layout without(boolean[] dropped) {
    int[] renumbered = new int[order.length];
    int kept = 0;
    for (int i = 0; i < dropped.length; i++) {
      renumbered[i] = kept;
      kept += dropped[i] ? 0 : 1;
    }
    return new Layout(
        Arrays.stream(order).filter(d -> !dropped[d]).map(d -> renumbered[d]).toArray());
  }

  /**
   * The layout with a new logical dimension, stored before the logical one that follows it, or
   * last.
   */
  Layout with(int newAxis) {
    int rank = order.length;
    int at = newAxis == 0 ? 0 : newAxis < rank ? stored(newAxis) : rank;
    int[] result = new int[rank + 1];
    for (int i = 0, from = 0; i <= rank; i++) {
      if (i == at) {
        result[i] = newAxis;
      } else {
        int d = order[from++];
        result[i] = d >= newAxis ? d + 1 : d;
      }
    }
    return new Layout(result);
  }

  /**
   * The usual layout that stores a tensor's values in the same order as this one (they differ in
   * where dimensions of size one lie), or this one.
   */
  Layout canonical(Shape logical) {
    Layout identity = identity(order.length);
    List<Layout> usual = new ArrayList<>();
    if (order.length == 4) {
      usual.add(channelsLast());
    }
    usual.add(identity);
    if (order.length >= 2) {
      usual.add(identity.swapLastTwo());
    }
    Shape stored = toStored(logical);
    return usual.stream()
        .filter(layout -> stored.keepsValuesTransposed(orderTo(layout)))
        .findFirst()
        .orElse(this);
  }

  /** A tensor with its dimensions in another order. */
  static TensorData transpose(TensorData data, int[] order) {
    Shape from = data.shape();
    Shape to = Layout.of(order).toStored(from);
    if (from.keepsValuesTransposed(order)) {
      return data.reshape(to);
    }
    int rank = order.length;
    int[] strides = new int[rank];
    for (int i = rank - 1, stride = 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= from.dim(i);
    }
    int width = data.type().bytes();
    byte[] source = data.array();
    byte[] target = new byte[source.length];
    int[] index = new int[rank];
    int offset = 0;
    for (int at = 0; at < target.length; at += width) {
      System.arraycopy(source, offset * width, target, at, width);
      for (int d = rank - 1; d >= 0; d--) {
        offset += strides[order[d]];
        if (++index[d] < to.dim(d)) {
          break;
        }
        offset -= strides[order[d]] * to.dim(d);
        index[d] = 0;
      }
    }
    return TensorData.wrap(data.type(), to, target);
  }

  /**
   * A constant that is broadcast against a tensor of this layout: its dimensions are filled up with
   * ones in front, stored in this layout, and leading ones are dropped again (down to one
   * dimension).
   */
  TensorData broadcastOperand(TensorData logical) {
    Shape filled = padRank(logical.shape(), order.length);
    TensorData stored =
        transpose(logical.reshape(filled), Layout.identity(order.length).orderTo(this));
    int[] dims = stored.shape().toArray();
    int first = 0;
    while (first < dims.length - 1 && dims[first] == 1) {
      first++;
    }
    return stored.reshape(
        dims.length == 0 ? Shape.of(1) : Shape.of(Arrays.copyOfRange(dims, first, dims.length)));
  }

  /** A shape with ones in front up to a rank. */
  static Shape padRank(Shape shape, int rank) {
    int[] dims = new int[rank];
    int missing = rank - shape.rank();
    Arrays.setAll(dims, i -> i < missing ? 1 : shape.dim(i - missing));
    return Shape.of(dims);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Layout that && Arrays.equals(order, that.order);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(order);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    Arrays.stream(order).forEach(text::append);
    return text.toString();
  }
}
