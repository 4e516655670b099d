package io.sluice.dpu.exact;

import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Random layers within what a DPU takes, with their inputs. The same seed gives the same layer. */
final class LayerGenerator {
  private static final Activation.Kind[] ACTIVATIONS = Activation.Kind.values();

  private final SplittableRandom random;
  private final FixGraph g = new FixGraph();

  private LayerGenerator(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** A program and values for its inputs. */
  record Case(FixProgram program, Map<String, TensorData> inputs) {}

  /** One layer. */
  static Case layer(long seed) {
    LayerGenerator generator = new LayerGenerator(seed);
    generator.op(generator.feature());
    return generator.done();
  }

  /** A chain of convolutions, pools, sums, joins and movements over several live tensors. */
  static Case subgraph(long seed) {
    LayerGenerator generator = new LayerGenerator(seed);
    List<Op> live = new ArrayList<>(List.of(generator.feature()));
    int length = generator.random.nextInt(3, 9);
    for (int i = 0; i < length; i++) {
      Op from = live.get(generator.random.nextInt(live.size()));
      Op made = generator.op(from);
      if (made.output().shape().rank() == 4 && made.output().shape().elements() < 20_000) {
        live.add(made);
      }
    }
    return generator.done();
  }

  private Case done() {
    FixProgram program = g.program();
    Map<String, TensorData> inputs = new HashMap<>();
    for (Tensor tensor : program.inputs()) {
      inputs.put(tensor.name(), values(tensor.shape()));
    }
    return new Case(program, inputs);
  }

  private TensorData values(Shape shape) {
    byte[] values = new byte[shape.elements()];
    int style = random.nextInt(8);
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (style) {
            case 0 -> (byte) (random.nextBoolean() ? 127 : -128);
            case 1 -> (byte) random.nextInt(-2, 3);
            case 2 -> (byte) 127;
            case 3 -> (byte) -128;
            default -> (byte) random.nextInt();
          };
    }
    return TensorData.wrap(DataType.XINT8, shape, values);
  }

