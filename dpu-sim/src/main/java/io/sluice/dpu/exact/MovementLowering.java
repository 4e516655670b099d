package io.sluice.dpu.exact;

import static io.sluice.onnx.OnnxAttributes.integer;
import static io.sluice.onnx.OnnxAttributes.ints;
import static io.sluice.onnx.OnnxAttributes.string;

import io.sluice.xir.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** Ops that move data, by the node of ONNX that moves it the same way. */
final class MovementLowering implements Lowering<MovementKernel> {
  private final FloatArithmetic arithmetic;

  MovementLowering(FloatArithmetic arithmetic) {
    this.arithmetic = arithmetic;
  }

  @Override
  public String refusal(MovementKernel kernel, List<ValueRange> inputs) {
    if (kernel.requantize().shift() > FloatArithmetic.MAX_SHIFT) {
      return "shift " + kernel.requantize().shift();
    }
    boolean symmetric =
        kernel.movement() instanceof Padding padding && padding.mode() == Padding.Mode.SYMMETRIC;
    return symmetric ? "ONNX has no symmetric padding" : null;
  }

  @Override
  public FloatGraph.Value lower(
      MovementKernel kernel, List<FloatGraph.Value> inputs, List<ValueRange> ranges, FloatGraph g) {
    FloatGraph.Value moved = move(kernel, inputs.get(0), g);
    return new FloatGraph.Value(
        arithmetic.requantize(g, moved.name(), kernel.requantize(), moved.shape()), moved.shape());
  }

  private static FloatGraph.Value move(MovementKernel kernel, FloatGraph.Value in, FloatGraph g) {
    Shape output = kernel.output();
    Movement movement = kernel.movement();
    if (movement instanceof MovementKernel.Straight) {
      return output.equals(in.shape())
          ? in
          : g.fromChannelsLast(g.reshape(g.channelsLast(in), output.toArray()), output);
    }
    if (movement instanceof Padding padding) {
      return new FloatGraph.Value(pad(padding, kernel, in, g), output);
    }
    return new FloatGraph.Value(g.moved(in, x -> chosen(movement, output, x, g)), output);
  }

  private static String chosen(Movement movement, Shape output, String x, FloatGraph g) {
    String y;
    if (movement instanceof NearestResample nearest && nearest.repeats() > 0) {
      y = g.repeat(x, nearest.repeats(), nearest.repeats());
    } else if (movement instanceof NearestResample nearest) {
      y = gather(gather(x, 2, nearest.rows(), g), 3, nearest.columns(), g);
    } else if (movement instanceof BlockShuffle shuffle) {
      y = shuffle(shuffle, x, g);
    } else if (movement instanceof StridedSlice slice) {
      y = slice(slice, output, x, g);
    } else {
      throw new IllegalStateException("no lowering of " + movement);
    }
    return y;
  }

  private static String gather(String x, int axis, int[] index, FloatGraph g) {
    return g.node("Gather", List.of(x, g.longs(index)), integer("axis", axis));
  }

  private static String shuffle(BlockShuffle shuffle, String x, FloatGraph g) {
    int s = shuffle.block();
    Shape small = shuffle.small();
    boolean pixel = shuffle.kind() == BlockShuffle.Kind.PIXEL_SHUFFLE;
    if (shuffle.toChannels()) {
      if (pixel) {
        int n = small.dim(0);
        int h = small.dim(1);
        int w = small.dim(2);
        String cells = g.reshape(x, n, shuffle.large().dim(3), h, s, w, s);
        String turned = g.node("Transpose", List.of(cells), ints("perm", 0, 1, 3, 5, 2, 4));
        return g.reshape(turned, n, small.dim(3), h, w);
      }
      String rows =
          shuffle.kind() == BlockShuffle.Kind.REORG ? gather(x, 2, reorgRows(shuffle), g) : x;
      return g.node("SpaceToDepth", List.of(rows), integer("blocksize", s));
    }
    String large =
        g.node(
            "DepthToSpace",
            List.of(x),
            integer("blocksize", s),
            string("mode", pixel ? "CRD" : "DCR"));
    if (shuffle.kind() != BlockShuffle.Kind.REORG) {
      return large;
    }
    int[] rows = reorgRows(shuffle);
    int[] back = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      back[rows[i]] = i;
    }
    return gather(large, 2, back, g);
  }

  /** The row of the large tensor that reorg has where tile has row h * s + i. */
  private static int[] reorgRows(BlockShuffle shuffle) {
    int s = shuffle.block();
    return IntStream.range(0, shuffle.large().dim(1))
        .map(row -> row / s / s * s * s + row / s % s + row % s * s)
        .toArray();
  }

  private static String slice(StridedSlice slice, Shape output, String x, FloatGraph g) {
    int rank = output.rank();
    int[] end = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      int stop = slice.begin()[axis] + output.dim(axis) * slice.strides()[axis];
      end[axis] = stop < 0 ? Integer.MIN_VALUE : stop;
    }
    return g.node(
        "Slice",
        List.of(
            x,
            g.longs(FloatGraph.byAxis(output, slice.begin())),
            g.longs(FloatGraph.byAxis(output, end)),
            g.longs(IntStream.range(0, rank).toArray()),
            g.longs(FloatGraph.byAxis(output, slice.strides()))));
  }

  private static String pad(
      Padding padding, MovementKernel kernel, FloatGraph.Value in, FloatGraph g) {
    int rank = kernel.output().rank();
    int[] after = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      after[axis] = kernel.output().dim(axis) - kernel.input().dim(axis) - padding.before()[axis];
    }
    int[] pads =
        IntStream.concat(
                IntStream.of(FloatGraph.byAxis(kernel.output(), padding.before())),
                IntStream.of(FloatGraph.byAxis(kernel.output(), after)))
            .toArray();
    boolean constant = padding.mode() == Padding.Mode.CONSTANT;
    if (!constant) {
      return g.moved(in, x -> g.node("Pad", List.of(x, g.longs(pads)), string("mode", "reflect")));
    }
    boolean held = g.hasBytes(in);
    String x = held ? g.bytes(in.name()) : in.name();
    String fill = held ? g.byteScalar(kernel.fill() + FloatGraph.ZERO) : g.scalar(kernel.fill());
    String y = g.node("Pad", List.of(x, g.longs(pads), fill), string("mode", "constant"));
    return held ? g.fromBytes(y) : y;
  }

  @Override
  public ValueRange range(MovementKernel kernel, List<ValueRange> inputs) {
    ValueRange in = inputs.get(0);
    boolean ordered =
        kernel.movement() instanceof NearestResample
            || (kernel.movement() instanceof MovementKernel.Straight
                && kernel.input().equals(kernel.output()));
    return (ordered ? in : in.mixed()).map(c -> c.with(kernel.fill())).map(kernel.requantize());
  }
}
