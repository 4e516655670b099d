package io.sluice.dpu.exact;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.RoundMode;
import io.sluice.xir.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a CPU subgraph as functions of int8 values, if it is nothing else.
 *
 * <p>Behind {@code fix2float} a value is q * 2^-position of an int8 q, and a {@code fix} or {@code
 * float2fix} makes it one again. Where what lies between two of these computes in float without
 * rounding - a product of two int8, a sum that fits 2^24 steps, a convolution within {@link
 * AccumulatorBound} - the pair is the function that a {@code -fix} op is, whatever runs it and in
 * whatever order; where it rounds once per value, as the quotient of a mean or an activation, it is
 * a function still, and is tried or tabulated. So such a subgraph can run in one graph with the DPU
 * subgraphs around it. No such value is infinite or NaN.
 */
final class CpuFunctions {
  /** Two int8 values so far apart still add up to a float. */
  private static final int MAX_ALIGNMENT = 15;

  private static final int MAX_SHIFT = 40;

  /** A float tensor whose values are int8 times 2^-position, by the name of the int8 tensor. */
  private record Fixed(String name, int position, Shape shape) {}

  private final Map<Op, Fixed> fixed = new HashMap<>();

  /** The steps of an op that is known by its {@code fix}; none if another op is. */
  List<FixProgram.Step> read(Op op) throws NotAFunction {
    switch (op.type()) {
      case "fix2float" -> {
        Op source = op.input();
        fixed.put(op, new Fixed(source.output().name(), position(op), op.output().shape()));
        return List.of();
      }
      case "fix", "float2fix" -> {
        int position = position(op);
        FixProgram.Step step = function(op, position);
        fixed.put(op, new Fixed(op.output().name(), position, op.output().shape()));
        return List.of(step);
      }
      default -> {
        List<Op> readers = op.fanOut();
        if (readers.isEmpty() || !readers.stream().allMatch(r -> rounds(r, op))) {
          throw new NotAFunction("op '" + op.name() + "' gives floats");
        }
        return List.of();
      }
    }
  }

  /** Whether a reader makes int8 values of what an op gives, at once or behind its relu. */
  private static boolean rounds(Op reader, Op op) {
    return reader.type().equals("fix")
        || reader.type().equals("float2fix")
        || (reader.type().equals("relu") && !op.type().equals("relu"));
  }

  /** Why a subgraph is not one of such functions. */
  static final class NotAFunction extends Exception {
    private static final long serialVersionUID = 1L;

    NotAFunction(String message) {
      super(message, null, false, false);
    }
  }

  private static int position(Op op) throws NotAFunction {
    Attrs attrs = op.attrs();
    int position = attrs.getInt("fix_point");
    if (attrs.getInt("bit_width") != 8
        || !attrs.getBool("if_signed")
        || RoundMode.parse(attrs.getString("round_mode")) != RoundMode.DPU_ROUND
        || Math.abs(position) > MAX_SHIFT) {
      throw new NotAFunction("op '" + op.name() + "' is not of 8 bits by DPU_ROUND");
    }
    return position;
  }

