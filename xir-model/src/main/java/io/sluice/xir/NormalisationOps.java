package io.sluice.xir;

import static io.sluice.xir.DataType.Kind.FLOAT;
import static io.sluice.xir.OpDefBuilder.op;

import io.sluice.error.ErrorCode;
import io.sluice.xir.OpDef.Inferred;
import java.util.List;

/** Normalisations and the per-channel scale; all keep the shape. */
final class NormalisationOps {
  private NormalisationOps() {}

  static List<OpDef> definitions() {
    return List.of(
        op("batchnorm")
            .arg("input", FLOAT)
            .arg("gamma", FLOAT)
            .arg("beta", FLOAT)
            .arg("moving_mean", FLOAT)
            .arg("moving_var", FLOAT)
            .required("axis", AttrType.INT32)
            .required("epsilon", AttrType.FLOAT)
            .annotation("gamma * (x - moving_mean) / sqrt(moving_var + epsilon) + beta")
            .infer(
                in -> perChannel(in, List.of("gamma", "beta", "moving_mean", "moving_var"), true)),
        op("scale")
            .arg("input", FLOAT)
            .arg("scale", FLOAT)
            .optionalArg("bias", FLOAT)
            .optional("axis", AttrValue.of(-1))
            .annotation("x * scale + bias along an axis")
            .infer(in -> perChannel(in, List.of("scale", "bias"), true)),
        affine(op("groupnorm").arg("input", FLOAT))
            .required("num_groups", AttrType.INT32)
            .required("num_channels", AttrType.INT32)
            .with(NormalisationOps::epsilon)
            .annotation("Normalised within groups of channels.")
            .infer(NormalisationOps::groupnorm),
        affine(op("instancenorm").arg("input", FLOAT))
            .with(NormalisationOps::epsilon)
            .annotation("Normalised within each channel of each sample.")
            .infer(in -> perChannel(in, List.of("weight", "bias"), false)),
        op("l2_normalize")
            .arg("input", FLOAT)
            .optional("axis", AttrValue.ofInts())
            .optional("epsilon", AttrValue.of(1e-12))
            .annotation("x / sqrt(max(sum of x^2, epsilon)) along axes")
            .infer(
                in -> {
                  for (int axis : in.attrs().getInts("axis")) {
                    in.axis(axis, in.shape().rank());
                  }
                  return in.same();
                }));
  }

  private static OpDefBuilder affine(OpDefBuilder op) {
    return op.optionalArg("weight", FLOAT).optionalArg("bias", FLOAT);
  }

  private static OpDefBuilder epsilon(OpDefBuilder op) {
    return op.required("eps", AttrType.FLOAT).required("affine", AttrType.BOOL);
  }

  private static Inferred perChannel(InferenceContext in, List<String> args, boolean hasAxis) {
    int axis = in.axis(hasAxis ? in.attrs().getInt("axis") : -1, in.shape().rank());
    for (String arg : args) {
      if (in.has(arg)) {
        ShapeRules.checkPerChannel(in, arg, in.shape(arg), in.shape(), axis);
      }
    }
    return in.same();
  }

  private static Inferred groupnorm(InferenceContext in) {
    int groups = in.positive("num_groups");
    int channels = in.positive("num_channels");
    in.check(
        channels == in.shape().dim(-1) && channels % groups == 0,
        ErrorCode.XIR_SHAPE_UNMATCH,
        groups + " groups of " + channels + " channels on input " + in.shape(),
        "num_channels must be the input's, and num_groups must divide it");
    return perChannel(in, List.of("weight", "bias"), false);
  }
}
