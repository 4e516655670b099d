package io.sluice.dpu.exact;

import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/**
 * What an op means in real numbers, rounded once to int8: written from the definitions of the ops,
 * in exact rationals, with inputs pushed to outputs where the kernels pull. No shift, no
 * accumulator position, no index of the kernels is used.
 */
final class Oracle {
  private final Op op;
  private final List<byte[]> inputs;
  private final List<Shape> shapes;
  private final Shape out;
  private final int position;

  private Oracle(Op op, List<TensorData> tensors) {
    this.op = op;
    this.inputs = tensors.stream().map(TensorData::array).toList();
    this.shapes = tensors.stream().map(TensorData::shape).toList();
    this.out = op.output().shape();
    this.position = op.output().attrs().getInt("fix_point", 0);
  }

  static byte[] expected(Op op, List<TensorData> inputs) {
    Oracle oracle = new Oracle(op, inputs);
    return switch (op.type()) {
      case "conv2d-fix", "depthwise-conv2d-fix" -> oracle.convolution(false);
      case "transposed-conv2d-fix", "transposed-depthwise-conv2d-fix" -> oracle.convolution(true);
      case "pool-fix" -> oracle.pool();
      case "eltwise-fix", "depthwise-fix" -> oracle.elementwise();
      case "concat-fix" -> oracle.concat();
      case "hard-sigmoid-fix" -> oracle.hardSigmoid();
      case "reduction_max-fix", "argmax-fix" -> oracle.largest();
      default -> oracle.movement();
    };
  }

  private static int position(Op op) {
    return op.output().attrs().getInt("fix_point");
  }

  private static int at(Shape shape, int... at) {
    int index = 0;
    for (int i = 0; i < at.length; i++) {
      if (at[i] < 0 || at[i] >= shape.dim(i)) {
        return -1;
      }
      index = index * shape.dim(i) + at[i];
    }
    return index;
  }

  private byte activated(BigDecimal value) {
    String name = op.attrs().getString("nonlinear", "");
    Activation.Kind kind = name.isEmpty() ? Activation.Kind.NONE : Activation.Kind.valueOf(name);
    return Exactly.activated(kind, value, op.attrs().getInt("hsigmoid_in", 0), position);
  }

  private byte converted(byte value, int from) {
    return Exactly.toInt8(Exactly.scaled(value, position - from));
  }

  /** Every input value is pushed through every weight to the output that it reaches. */
  private byte[] convolution(boolean transposed) {
    Op weights = op.input("weights");
    Shape w = weights.output().shape();
    boolean depthwise = op.type().contains("depthwise");
    byte[] kernel = weights.constData().array();
    int[] stride = op.attrs().getInts("stride");
    int[] dilation = op.attrs().getInts("dilation", 1, 1);
    int[] pad = op.attrs().getInts("pad", 0, 0, 0, 0);
    int groups = depthwise ? out.dim(3) : op.attrs().getInt("group", 1);
    int groupIn = shapes.get(0).dim(3) / groups;
    int groupOut = out.dim(3) / groups;
    long[] sums = new long[out.elements()];
    Shape in = shapes.get(0);
    int[] x = new int[4];
    for (byte value : inputs.get(0)) {
      for (int ky = 0; ky < w.dim(1); ky++) {
        for (int kx = 0; kx < w.dim(2); kx++) {
          int oy;
          int ox;
          if (transposed) {
            // scattered by the kernel turned by 180 degrees
            oy = x[1] * stride[1] + (w.dim(1) - 1 - ky) * dilation[1] - pad[2];
            ox = x[2] * stride[0] + (w.dim(2) - 1 - kx) * dilation[0] - pad[0];
          } else {
            oy = x[1] + pad[2] - ky * dilation[1];
            ox = x[2] + pad[0] - kx * dilation[0];
            if (oy % stride[1] != 0 || ox % stride[0] != 0 || oy < 0 || ox < 0) {
              continue;
            }
            oy /= stride[1];
            ox /= stride[0];
          }
          for (int j = 0; j < groupOut; j++) {
            int oc = x[3] / groupIn * groupOut + j;
            int to = at(out, x[0], oy, ox, oc);
            if (to >= 0) {
              int weight = depthwise ? at(w, 0, ky, kx, oc) : at(w, oc, ky, kx, x[3] % groupIn);
              sums[to] += (long) value * kernel[weight];
            }
          }
        }
      }
      step(in, x);
    }
    byte[] result = new byte[sums.length];
    int products = position(op.input()) + position(weights);
    boolean biased = !op.inputs("bias").isEmpty();
    for (int i = 0; i < result.length; i++) {
      BigDecimal value = Exactly.scaled(sums[i], -products);
      if (biased) {
        Op bias = op.input("bias");
        byte b = bias.constData().array()[i % out.dim(3)];
        value = value.add(Exactly.scaled(b, -position(bias)));
      }
      result[i] = activated(value);
    }
    return result;
  }

