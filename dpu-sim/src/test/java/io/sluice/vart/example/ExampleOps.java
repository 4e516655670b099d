package io.sluice.vart.example;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.AttrType;
import io.sluice.xir.CustomOpDefinitions;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.OpDef;
import io.sluice.xir.OpDef.ArgDef;
import io.sluice.xir.OpDef.AttrDef;
import io.sluice.xir.OpDef.Inferred;
import io.sluice.xir.OpDef.Occurrence;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import java.util.List;

/**
 * The two custom ops of the guide's custom-op workflow: the PReLU layer of its TensorFlow example
 * and the PointPillars scatter of its PyTorch example.
 */
public final class ExampleOps implements CustomOpDefinitions {
  /** x where x is 0 or more, alpha * x elsewhere; alpha has the shape of x without its batch. */
  public static final String PRELU = "PReLULayer";

  /**
   * Puts the features of pillars on a map: features [N, C, P, 1] and coordinates [N, P, 4] (batch,
   * z, y, x; pillars of a negative batch are empty) to [N, C, ny, nx].
   */
  public static final String SCATTER = "PillarScatter";

  @Override
  public List<OpDef> definitions() {
    ArgDef input =
        new ArgDef("input", Occurrence.REQUIRED_AND_REPEATED, DataType.Kind.FLOAT, "in order");
    return List.of(
        new OpDef(PRELU, List.of(input), List.of(), ExampleOps::prelu, "x < 0 ? alpha * x : x"),
        new OpDef(
            SCATTER,
            List.of(input),
            List.of(size("ny"), size("nx"), size("nchannels")),
            ExampleOps::scatter,
            "Pillars to a map [N, nchannels, ny, nx]."));
  }

  private static AttrDef size(String name) {
    return new AttrDef(name, AttrType.INT32, true, null, 1, "");
  }

  private static Inferred prelu(Op op) {
    Tensor x = two(op).get(0).output();
    Shape alpha = op.inputs("input").get(1).output().shape();
    boolean fits = alpha.rank() == x.shape().rank() - 1;
    for (int i = 0; fits && i < alpha.rank(); i++) {
      fits = alpha.dim(i) == x.shape().dim(i + 1);
    }
    check(op, fits, "alpha " + alpha + " for input " + x.shape());
    return new Inferred(x.type(), x.shape());
  }

  private static Inferred scatter(Op op) {
    Tensor features = two(op).get(0).output();
    Shape f = features.shape();
    Shape c = op.inputs("input").get(1).output().shape();
    int channels = op.attrs().getInt("nchannels");
    check(
        op,
        f.rank() == 4
            && c.rank() == 3
            && f.dim(1) == channels
            && f.dim(3) == 1
            && c.dim(0) == f.dim(0)
            && c.dim(1) == f.dim(2)
            && c.dim(2) == 4,
        "features " + f + " and coordinates " + c + " for " + channels + " channels");
    int ny = op.attrs().getInt("ny");
    int nx = op.attrs().getInt("nx");
    return new Inferred(features.type(), Shape.of(f.dim(0), channels, ny, nx));
  }

  private static List<Op> two(Op op) {
    List<Op> inputs = op.inputs("input");
    check(op, inputs.size() == 2, inputs.size() + " inputs, not 2");
    return inputs;
  }

  private static void check(Op op, boolean holds, String thing) {
    if (!holds) {
      throw new SluiceException(
          ErrorCode.XIR_SHAPE_UNMATCH,
          thing,
          "op '" + op.name() + "' (" + op.type() + ")",
          "feed it as the layer of the model does");
    }
  }
}
