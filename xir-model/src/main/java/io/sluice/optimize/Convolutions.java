package io.sluice.optimize;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What passes ask of 2-D convolutions, and the making of those of one pixel. */
final class Convolutions {
  static final Set<String> TYPES =
      Set.of("conv2d", "depthwise-conv2d", "transposed-conv2d", "transposed-depthwise-conv2d");

  private Convolutions() {}

  /** Whether an op is a convolution of which weights and bias are constants of floats. */
  static boolean hasConstants(Op op) {
    return TYPES.contains(op.type())
        && Match.isConst(op.input("weights"))
        && op.inputs("bias").stream().allMatch(Match::isConst);
  }

  static boolean isDepthwise(Op conv) {
    return conv.type().contains("depthwise");
  }

  /** Whether an op is a depthwise 1x1 convolution, one output per input: a scale per channel. */
  static boolean isChannelScale(Op op) {
    return op.type().equals("depthwise-conv2d")
        && hasConstants(op)
        && Arrays.equals(op.attrs().getInts("kernel"), new int[] {1, 1})
        && Arrays.equals(op.attrs().getInts("stride"), new int[] {1, 1})
        && Arrays.stream(op.attrs().getInts("pad", 0, 0, 0, 0)).allMatch(p -> p == 0)
        && op.output().shape().equals(op.input().output().shape());
  }

  /** Adds a convolution of kernel and stride one, or of another kernel {w, h}, without padding. */
  static Op add(
      Rewrite r,
      String name,
      String type,
      int[] kernel,
      Op input,
      TensorData weights,
      TensorData bias) {
    Map<String, List<Op>> inputs = new LinkedHashMap<>();
    inputs.put("input", List.of(input));
    inputs.put("weights", List.of(r.target().addConst(r.fresh(name + "_weights"), weights)));
    if (bias != null) {
      inputs.put("bias", List.of(r.target().addConst(r.fresh(name + "_bias"), bias)));
    }
    Attrs attrs =
        Attrs.EMPTY
            .with("kernel", kernel)
            .with("stride", new int[] {1, 1})
            .with("pad_mode", "FLOOR")
            .with("pad", new int[] {0, 0, 0, 0});
    return r.target().add(name, type, attrs, inputs);
  }
}