  private static void step(Shape shape, int[] at) {
    for (int i = at.length - 1; i >= 0 && ++at[i] == shape.dim(i); i--) {
      at[i] = 0;
    }
  }

  private byte[] pool() {
    int[] kernel = op.attrs().getInts("kernel");
    int[] stride = op.attrs().getInts("stride");
    int[] pad = op.attrs().getInts("pad");
    Shape in = shapes.get(0);
    long[] sums = new long[out.elements()];
    int[] largest = new int[out.elements()];
    Arrays.fill(largest, Integer.MIN_VALUE);
    int[] o = new int[4];
    for (int i = 0; i < sums.length; i++) {
      for (int y = o[1] * stride[1] - pad[2]; y < o[1] * stride[1] - pad[2] + kernel[1]; y++) {
        for (int x = o[2] * stride[0] - pad[0]; x < o[2] * stride[0] - pad[0] + kernel[0]; x++) {
          int from = at(in, o[0], y, x, o[3]);
          if (from >= 0) {
            sums[i] += inputs.get(0)[from];
            largest[i] = Math.max(largest[i], inputs.get(0)[from]);
          }
        }
      }
      step(out, o);
    }
    AverageFactor factor = AverageFactor.of(kernel[0], kernel[1]);
    boolean average = op.attrs().getString("type").equals("AVG");
    int from = position(op.input());
    byte[] result = new byte[sums.length];
    for (int i = 0; i < result.length; i++) {
      BigDecimal mean = Exactly.scaled(sums[i] * factor.multiplier(), -factor.shift() - from);
      result[i] =
          average
              ? Exactly.toInt8(Exactly.scaled(mean, position))
              : converted((byte) largest[i], from);
    }
    return result;
  }

  private byte[] elementwise() {
    boolean sum = op.attrs().getString("type", "MUL").equals("ADD");
    byte[] result = new byte[out.elements()];
    int[] o = new int[out.rank()];
    for (int i = 0; i < result.length; i++) {
      BigDecimal value = sum ? BigDecimal.ZERO : BigDecimal.ONE;
      for (int k = 0; k < inputs.size(); k++) {
        Shape shape = shapes.get(k);
        int[] from = Arrays.copyOfRange(o, out.rank() - shape.rank(), out.rank());
        for (int axis = 0; axis < from.length; axis++) {
          from[axis] = Math.min(from[axis], shape.dim(axis) - 1);
        }
        BigDecimal x =
            Exactly.scaled(inputs.get(k)[at(shape, from)], -position(op.inputs("input").get(k)));
        value = sum ? value.add(x) : value.multiply(x);
      }
      result[i] = activated(value);
      step(out, o);
    }
    return result;
  }

  private byte[] concat() {
    byte[] result = new byte[out.elements()];
    int axis = Math.floorMod(op.attrs().getInt("axis"), out.rank());
    int start = 0;
    for (int k = 0; k < inputs.size(); k++) {
      int[] x = new int[out.rank()];
      for (byte value : inputs.get(k)) {
        int[] to = x.clone();
        to[axis] += start;
        result[at(out, to)] = converted(value, position(op.inputs("input").get(k)));
        step(shapes.get(k), x);
      }
      start += shapes.get(k).dim(axis);
    }
    return result;
  }

  private byte[] hardSigmoid() {
    byte[] result = new byte[out.elements()];
    for (int i = 0; i < result.length; i++) {
      result[i] = Exactly.hardSigmoid(inputs.get(0)[i], position(op.input()), position);
    }
    return result;
  }

