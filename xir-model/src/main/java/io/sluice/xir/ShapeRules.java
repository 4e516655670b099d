package io.sluice.xir;

import io.sluice.error.ErrorCode;
import java.util.Arrays;
import java.util.List;

/** Shape arithmetic that several ops share. */
final class ShapeRules {
  private ShapeRules() {}

  /**
   * The shape that all shapes stretch to: aligned at the last axis, sizes of 1 repeat.
   *
   * @throws io.sluice.error.SluiceException XIR_SHAPE_UNMATCH if they do not fit
   */
  static Shape broadcast(InferenceContext op, List<Shape> shapes) {
    int rank = shapes.stream().mapToInt(Shape::rank).max().orElse(0);
    long[] dims = new long[rank];
    Arrays.fill(dims, 1);
    for (Shape shape : shapes) {
      for (int i = 0; i < shape.rank(); i++) {
        int axis = rank - shape.rank() + i;
        int size = shape.dim(i);
        op.check(
            size == 1 || dims[axis] == 1 || size == dims[axis],
            ErrorCode.XIR_SHAPE_UNMATCH,
            "shapes " + shapes + " do not broadcast",
            "sizes on an axis must be equal or 1");
        dims[axis] = Math.max(dims[axis], size);
      }
    }
    return op.dims(dims);
  }

  /** All shapes joined along an axis; their other dimensions are equal. */
  static Shape concat(InferenceContext op, List<Shape> shapes, int wantedAxis) {
    Shape first = shapes.get(0);
    int axis = op.axis(wantedAxis, first.rank());
    long[] dims = toLongs(first);
    for (Shape shape : shapes.subList(1, shapes.size())) {
      boolean fits = shape.rank() == first.rank();
      for (int i = 0; fits && i < first.rank(); i++) {
        fits = i == axis || shape.dim(i) == first.dim(i);
      }
      op.check(
          fits,
          ErrorCode.XIR_SHAPE_UNMATCH,
          "shapes " + first + " and " + shape + " do not join along axis " + axis,
          "all other dimensions must be equal");
      dims[axis] += shape.dim(axis);
    }
    return op.dims(dims);
  }

  /** A new shape of the same elements: 0 copies the input's dimension, one -1 is what is left. */
  static Shape reshape(InferenceContext op, Shape in, int[] wanted) {
    long[] dims = new long[wanted.length];
    int free = -1;
    long known = 1;
    for (int i = 0; i < wanted.length; i++) {
      boolean fits = wanted[i] > 0 || (wanted[i] == 0 && i < in.rank());
      if (wanted[i] == -1 && free < 0) {
        free = i;
        continue;
      }
      dims[i] = wanted[i] == 0 && fits ? in.dim(i) : wanted[i];
      known = fits && known <= Shape.MAX_ELEMENTS ? known * dims[i] : 0;
      if (known == 0) {
        throw unfit(op, in, wanted);
      }
    }
    if (free >= 0) {
      dims[free] = in.elements() / known;
      known *= dims[free];
    }
    if (known != in.elements()) {
      throw unfit(op, in, wanted);
    }
    return op.dims(dims);
  }

  private static RuntimeException unfit(InferenceContext op, Shape in, int[] wanted) {
    return op.fail(
        ErrorCode.XIR_SHAPE_UNMATCH,
        "shape " + in + " cannot become " + Arrays.toString(wanted),
        "keep the number of elements; use 0 to copy a dimension and at most one -1");
  }

  /**
   * NumPy's {@code [begin:end:stride]} per axis: negative positions count from the end, positions
   * beyond an end are moved to it. Axes that are not listed are kept whole.
   */
  static Shape slice(InferenceContext op, Shape in, int[] begin, int[] end, int[] strides) {
    op.check(
        begin.length == end.length
            && begin.length == strides.length
            && begin.length <= Math.max(1, in.rank()),
        ErrorCode.XIR_INVALID_ATTR_OCCUR,
        "begin, end and strides have "
            + begin.length
            + ", "
            + end.length
            + " and "
            + strides.length
            + " entries for shape "
            + in,
        "give one entry of each per axis");
    if (in.rank() == 0) {
      return Shape.of(1);
    }
    long[] dims = toLongs(in);
    for (int i = 0; i < begin.length; i++) {
      op.check(
          strides[i] != 0,
          ErrorCode.XIR_OUT_OF_RANGE,
          "attribute 'strides' is " + Arrays.toString(strides),
          "a stride cannot be 0");
      dims[i] = sliceLength(dims[i], begin[i], end[i], strides[i]);
    }
    return op.dims(dims);
  }

  private static long sliceLength(long size, long begin, long end, long stride) {
    long low = stride > 0 ? 0 : -1;
    long high = stride > 0 ? size : size - 1;
    long from = Math.min(Math.max(begin < 0 ? begin + size : begin, low), high);
    long to = Math.min(Math.max(end < 0 ? end + size : end, low), high);
    return stride > 0
        ? Math.max(0, (to - from + stride - 1) / stride)
        : Math.max(0, (from - to - stride - 1) / -stride);
  }

  /** Listed axes dropped, or left as 1. */
  static Shape reduce(InferenceContext op, Shape in, int[] axes, boolean keep) {
    boolean[] reduced = new boolean[in.rank()];
    for (int axis : axes) {
      reduced[op.axis(axis, in.rank())] = true;
    }
    long[] dims = new long[in.rank()];
    int rank = 0;
    for (int i = 0; i < in.rank(); i++) {
      if (!reduced[i] || keep) {
        dims[rank++] = reduced[i] ? 1 : in.dim(i);
      }
    }
    return op.dims(Arrays.copyOf(dims, rank));
  }

  /**
   * Space moved to channels or back, on NHWC.
   *
   * @param down H / s, W / s, C * s * s when true; H * s, W * s, C / (s * s) when false
   */
  static Shape blocks(InferenceContext op, Shape in, int block, boolean down) {
    long square = (long) block * block;
    boolean divides =
        down ? in.dim(1) % block == 0 && in.dim(2) % block == 0 : in.dim(3) % square == 0;
    op.check(
        divides,
        ErrorCode.XIR_SHAPE_UNMATCH,
        "shape " + in + " does not divide into blocks of " + block + " x " + block,
        down ? "height and width must be multiples" : "channels must be a multiple of the square");
    op.check(
        square <= Shape.MAX_ELEMENTS,
        ErrorCode.XIR_OUT_OF_RANGE,
        "blocks of " + block + " x " + block,
        "use smaller blocks");
    return down
        ? op.dims(in.dim(0), in.dim(1) / block, in.dim(2) / block, in.dim(3) * square)
        : op.dims(
            in.dim(0), (long) in.dim(1) * block, (long) in.dim(2) * block, in.dim(3) / square);
  }

  /** Refuses parameters that are neither one value nor one per position of an axis. */
  static void checkPerChannel(
      InferenceContext op, String arg, Shape parameters, Shape in, int axis) {
    op.check(
        parameters.elements() == in.dim(axis) || parameters.elements() == 1,
        ErrorCode.XIR_SHAPE_UNMATCH,
        "argument '" + arg + "' " + parameters + " for axis " + axis + " of input " + in,
        "give one value for every position of the axis");
  }

  static long[] toLongs(Shape shape) {
    return Arrays.stream(shape.toArray()).asLongStream().toArray();
  }
}
