package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.TensorData;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Why integer nodes give the bytes of the DPU, each step tried on all that it can be given. */
class ByteArithmeticTest {
  private final ByteArithmetic bytes = new ByteArithmetic();

  @Test
  void aSumTimesTheFactorIsRoundedAsTheDpuRoundsForEverySumThatIsNotLimited() {
    for (int shift = 0; shift <= ByteArithmetic.MAX_SHIFT; shift++) {
      assertThat(wrong(shift, bytes.factor(shift))).as("shift %d", shift).isZero();
    }
  }

  @Test
  void oneShiftMoreWouldTakeAStepBelowATieForATie() {
    int shift = ByteArithmetic.MAX_SHIFT + 1;
    assertThat(wrong(shift, bytes.factor(shift))).isPositive();
  }

  @Test
  void thePlainFactorRoundsTiesToEven() {
    // every other of the ties k + 1/2, k = 0..255, and 255.5 is limited
    assertThat(wrong(3, 1 / 8f)).isEqualTo(128);
  }

  /** How many of all sums with a result from 0 to 255, and their neighbours, come out wrong. */
  private static int wrong(int shift, float factor) {
    int wrong = 0;
    for (int h = -(1 << shift); h <= 257 << shift; h++) {
      long expected = Math.max(0, Math.min(255, Requantize.round(h, shift)));
      float limited = Math.max(0, Math.min(255, (float) h * factor));
      wrong += Math.rint(limited) == expected ? 0 : 1;
    }
    return wrong;
  }

  /** AVX2 without VNNI adds two products in 16 bits. */
  @Test
  void theCanaryHasSumsThatSaturatingPairsGetWrong() {
    for (Convolution conv : PlatformCanary.integerCases()) {
      TensorData input = PlatformCanary.input(conv);
      boolean full = conv.groups() == 1 && conv.shiftCut() > 1;
      if (full) {
        assertThat(saturatingPairs(conv, input)).as("%s", conv.y()).isPositive();
      }
    }
    assertThat(PlatformCanary.integerCases()).filteredOn(c -> c.shiftCut() > 1).hasSize(4);
  }

  /** In the window at the upper left corner: pairs of products that 16 bits do not hold. */
  private static int saturatingPairs(Convolution conv, TensorData input) {
    int found = 0;
    int channels = conv.inChannels();
    for (int oc = 0; oc < conv.outChannels(); oc++) {
      for (int tap = 0; tap < conv.y().kernel() * conv.x().kernel(); tap++) {
        int row = tap / conv.x().kernel();
        int column = tap % conv.x().kernel();
        int pixel = (row * conv.x().in() + column) * channels;
        for (int c = 0; c + 1 < channels; c += 2) {
          int pair = 0;
          for (int i = c; i < c + 2; i++) {
            int weight = conv.weights()[oc * conv.fanIn() + tap * channels + i];
            pair += (input.getByte(pixel + i) + FloatGraph.ZERO) * weight;
          }
          found += pair > Short.MAX_VALUE || pair < Short.MIN_VALUE ? 1 : 0;
        }
      }
    }
    return found;
  }

  @Test
  void whatHasNoIntegerFormIsLeftToFloats() {
    for (Activation.Kind kind : List.of(Activation.Kind.NONE, Activation.Kind.RELU)) {
      assertThat(bytes.takes(convolution(ByteArithmetic.MAX_SHIFT, kind, 1))).isTrue();
    }
    assertThat(bytes.takes(convolution(ByteArithmetic.MAX_SHIFT + 1, Activation.Kind.NONE, 1)))
        .isFalse();
    assertThat(bytes.takes(convolution(4, Activation.Kind.LEAKYRELU, 1))).isFalse();
  }

  @Test
  void aSumThatMayNotFit32BitsIsLeftToFloats() {
    int fits = (Integer.MAX_VALUE - (128 << 4)) / (128 * 127);
    assertThat(bytes.takes(convolution(4, Activation.Kind.NONE, fits))).isTrue();
    assertThat(bytes.takes(convolution(4, Activation.Kind.NONE, fits + 1))).isFalse();
  }

  /** One pixel of many channels, all weights 127, no bias. */
  private static Convolution convolution(int shift, Activation.Kind kind, int channels) {
    byte[] weights = new byte[channels];
    java.util.Arrays.fill(weights, Byte.MAX_VALUE);
    WindowAxis axis = new WindowAxis(1, 1, 1, 1, 1, 0, 0);
    return new Convolution(
        false,
        1,
        axis,
        axis,
        channels,
        1,
        1,
        weights,
        new byte[1],
        shift,
        0,
        Activation.of(kind, 0));
  }
}