  private byte[] largest() {
    boolean index = op.type().startsWith("argmax");
    int[] axes = index ? new int[] {op.attrs().getInt("axis")} : op.attrs().getInts("axis");
    Shape in = shapes.get(0);
    int rank = in.rank();
    Shape kept = in;
    for (int axis : axes) {
      kept = kept.withDim(axis, 1);
    }
    int[] best = new int[kept.elements()];
    int[] where = new int[kept.elements()];
    Arrays.fill(best, Integer.MIN_VALUE);
    int[] x = new int[rank];
    for (byte value : inputs.get(0)) {
      int[] to = x.clone();
      for (int axis : axes) {
        to[Math.floorMod(axis, rank)] = 0;
      }
      int i = at(kept, to);
      if (value > best[i]) {
        best[i] = value;
        where[i] = x[Math.floorMod(axes[0], rank)];
      }
      step(in, x);
    }
    byte[] result = new byte[best.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = index ? (byte) where[i] : converted((byte) best[i], position(op.input()));
    }
    return result;
  }

  private byte[] movement() {
    byte[] moved = new byte[out.elements()];
    Shape in = shapes.get(0);
    int[] o = new int[out.rank()];
    for (int i = 0; i < moved.length; i++) {
      Integer value = moved(in, o, i);
      moved[i] = converted((byte) (int) value, position(op.input()));
      step(out, o);
    }
    return moved;
  }

  private int moved(Shape in, int[] o, int i) {
    byte[] x = inputs.get(0);
    switch (op.type()) {
      case "upsample-fix", "downsample-fix":
        return x[
            at(
                in,
                o[0],
                nearest(in.dim(1), out.dim(1), o[1]),
                nearest(in.dim(2), out.dim(2), o[2]),
                o[3])];
      case "strided_slice-fix":
        int[] from = op.attrs().getInts("begin");
        for (int axis = 0; axis < from.length; axis++) {
          from[axis] += o[axis] * op.attrs().getInts("strides")[axis];
        }
        return x[at(in, from)];
      case "pad-fix":
        return padded(in, o);
      case "tile-fix", "reorg-fix", "pixel-shuffle-fix":
        return blocks(in, o);
      default:
        return x[i];
    }
  }

  private int nearest(int in, int out, int o) {
    boolean align = op.attrs().getBool("align_corners", false);
    boolean half = op.attrs().getBool("half_pixel_centers", false);
    double scale = align && out > 1 ? (in - 1.0) / (out - 1.0) : (double) in / out;
    double source = half ? (o + 0.5) * scale - 0.5 : o * scale;
    double index = align ? Math.floor(source + 0.5 + 1e-9) : Math.floor(source + 1e-9);
    return (int) Math.max(0, Math.min(in - 1, index));
  }

  private int padded(Shape in, int[] o) {
    int[] from = new int[o.length];
    String mode = op.attrs().getString("mode");
    for (int axis = 0; axis < o.length; axis++) {
      int size = in.dim(axis);
      int at = o[axis] - op.attrs().getInts("paddings")[2 * axis];
      if (mode.equals("REFLECT") && size > 1) {
        at = Math.floorMod(at, 2 * size - 2);
        at = Math.min(at, 2 * size - 2 - at);
      } else if (mode.equals("SYMMETRIC")) {
        at = Math.floorMod(at, 2 * size);
        at = Math.min(at, 2 * size - 1 - at);
      }
      from[axis] = at;
    }
    int index = at(in, from);
    return index < 0 ? op.attrs().getBytes("constant_values").byteAt(0) : inputs.get(0)[index];
  }

  /** Walks the small tensor's pixel and cell for the large tensor's place, in either direction. */
  private int blocks(Shape in, int[] o) {
    int s = op.attrs().getInt(op.type().equals("tile-fix") ? "stride" : "scale");
    boolean reverse = op.attrs().getBool("reverse");
    Shape large = reverse ? out : in;
    Shape small = reverse ? in : out;
    int[] p = new int[4];
    for (int n = 0; n < small.elements(); n++) {
      int c = large.dim(3);
      int cell = op.type().startsWith("pixel") ? p[3] % (s * s) : p[3] / c;
      int channel = op.type().startsWith("pixel") ? p[3] / (s * s) : p[3] % c;
      int group = p[1] / s;
      int row =
          op.type().startsWith("reorg")
              ? group * s * s + cell / s * s + p[1] % s
              : p[1] * s + cell / s;
      int[] q = {p[0], row, p[2] * s + cell % s, channel};
      if (Arrays.equals(reverse ? q : p, o)) {
        return inputs.get(0)[reverse ? at(in, p) : at(in, q)];
      }
      step(small, p);
    }
    throw new AssertionError("nothing feeds " + Arrays.toString(o));
  }
}
