package io.sluice.compile;

import io.sluice.target.BrokenLimit;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Ops that move or repeat values: reshape, concat, nearest upsampling, strided slice, reorg, tile,
 * pixel shuffle, padding with zeros or mirrored values.
 */
final class Movement extends Lowering {
  Movement(FixPositions positions, OperatorChecker checker) {
    super(positions, checker);
  }

  /** A step that gives a value another shape. */
  static Step reshape(String name, Step.Operand input, Shape shape) {
    return new Step(
        name + "_reshaped",
        "reshape-fix",
        Attrs.EMPTY.with("shape", shape.toArray()),
        List.of(input),
        null,
        null,
        shape,
        input.position());
  }

  /** Whether an op pads with nothing but values that are on every grid. */
  static boolean isZeroPad(Op op) {
    if (!op.type().equals("pad")) {
      return false;
    }
    if (op.attrs().getString("mode").equals("CONSTANT") && op.attrs().has("constant_values")) {
      for (float value : op.attrs().getFloats("constant_values")) {
        if (value != 0) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  Attempt lower(Op op) {
    List<Step.Operand> inputs = new ArrayList<>();
    for (Op in : op.inputs("input")) {
      Optional<Step.Operand> operand = operand(in);
      if (operand.isEmpty()) {
        return notFixed(op, in);
      }
      inputs.add(operand.get());
    }
    if (op.type().equals("resize")) {
      return upsample(op, inputs.get(0));
    }
    OptionalInt position = position(op);
    if (position.isEmpty()) {
      return Attempt.refused(
          op,
          "fix.aligned",
          op.type().equals("pad")
              ? "it pads with a value other than 0"
              : "its inputs have different fix positions: "
                  + inputs.stream().map(Step.Operand::position).toList());
    }
    String type;
    Attrs attrs;
    switch (op.type()) {
      case "concat" -> {
        type = "concat-fix";
        attrs = Attrs.EMPTY.with("axis", op.attrs().getInt("axis"));
      }
      case "strided_slice" -> {
        type = "strided_slice-fix";
        attrs = Attrs.EMPTY;
        for (String name : List.of("begin", "end", "strides")) {
          attrs = attrs.with(name, op.attrs().getInts(name));
        }
      }
      case "reorg" -> {
        type = "reorg-fix";
        attrs =
            Attrs.EMPTY
                .with("scale", op.attrs().getInt("scale"))
                .with("reverse", op.attrs().getBool("reverse"));
      }
      case "gstiling" -> {
        type = "tile-fix";
        attrs =
            Attrs.EMPTY
                .with("reverse", op.attrs().getBool("reverse"))
                .with("stride", op.attrs().getInt("stride"));
      }
      case "pixel-shuffle" -> {
        type = "pixel-shuffle-fix";
        attrs =
            Attrs.EMPTY
                .with("scale", op.attrs().getInt("scale"))
                .with("reverse", op.attrs().getBool("upscale"));
      }
      case "pad" -> {
        if (op.output().shape().rank() != 4) {
          return notFourDimensional(op, op.output().shape());
        }
        type = "pad-fix";
        attrs =
            Attrs.EMPTY
                .with("paddings", op.attrs().getInts("paddings"))
                .with("mode", op.attrs().getString("mode"));
      }
      default -> {
        type = "reshape-fix";
        attrs = Attrs.EMPTY.with("shape", op.output().shape().toArray());
      }
    }
    return step(op, type, attrs, inputs);
  }

  private Attempt upsample(Op op, Step.Operand input) {
    Shape in = input.shape();
    Shape out = op.output().shape();
    if (in.rank() != 4) {
      return notFourDimensional(op, in);
    }
    if (BilinearResize.isBilinear(op)) {
      return bilinear(op, input);
    }
    String mode = op.attrs().getString("mode");
    if (!mode.equals("NEAREST") || !OperatorChecker.isWhole(op)) {
      return Attempt.refused(op, OperatorChecker.otherResize(op));
    }
    float scaleW = (float) out.dim(2) / in.dim(2);
    float scaleH = (float) out.dim(1) / in.dim(1);
    Attrs attrs =
        Attrs.EMPTY
            .with("mode", mode)
            .with("align_corners", false)
            .with("half_pixel_centers", op.attrs().getBool("half_pixel_centers", false))
            .with("scale", AttrValue.ofFloats(scaleW, scaleH));
    return step(op, "upsample-fix", attrs, List.of(input));
  }

  /** What is left of these after {@link BilinearResize}. */
  private Attempt bilinear(Op op, Step.Operand input) {
    Tail tail = Tail.of(op, activation -> false);
    BrokenLimit why =
        tail.found()
            ? new BilinearResize(checker().target()).refusal(op, input.position(), tail.position())
            : tail.refusal();
    return Attempt.refused(op, why != null ? why : OperatorChecker.otherResize(op));
  }

  private Attempt step(Op op, String type, Attrs attrs, List<Step.Operand> inputs) {
    Step step =
        new Step(
            op.name(),
            type,
            attrs,
            inputs,
            null,
            null,
            op.output().shape(),
            inputs.get(0).position());
    return checked(List.of(step), List.of(op));
  }
}
