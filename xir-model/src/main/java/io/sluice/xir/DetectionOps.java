package io.sluice.xir;

import static io.sluice.xir.DataType.Kind.FLOAT;
import static io.sluice.xir.OpDefBuilder.op;

import io.sluice.error.ErrorCode;
import io.sluice.xir.OpDef.Inferred;
import java.util.ArrayList;
import java.util.List;

/** Ops of detectors and of stereo and optical flow networks. */
final class DetectionOps {
  private DetectionOps() {}

  static List<OpDef> definitions() {
    List<OpDef> defs = new ArrayList<>();
    defs.add(
        op("priorbox")
            .repeatedArg("input", FLOAT)
            .required("min_sizes", AttrType.FLOAT_VEC)
            .optional("max_sizes", new AttrValue(AttrType.FLOAT_VEC, List.of()))
            .optional("aspect_ratio", new AttrValue(AttrType.FLOAT_VEC, List.of()))
            .required("flip", AttrType.BOOL)
            .required("clip", AttrType.BOOL)
            .required("variance", AttrType.FLOAT_VEC)
            .required("step", AttrType.FLOAT_VEC)
            .required("offset", AttrType.FLOAT)
            .annotation("The default boxes of SSD, and their variances.")
            .infer(DetectionOps::priorbox));
    for (String suffix : List.of("", "-fix")) {
      defs.add(matching("correlation1d_elemwise" + suffix, "pad_size"));
      defs.add(matching("correlation2d_elemwise" + suffix, "pad_size"));
      defs.add(matching("cost_volume" + suffix, "maxdisp"));
    }
    return defs;
  }

  private static OpDef matching(String type, String size) {
    return SourceOps.declared(op(type).anyArgs("input", FLOAT).required(size, AttrType.INT32))
        .annotation("Compares two feature maps at shifted positions.")
        .infer(SourceOps::asDeclared);
  }

  private static Inferred priorbox(InferenceContext in) {
    Shape input = in.shape("input", 4);
    List<Float> ratios = new ArrayList<>(List.of(1f));
    for (float ratio : in.factors("aspect_ratio")) {
      if (ratios.stream().noneMatch(known -> Math.abs(known - ratio) < 1e-6)) {
        ratios.add(ratio);
        if (in.attrs().getBool("flip")) {
          ratios.add(1 / ratio);
        }
      }
    }
    long boxes =
        (long) ratios.size() * in.attrs().getFloats("min_sizes").length
            + in.attrs().getFloats("max_sizes").length;
    in.check(
        boxes <= Shape.MAX_ELEMENTS / 4,
        ErrorCode.XIR_OUT_OF_RANGE,
        boxes + " boxes per position",
        "use fewer sizes and ratios");
    return in.output(in.dims(1, 2, (long) input.dim(1) * input.dim(2) * boxes * 4));
  }
}
