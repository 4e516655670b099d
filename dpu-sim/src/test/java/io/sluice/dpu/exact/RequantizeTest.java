package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.SluiceException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RequantizeTest {

  @Test
  void halvesGoTowardsPlusInfinity() {
    assertThat(new Requantize(1).apply(3)).isEqualTo((byte) 2);
    assertThat(new Requantize(1).apply(-3)).isEqualTo((byte) -1);
    assertThat(new Requantize(4).apply(-8)).isEqualTo((byte) 0);
    assertThat(new Requantize(4).apply(-9)).isEqualTo((byte) -1);
  }

  @Test
  void valuesBeyondEightBitsSaturate() {
    assertThat(new Requantize(0).apply(128)).isEqualTo((byte) 127);
    assertThat(new Requantize(0).apply(-129)).isEqualTo((byte) -128);
    assertThat(new Requantize(-40).apply(1L << 46)).isEqualTo((byte) 127);
    assertThat(new Requantize(-40).apply(-(1L << 46))).isEqualTo((byte) -128);
  }

  @Property
  void equalsTheRuleInRationals(
      @ForAll @LongRange(min = -(1L << 46), max = 1L << 46) long value,
      @ForAll @IntRange(min = -40, max = 40) int shift) {
    assertThat(new Requantize(shift).apply(value))
        .isEqualTo(Exactly.toInt8(Exactly.scaled(value, -shift)));
  }

  @Property
  void equalsTheRuleAroundEveryBoundary(
      @ForAll @IntRange(min = -130, max = 130) int step,
      @ForAll @IntRange(min = 1, max = 30) int shift,
      @ForAll @IntRange(min = -2, max = 2) int off) {
    long value = ((long) step << shift) + (1L << (shift - 1)) + off;
    assertThat(new Requantize(shift).apply(value))
        .isEqualTo(Exactly.toInt8(Exactly.scaled(value, -shift)));
  }

  @Test
  void positionsTooFarApartAreRefused() {
    assertThatThrownBy(() -> new Requantize(41))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("XIR_OUT_OF_RANGE")
        .hasMessageContaining("41");
  }
}
