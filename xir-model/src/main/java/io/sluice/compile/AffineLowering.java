package io.sluice.compile;

import io.sluice.target.Nonlinear;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What scales, shifts, clips or requantizes each channel by itself becomes a depthwise convolution
 * of one pixel: a product with a constant, a sum with a constant, both in turn, a lone activation,
 * a lone {@code fix}. Where there is no scale the weights are ones.
 */
final class AffineLowering extends Lowering {
  /** Ones at this position are 64: exact, and with room for any position of the result. */
  private static final int ONES_POSITION = 6;

  private static final String TYPE = "depthwise-conv2d-fix";

  AffineLowering(FixPositions positions, OperatorChecker checker) {
    super(positions, checker);
  }

  @Override
  Attempt lower(Op op) {
    List<Op> covers = new ArrayList<>(List.of(op));
    List<Op> maps = op.inputs("input").stream().filter(in -> !FixPositions.isConst(in)).toList();
    if (maps.size() != 1) {
      return Attempt.refused(op, "dpu.operands", "it has " + maps.size() + " feature maps, not 1");
    }
    Optional<Step.Operand> input = operand(maps.get(0));
    if (input.isEmpty()) {
      return notFixed(op, maps.get(0));
    }
    Shape in = input.get().shape();
    if (in.rank() != 4) {
      return notFourDimensional(op, in);
    }
    Op last = op;
    Optional<FixedTensor> weights = Optional.of(ones(op, in.dim(3)));
    if (op.type().equals("mul")) {
      weights = constantOf(op, maps.get(0)).flatMap(c -> perChannel(c, in.dim(3)));
      if (weights.isEmpty()) {
        return notConstant(op, "factor (one for all or one per channel)");
      }
      Op sum = Tail.soleReader(op);
      if (sum != null && sum.type().equals("add") && constantOf(sum, op).isPresent()) {
        covers.add(sum);
        last = sum;
      }
    }
    Optional<FixedTensor> bias = Optional.empty();
    if (last.type().equals("add")) {
      Op read = last == op ? maps.get(0) : op;
      bias = constantOf(last, read).flatMap(c -> perChannel(c, in.dim(3)));
      if (bias.isEmpty()) {
        return notConstant(last, "summand (one for all or one per channel)");
      }
    }
    Tail tail = tail(op, last);
    if (!tail.found()) {
      return Attempt.refused(op, tail.refusal());
    }
    covers.addAll(tail.covers());
    Step step =
        ConvSteps.convolution(
            op.name(),
            TYPE,
            input.get(),
            weights.get(),
            bias.map(b -> reshape(b, Shape.of(in.dim(3)))).orElse(null),
            Window.pixel(),
            tail,
            op.output().shape());
    return checked(List.of(step), covers);
  }

  /** For a lone activation or fix the op is itself part of the tail. */
  private Tail tail(Op op, Op last) {
    if (FixPositions.isFix(op)) {
      int position = op.attrs().getInt("fix_point");
      return new Tail(Nonlinear.NONE, position, position, List.of(), null);
    }
    if (op.type().equals("mul") || op.type().equals("add")) {
      return Tail.of(last, a -> checker().fuses(TYPE, a));
    }
    Tail plain = Tail.of(op, a -> false);
    Nonlinear a = Tail.activation(op);
    if (!plain.found() || !checker().fuses(TYPE, a)) {
      return plain.found() ? Tail.refusedActivation(a, op) : plain;
    }
    return new Tail(a, plain.position(), plain.position(), plain.covers(), null);
  }

  private static Optional<FixedTensor> constantOf(Op op, Op map) {
    List<Op> others = op.inputs("input").stream().filter(in -> in != map).toList();
    return others.size() == 1 ? FixPositions.constant(others.get(0)) : Optional.empty();
  }

  private static Optional<FixedTensor> perChannel(FixedTensor constant, int channels) {
    Shape shape = constant.shape();
    int elements = shape.elements();
    if (elements != 1 && (elements != channels || shape.dim(-1) != channels)) {
      return Optional.empty();
    }
    TensorData data = constant.data();
    byte[] values = new byte[channels];
    for (int i = 0; i < channels; i++) {
      values[i] = data.getByte(elements == 1 ? 0 : i);
    }
    return Optional.of(pixelWeights(constant.name(), values, constant.position()));
  }

  private static FixedTensor pixelWeights(String name, byte[] values, int position) {
    Shape shape = Shape.of(1, 1, 1, values.length);
    TensorData data = TensorData.wrap(DataType.XINT8, shape, values);
    return new FixedTensor(name, shape, position, () -> data);
  }

  private static FixedTensor reshape(FixedTensor tensor, Shape shape) {
    return new FixedTensor(
        tensor.name(), shape, tensor.position(), () -> tensor.data().reshape(shape));
  }

  private static FixedTensor ones(Op op, int channels) {
    byte[] values = new byte[channels];
    Arrays.fill(values, (byte) (1 << ONES_POSITION));
    return pixelWeights(op.name() + "_ones", values, ONES_POSITION);
  }
}
