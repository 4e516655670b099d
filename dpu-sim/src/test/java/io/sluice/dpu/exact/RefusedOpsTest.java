package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.SluiceException;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import org.junit.jupiter.api.Test;

/** What no DPU takes is refused when the engine is made, with the op and the value. */
class RefusedOpsTest {
  private final FixGraph g = new FixGraph();

  private Op convolution(int cut, int biasShift, Activation.Kind kind) {
    Op in = g.input(4, 1, 4, 4, 2);
    return g.convolve(
        "conv2d-fix",
        4,
        FixGraph.nonlinear(kind, 4, 4),
        in,
        new byte[4],
        cut,
        new int[] {2, 1, 1, 2},
        new byte[2],
        4 + cut - biasShift);
  }

  private void refused(String... parts) {
    var thrown = assertThatThrownBy(g::program).isInstanceOf(SluiceException.class);
    for (String part : parts) {
      thrown.hasMessageContaining(part);
    }
  }

  @Test
  void shiftCutBeyondSixteen() {
    convolution(17, 0, Activation.Kind.NONE);
    refused("XIR_OUT_OF_RANGE", "shift_cut is 17", "0..16");
  }

  @Test
  void shiftCutBelowZero() {
    convolution(-1, 0, Activation.Kind.NONE);
    refused("XIR_OUT_OF_RANGE", "shift_cut is -1");
  }

  @Test
  void shiftBiasBelowWhatTheAccumulatorHolds() {
    convolution(10, -7, Activation.Kind.NONE);
    refused("XIR_OUT_OF_RANGE", "shift_bias is -7", "-6..16");
  }

  @Test
  void negativeShiftBiasBeforeLeaky() {
    convolution(10, -1, Activation.Kind.LEAKYRELU);
    refused("XIR_OUT_OF_RANGE", "shift_bias is -1", "0..16");
  }

  @Test
  void shiftCutThatContradictsThePositions() {
    Op conv = convolution(5, 0, Activation.Kind.RELU);
    conv.setAttrs(conv.attrs().with("shift_cut", 6));
    refused("XIR_UNEXPECTED_VALUE", "shift_cut is 6 where 5 follows");
  }

  @Test
  void shiftOfTheHardSigmoidThatContradictsThePositions() {
    Op in = g.input(4, 1, 4, 4, 2);
    g.convolve(
        "conv2d-fix",
        7,
        FixGraph.nonlinear(Activation.Kind.HSIGMOID, 4, 8),
        in,
        new byte[4],
        4,
        new int[] {2, 1, 1, 2},
        new byte[2],
        4);
    refused("XIR_UNEXPECTED_VALUE", "shift_hsigmoid is 10 where 11 follows");
  }

  @Test
  void prelu() {
    Op conv = convolution(5, 0, Activation.Kind.RELU);
    conv.setAttrs(conv.attrs().with("nonlinear", "PRELU"));
    refused("VART_FUNC_NOT_SUPPORT", "PRELU");
  }

  @Test
  void weightsThatACompilerMovedAway() {
    Op conv = convolution(5, 0, Activation.Kind.RELU);
    Op weights = conv.input("weights");
    weights.setAttrs(
        weights.attrs().with("data", AttrValue.of(com.google.protobuf.ByteString.EMPTY)));
    refused("XIR_UNEXPECTED_VALUE", "weights", "empty");
  }

  @Test
  void layersThatOverflowThirtyTwoBits() {
    int channels = 1 << 18;
    byte[] weights = new byte[channels];
    java.util.Arrays.fill(weights, (byte) 127);
    g.convolve(
        "conv2d-fix",
        4,
        Attrs.EMPTY,
        g.input(4, 1, 1, 1, channels),
        weights,
        16,
        new int[] {1, 1, 1, channels},
        null,
        0);
    refused("SLUICE_LIMIT", "32-bit accumulator");
  }

  @Test
  void tensorsWithoutAFixPosition() {
    Op in = g.input(4, 1, 4, 4, 2);
    in.setOutput(in.output().withAttrs(Attrs.EMPTY));
    g.add("upload", 4, Attrs.EMPTY, in);
    refused("XIR_UNDEFINED_ATTR", "fix_point");
  }

  @Test
  void inputsOfASumTooFarApart() {
    g.add("eltwise-fix", 4, Attrs.EMPTY, g.input(0, 1, 2), g.input(16, 1, 2));
    refused("XIR_OUT_OF_RANGE", "shift_read is 16");
  }

  @Test
  void bilinearResampling() {
    g.add(
        "upsample-fix",
        4,
        Attrs.EMPTY.with("mode", "BILINEAR").with("scale", AttrValue.ofFloats(2, 2)),
        g.input(4, 1, 2, 2, 1));
    refused("VART_FUNC_NOT_SUPPORT", "BILINEAR", "transposed depthwise");
  }

  @Test
  void opsThatNoDpuRuns() {
    g.graph.add("s", "softmax", Attrs.EMPTY.with("axis", -1), g.input(4, 1, 2));
    refused("VART_FUNC_NOT_SUPPORT", "softmax", "CPU");
  }
}
