package io.sluice.optimize;

import io.sluice.optimize.RootMeanSquare.Guarded;
import io.sluice.xir.AttrType;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.OpDef;
import io.sluice.xir.OpLibrary;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Recognises layer norm over the last dimension, (x - mean) / sqrt(variance + epsilon), where it is
 * spelled out with c = x - mean(x) and the variance as mean(c * c), the division as a product with
 * the reciprocal; then a product and a sum with constants per channel, or for all, go in.
 *
 * <p>XIR has no op for it, so it becomes ONNX's own, a custom op that a processor runs in float. In
 * its parts a quantizer would round the squares, of which 8 bits keep next to nothing.
 */
final class LayerNorm implements Pass {
  /** Inputs x and, as far as there are any, gamma and beta; attributes axis and epsilon. */
  static final String TYPE = "onnx::LayerNormalization";

  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(ConstantFolding.class, HardSigmoids.class, IdentityRemoval.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    Rewrite.Replacement affine = withAffine(op, outputs);
    return affine == null ? spelledOut(op) : affine;
  }

  private static Rewrite.Replacement spelledOut(Op op) {
    if (!Match.binary(op, "div") && !Match.binary(op, "mul")) {
      return null;
    }
    for (Op centred : op.inputs("input")) {
      Op x = centredOf(centred);
      Op root = x == null ? null : RootMeanSquare.divisor(op, centred);
      Op sum = root == null ? null : RootMeanSquare.rooted(root);
      Guarded variance = sum == null ? null : RootMeanSquare.guarded(sum, "add");
      if (variance != null && isVariance(variance.of(), x)) {
        return new Rewrite.Replacement(
            List.of(x), r -> add(r, op, (float) variance.epsilon(), List.of(r.image(x))));
      }
    }
    return null;
  }

  /** The x of x - mean(x) along the last dimension, or null. */
  private static Op centredOf(Op op) {
    if (!Match.binary(op, "sub")) {
      return null;
    }
    Op x = op.inputs("input").get(0);
    Op mean = op.inputs("input").get(1);
    return isLastMean(mean) && mean.input() == x ? x : null;
  }

  private static boolean isVariance(Op op, Op x) {
    if (!isLastMean(op)) {
      return false;
    }
    Op centred = RootMeanSquare.squared(op.input());
    return centred != null && centredOf(centred) == x;
  }

  private static boolean isLastMean(Op op) {
    Op of = RootMeanSquare.reduced(op, "reduction_mean");
    return of != null
        && Arrays.equals(RootMeanSquare.axes(op), new int[] {of.output().shape().rank() - 1});
  }

  /** A product or a sum with constants of a layer norm that nothing else reads. */
  private static Rewrite.Replacement withAffine(Op op, Set<Op> outputs) {
    boolean product = op.type().equals("mul");
    ChannelAffine affine = product || op.type().equals("add") ? ChannelAffine.of(op) : null;
    if (affine == null || !affine.operand().type().equals(TYPE)) {
      return null;
    }
    Op norm = affine.operand();
    List<Op> in = norm.inputs("input");
    if (!norm.attrs().has("epsilon")
        || !Match.onlyRead(norm, outputs)
        || !in.stream().skip(1).allMatch(Match::isConst)) {
      return null;
    }
    return new Rewrite.Replacement(
        List.of(in.get(0)),
        r -> {
          float[] gamma = new float[affine.channels()];
          float[] beta = new float[affine.channels()];
          for (int c = 0; c < gamma.length; c++) {
            double g = in.size() > 1 ? in.get(1).constData().getFloat(c) : 1;
            double b = in.size() > 2 ? in.get(2).constData().getFloat(c) : 0;
            gamma[c] = (float) (g * affine.scale()[c]);
            beta[c] = (float) (b * affine.scale()[c] + affine.shift()[c]);
          }
          List<Op> inputs = new ArrayList<>(List.of(r.image(in.get(0))));
          inputs.add(vector(r, op.name() + "_gamma", gamma));
          inputs.add(vector(r, op.name() + "_beta", beta));
          return add(r, op, norm.attrs().getFloat("epsilon"), inputs);
        });
  }

  private static Op vector(Rewrite r, String name, float[] values) {
    return r.target().addConst(r.fresh(name), TensorData.ofFloats(Shape.of(values.length), values));
  }

  private static Op add(Rewrite r, Op root, float epsilon, List<Op> inputs) {
    register(r.target().library());
    Attrs attrs =
        Attrs.EMPTY
            .with("shape", root.output().shape().toArray())
            .with("data_type", DataType.FLOAT32.toString())
            .with("axis", -1)
            .with("epsilon", epsilon);
    return r.target().add(root.name(), TYPE, attrs, inputs.toArray(new Op[0]));
  }

  private static void register(OpLibrary library) {
    if (!library.has(TYPE)) {
      library.register(
          new OpDef(
              TYPE,
              List.of(
                  new OpDef.ArgDef("input", OpDef.Occurrence.REPEATED, DataType.Kind.FLOAT, "")),
              List.of(
                  new OpDef.AttrDef("shape", AttrType.INT32_VEC, true, null, 0, "output shape"),
                  new OpDef.AttrDef("data_type", AttrType.STRING, true, null, 0, "output type")),
              op ->
                  new OpDef.Inferred(
                      DataType.parse(op.attrs().getString("data_type")),
                      Shape.of(op.attrs().getInts("shape"))),
              "LayerNormalization of ONNX"));
    }
  }
}
