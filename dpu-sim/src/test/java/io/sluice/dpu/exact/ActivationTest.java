package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.SluiceException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ActivationTest {

  @Property
  void everyKindEqualsItsFormulaInRationals(
      @ForAll Activation.Kind kind,
      @ForAll @IntRange(min = -(1 << 24), max = 1 << 24) int total,
      @ForAll @IntRange(min = 0, max = 20) int shift,
      @ForAll @IntRange(min = 0, max = 15) int position,
      @ForAll @IntRange(min = -4, max = 12) int resultPosition) {
    check(kind, total, shift, position, resultPosition);
  }

  @Property
  void everyKindEqualsItsFormulaNextToATie(
      @ForAll Activation.Kind kind,
      @ForAll @IntRange(min = -130, max = 130) int step,
      @ForAll @IntRange(min = 1, max = 16) int shift,
      @ForAll @IntRange(min = -2, max = 2) int off,
      @ForAll @IntRange(min = 0, max = 15) int position,
      @ForAll @IntRange(min = -4, max = 12) int resultPosition) {
    check(kind, (step << shift) + (1 << (shift - 1)) + off, shift, position, resultPosition);
  }

  @Property
  void leakyEqualsItsFormulaNextToItsOwnTies(
      @ForAll @IntRange(min = -128, max = 0) int step,
      @ForAll @IntRange(min = 0, max = 16) int shift,
      @ForAll @IntRange(min = -2, max = 2) int off) {
    long tie = ((2L * step + 1) << (shift + 7)) / 26;
    check(Activation.Kind.LEAKYRELU, tie + off, shift, 3, 3);
  }

  private static void check(
      Activation.Kind kind, long total, int shift, int position, int resultPosition) {
    Activation activation;
    int before = resultPosition;
    switch (kind) {
      case HSIGMOID -> {
        resultPosition = Math.min(14, resultPosition + 11);
        before = position;
        activation = Activation.hardSigmoid(position, resultPosition);
      }
      case HSWISH -> {
        before = position;
        activation = Activation.hardSwish(position, resultPosition);
      }
      default -> activation = Activation.of(kind, resultPosition);
    }
    assertThat(activation.apply(total, shift))
        .as("%s of %d >> %d at %d to %d", kind, total, shift, position, resultPosition)
        .isEqualTo(
            Exactly.activated(
                kind, Exactly.scaled(total, -shift - before), position, resultPosition));
  }

  @Test
  void shiftOfTheHardSigmoidIsTheOneOfCompiledModels() {
    assertThat(Activation.hardSigmoid(2, 7).hardSigmoid().shift()).isEqualTo(9);
  }

  @Test
  void hardSigmoidSaturatesInsteadOfStoppingAtOne() {
    HardSigmoid sigmoid = HardSigmoid.between(4, 7);
    assertThat(sigmoid.apply(127)).isEqualTo((byte) 127);
    assertThat(sigmoid.apply(-48)).isEqualTo((byte) 0);
    assertThat(sigmoid.apply(0)).isEqualTo((byte) 64);
  }

  @Test
  void relu6OfACoarsePositionRoundsItsLimit() {
    List<Integer> limits = new ArrayList<>();
    for (int position = -4; position <= 6; position++) {
      limits.add(Activation.of(Activation.Kind.RELU6, position).upper());
    }
    assertThat(limits).containsExactly(0, 1, 2, 3, 6, 12, 24, 48, 96, 127, 127);
  }

  @Test
  void hardSigmoidRefusesPositionsThatTheFieldsDoNotHold() {
    assertThatThrownBy(() -> new HardSigmoid(16, 0))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("0..15");
    assertThatThrownBy(() -> HardSigmoid.between(15, -3))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("0..31");
  }
}