  private FixProgram.Step function(Op fix, int position) throws NotAFunction {
    Op op = fix.input();
    if (fixed.containsKey(op)) {
      return step(fix, straight(fixed.get(op), fix, position), List.of(fixed.get(op)));
    }
    boolean relu = op.type().equals("relu");
    Activation activation =
        Activation.of(relu ? Activation.Kind.RELU : Activation.Kind.NONE, position);
    Op source = relu ? op.input() : op;
    List<Fixed> inputs = new ArrayList<>();
    for (Op in : source.inputs("input")) {
      Fixed value = fixed.get(in);
      if (value == null) {
        throw new NotAFunction("op '" + source.name() + "' reads floats");
      }
      inputs.add(value);
    }
    Shape shape = source.output().shape();
    FixKernel kernel =
        switch (source.type()) {
          case "mul" -> product(source, inputs, activation);
          case "add" -> sum(source, inputs, activation);
          case "conv2d" -> FloatConvolution.of(source, inputs.get(0).position(), activation);
          case "avgpool2d" -> {
            if (relu || !global(source)) {
              throw new NotAFunction("op '" + source.name() + "' has windows");
            }
            Fixed in = inputs.get(0);
            yield new MeanKernel(in.shape(), shift(in.position() - position));
          }
          case "resize" -> {
            if (relu) {
              throw new NotAFunction("a relu behind a resize");
            }
            yield resize(source, inputs.get(0), position);
          }
          case "hard-sigmoid", "sigmoid", "tanh" -> {
            if (relu) {
              throw new NotAFunction("a relu behind an activation");
            }
            yield new ByteTableKernel(
                shape, FloatTable.of(source, inputs.get(0).position(), position));
          }
          default -> throw new NotAFunction("op '" + source.name() + "' is " + source.type());
        };
    return step(fix, kernel, inputs);
  }

  private static FixProgram.Step step(Op fix, FixKernel kernel, List<Fixed> inputs) {
    return new FixProgram.Step(fix, kernel, inputs.stream().map(Fixed::name).toList());
  }

  private static int shift(int shift) throws NotAFunction {
    if (Math.abs(shift) > MAX_SHIFT) {
      throw new NotAFunction("a shift of " + shift);
    }
    return shift;
  }

  private static FixKernel straight(Fixed in, Op fix, int position) throws NotAFunction {
    Shape shape = fix.output().shape();
    return new MovementKernel(
        shape,
        shape,
        new MovementKernel.Straight(shape),
        (byte) 0,
        new Requantize(shift(in.position() - position)));
  }

  private static FixKernel product(Op op, List<Fixed> inputs, Activation activation)
      throws NotAFunction {
    if (inputs.size() != 2) {
      throw new NotAFunction("op '" + op.name() + "' has " + inputs.size() + " factors");
    }
    int position = inputs.get(0).position() + inputs.get(1).position();
    return new ElementwiseKernel(
        true,
        inputs.stream().map(Fixed::shape).toList(),
        op.output().shape(),
        List.of(0, 0),
        shift(position - activation.position()),
        activation);
  }

  private static FixKernel sum(Op op, List<Fixed> inputs, Activation activation)
      throws NotAFunction {
    int highest = inputs.stream().mapToInt(Fixed::position).max().orElseThrow();
    int lowest = inputs.stream().mapToInt(Fixed::position).min().orElseThrow();
    if (highest - lowest > MAX_ALIGNMENT || inputs.size() > 2) {
      throw new NotAFunction("op '" + op.name() + "' adds on too fine a grid");
    }
    return new ElementwiseKernel(
        false,
        inputs.stream().map(Fixed::shape).toList(),
        op.output().shape(),
        inputs.stream().map(in -> highest - in.position()).toList(),
        shift(highest - activation.position()),
        activation);
  }

  private static boolean global(Op op) {
    Shape out = op.output().shape();
    return op.attrs().getBool("global", false) && out.dim(1) == 1 && out.dim(2) == 1;
  }

  private static FixKernel resize(Op op, Fixed in, int position) throws NotAFunction {
    Attrs attrs = op.attrs();
    Shape out = op.output().shape();
    if (!attrs.getString("mode").equals("NEAREST")
        || attrs.getBool("align_corners", false)
        || attrs.getBool("half_pixel_centers", false)) {
      throw new NotAFunction("op '" + op.name() + "' does not repeat its pixels");
    }
    NearestResample nearest =
        new NearestResample(
            in.shape(),
            NearestResample.axis(in.shape().dim(1), out.dim(1), false, false),
            NearestResample.axis(in.shape().dim(2), out.dim(2), false, false));
    if (nearest.repeats() == 0) {
      throw new NotAFunction("op '" + op.name() + "' does not repeat its pixels evenly");
    }
    return new MovementKernel(
        in.shape(), out, nearest, (byte) 0, new Requantize(shift(in.position() - position)));
  }
}