  private int between(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private static int position(Op op) {
    return op.output().attrs().getInt("fix_point");
  }

  private Op feature() {
    return g.input(between(-2, 7), chance(6) ? 2 : 1, between(1, 11), between(1, 11), channels());
  }

  private int channels() {
    return chance(4) ? between(1, 48) : 1 << between(0, 4);
  }

  private Op op(Op in) {
    int kind = random.nextInt(100);
    if (kind < 55) {
      return convolution(in);
    }
    if (kind < 65) {
      return pool(in);
    }
    if (kind < 77) {
      return elementwise(in);
    }
    if (kind < 82) {
      return concat(in);
    }
    return kind < 86 ? hardSigmoid(in) : movement(in);
  }

  private Op convolution(Op in) {
    Shape shape = in.output().shape();
    boolean transposed = chance(4);
    boolean depthwise = chance(3);
    int channels = shape.dim(3);
    int kernelH = between(1, 7);
    int kernelW = between(1, 7);
    int dilationH = chance(4) ? between(1, 3) : 1;
    int dilationW = chance(4) ? between(1, 3) : 1;
    int spanH = (kernelH - 1) * dilationH + 1;
    int spanW = (kernelW - 1) * dilationW + 1;
    int[] pad = {
      between(0, spanW - 1), between(0, spanW - 1), between(0, spanH - 1), between(0, spanH - 1)
    };
    int strideH = between(1, 3);
    int strideW = between(1, 3);
    if (transposed) {
      while (out(shape.dim(1), strideH, spanH, pad[2] + pad[3]) < 1
          || out(shape.dim(2), strideW, spanW, pad[0] + pad[1]) < 1) {
        pad = new int[] {pad[0] / 2, pad[1] / 2, pad[2] / 2, pad[3] / 2};
      }
    } else {
      while (shape.dim(1) + pad[2] + pad[3] < spanH) {
        pad[2]++;
      }
      while (shape.dim(2) + pad[0] + pad[1] < spanW) {
        pad[0]++;
      }
    }
    int groups = 1;
    if (!depthwise && !transposed && chance(3)) {
      do {
        groups = between(1, channels);
      } while (channels % groups != 0);
    }
    int outChannels = depthwise ? channels : groups * between(1, Math.max(1, 40 / groups));
    int fanIn = kernelH * kernelW * (depthwise ? 1 : channels / groups);
    Activation.Kind kind = ACTIVATIONS[random.nextInt(ACTIVATIONS.length)];
    boolean leaky = kind == Activation.Kind.LEAKYRELU;
    boolean hard = kind == Activation.Kind.HSIGMOID || kind == Activation.Kind.HSWISH;
    int cut = between(0, 16);
    int before = hard ? between(0, 15) : between(-3, 8);
    int after = kind == Activation.Kind.HSIGMOID ? between(7, 9) : hard ? between(-2, 7) : before;
    int weightsPosition = before + cut - position(in);
    int biasShift = between(leaky ? 0 : Math.min(0, cut - 16), 16);
    Attrs attrs =
        FixGraph.nonlinear(kind, before, after)
            .with("stride", new int[] {strideW, strideH})
            .with("dilation", new int[] {dilationW, dilationH})
            .with("pad", pad);
    if (groups > 1) {
      attrs = attrs.with("group", groups);
    }
    return g.convolve(
        (transposed ? "transposed-" : "") + (depthwise ? "depthwise-" : "") + "conv2d-fix",
        after,
        attrs,
        in,
        weights(
            (depthwise ? 1 : outChannels)
                * kernelH
                * kernelW
                * (depthwise ? channels : channels / groups),
            fanIn,
            cut),
        weightsPosition,
        new int[] {
          depthwise ? 1 : outChannels, kernelH, kernelW, depthwise ? channels : channels / groups
        },
        chance(5) ? null : bias(outChannels),
        position(in) + weightsPosition - biasShift);
  }

  private static int out(int in, int stride, int span, int pads) {
    return (in - 1) * stride + span - pads;
  }

  /** Weights that spread the results over the range of int8, or extreme ones. */
  private byte[] weights(int count, int fanIn, int cut) {
    double fitting = Math.scalb(60, cut) / (Math.sqrt(fanIn) * 43);
    int limit = (int) Math.max(1, Math.min(127, fitting));
    boolean extreme = chance(5);
    boolean same = chance(2);
    byte[] weights = new byte[count];
    for (int i = 0; i < count; i++) {
      weights[i] =
          (byte) (extreme ? same || random.nextBoolean() ? 127 : -128 : between(-limit - 1, limit));
    }
    return weights;
  }

  private byte[] bias(int count) {
    byte[] bias = new byte[count];
    boolean extreme = chance(4);
    for (int i = 0; i < count; i++) {
      bias[i] = (byte) (extreme ? random.nextBoolean() ? 127 : -128 : random.nextInt());
    }
    return bias;
  }

  private Op pool(Op in) {
    Shape shape = in.output().shape();
    int kernelH = between(1, Math.min(8, shape.dim(1) + 1));
    int kernelW = between(1, Math.min(8, shape.dim(2) + 1));
    int[] pad = {
      between(0, kernelW / 2), between(0, kernelW / 2), between(0, kernelH / 2), kernelH / 2
    };
    if (shape.dim(1) + pad[2] + pad[3] < kernelH || shape.dim(2) + pad[0] + pad[1] < kernelW) {
      kernelH = shape.dim(1);
      kernelW = shape.dim(2);
      pad = new int[4];
    }
    Attrs attrs =
        Attrs.EMPTY
            .with("kernel", new int[] {kernelW, kernelH})
            .with("stride", new int[] {between(1, 3), between(1, 3)})
            .with("pad", pad)
            .with("type", chance(2) ? "MAX" : "AVG");
    return g.add("pool-fix", position(in) + between(-3, 3), attrs, in);
  }

  private Op elementwise(Op in) {
    int[] dims = in.output().shape().toArray();
    Activation.Kind kind = ACTIVATIONS[random.nextInt(ACTIVATIONS.length)];
    boolean hard = kind == Activation.Kind.HSIGMOID || kind == Activation.Kind.HSWISH;
    if (chance(2)) {
      List<Op> inputs = new ArrayList<>(List.of(in));
      int more = between(1, 3);
      for (int i = 0; i < more; i++) {
        inputs.add(g.input(position(in) + between(-4, 4), dims));
      }
      int lowest = inputs.stream().mapToInt(LayerGenerator::position).min().orElseThrow();
      int before = Math.max(hard ? 0 : -20, lowest + between(-6, 4));
      int after = after(kind, before);
      return g.add(
          "eltwise-fix",
          after,
          FixGraph.nonlinear(kind, before, after).with("type", "ADD"),
          inputs.toArray(new Op[0]));
    }
    if (chance(2)) {
      dims[1] = 1;
      dims[2] = 1;
    }
    Op other = chance(4) ? g.input(between(0, 7), dims[3]) : g.input(between(0, 7), dims);
    int product = position(in) + position(other);
    int before = product - between(hard ? Math.max(0, product - 15) : -2, 9);
    if (hard && (before < 0 || before > 15) || chance(3)) {
      return g.add("depthwise-fix", before, Attrs.EMPTY, in, other);
    }
    int after = after(kind, before);
    return g.add(
        "eltwise-fix",
        after,
        FixGraph.nonlinear(kind, before, after).with("type", "MUL"),
        in,
        other);
  }

  private int after(Activation.Kind kind, int before) {
    return switch (kind) {
      case HSIGMOID -> between(7, 9);
      case HSWISH -> before + between(-3, 3);
      default -> before;
    };
  }

  private Op concat(Op in) {
    int[] dims = in.output().shape().toArray();
    int axis = between(0, 3);
    List<Op> inputs = new ArrayList<>(List.of(in));
    int more = between(1, 3);
    for (int i = 0; i < more; i++) {
      dims[axis] = between(1, 5);
      inputs.add(g.input(position(in) + between(-3, 3), dims));
    }
    Attrs attrs = Attrs.EMPTY.with("axis", chance(2) ? axis : axis - 4);
    return g.add("concat-fix", position(in) + between(-3, 3), attrs, inputs.toArray(new Op[0]));
  }

  private Op hardSigmoid(Op in) {
    if (position(in) < 0 || position(in) > 15) {
      return movement(in);
    }
    return g.add("hard-sigmoid-fix", between(7, 9), Attrs.EMPTY, in);
  }

  private Op movement(Op in) {
    Shape shape = in.output().shape();
    int to = position(in) + (chance(3) ? between(-3, 3) : 0);
    switch (random.nextInt(8)) {
      case 0:
        return g.add("upload", position(in), Attrs.EMPTY, in);
      case 1:
        return g.add(
            "reshape-fix",
            to,
            Attrs.EMPTY.with(
                "shape",
                chance(2)
                    ? new int[] {shape.dim(0), -1}
                    : new int[] {shape.dim(0), shape.dim(2), shape.dim(1), shape.dim(3)}),
            in);
      case 2:
        boolean up = chance(2);
        return g.add(
            up ? "upsample-fix" : "downsample-fix",
            to,
            Attrs.EMPTY
                .with("mode", "NEAREST")
                .with("scale", io.sluice.xir.AttrValue.ofFloats(between(1, 3), between(1, 3)))
                .with("align_corners", chance(4))
                .with("half_pixel_centers", chance(4)),
            in);
      case 3:
        return blocks(in, to);
      case 4:
        int[] begin = new int[4];
        int[] end = new int[4];
        int[] strides = new int[4];
        for (int axis = 0; axis < 4; axis++) {
          begin[axis] = between(0, shape.dim(axis) - 1);
          end[axis] = between(begin[axis] + 1, shape.dim(axis));
          strides[axis] = between(1, 2);
        }
        return g.add(
            "strided_slice-fix",
            to,
            Attrs.EMPTY.with("begin", begin).with("end", end).with("strides", strides),
            in);
      case 5:
        int[] paddings = new int[8];
        String mode = List.of("CONSTANT", "REFLECT", "SYMMETRIC").get(random.nextInt(3));
        for (int i = 2; i < 6; i++) {
          int size = shape.dim(i / 2);
          paddings[i] = between(0, Math.min(3, mode.equals("REFLECT") ? size - 1 : size));
        }
        byte[] fill = {(byte) random.nextInt()};
        return g.add(
            "pad-fix",
            to,
            Attrs.EMPTY
                .with("paddings", paddings)
                .with("mode", mode)
                .with(
                    "constant_values",
                    io.sluice.xir.AttrValue.of(com.google.protobuf.ByteString.copyFrom(fill))),
            in);
      case 6:
        int[] axes = chance(2) ? new int[] {3} : new int[] {1, -2};
        return g.add(
            "reduction_max-fix",
            to,
            Attrs.EMPTY.with("axis", axes).with("keep_dims", chance(2)),
            in);
      default:
        return g.add("argmax-fix", 0, Attrs.EMPTY.with("axis", chance(2) ? 3 : 1), in);
    }
  }

  private Op blocks(Op in, int to) {
    int[] dims = in.output().shape().toArray();
    int kind = random.nextInt(3);
    String type = List.of("tile-fix", "reorg-fix", "pixel-shuffle-fix").get(kind);
    boolean reverse = chance(2);
    int block = between(2, 3);
    int rows = kind == 1 ? block * between(1, 2) : between(1, 4);
    int columns = between(1, 4);
    int channels = between(1, 5);
    Op from =
        reverse
            ? g.input(position(in), dims[0], rows, columns, channels * block * block)
            : g.input(position(in), dims[0], rows * block, columns * block, channels);
    Attrs attrs = Attrs.EMPTY.with(kind == 0 ? "stride" : "scale", block).with("reverse", reverse);
    return g.add(type, to, attrs, from);
  }
}
