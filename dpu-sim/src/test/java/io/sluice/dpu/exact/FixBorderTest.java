package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.SluiceException;
import io.sluice.xir.DataType;
import io.sluice.xir.RoundMode;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.math.BigDecimal;
import java.math.RoundingMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FixBorderTest {
  private static byte fix(float value, int position, RoundMode rounding) {
    return FixBorder.toFix(
            TensorData.ofFloats(Shape.of(1), value), position, DataType.XINT8, rounding)
        .getByte(0);
  }

  @Property
  void everyRoundingIsExact(
      @ForAll RoundMode rounding,
      @ForAll @IntRange(min = -130, max = 130) int step,
      @ForAll @IntRange(min = -20, max = 20) int position,
      @ForAll @IntRange(min = -2, max = 2) int ulps) {
    float value = Math.scalb(step + 0.5f, -position);
    for (int i = 0; i < Math.abs(ulps); i++) {
      value = ulps < 0 ? Math.nextDown(value) : Math.nextUp(value);
    }
    BigDecimal scaled = Exactly.scaled(new BigDecimal(value), position);
    BigDecimal rounded =
        switch (rounding) {
          case DPU_ROUND -> new BigDecimal(Exactly.halfUp(scaled));
          case STD_ROUND -> scaled.setScale(0, RoundingMode.HALF_UP);
          case PY3_ROUND -> scaled.setScale(0, RoundingMode.HALF_EVEN);
        };
    assertThat(fix(value, position, rounding))
        .isEqualTo((byte) Exactly.clamp(rounded.toBigInteger(), -128, 127));
  }

  @Test
  void justBelowAHalfStaysBelow() {
    assertThat(fix(Math.nextDown(0.5f), 0, RoundMode.DPU_ROUND)).isEqualTo((byte) 0);
    assertThat(fix(0.5f, 0, RoundMode.DPU_ROUND)).isEqualTo((byte) 1);
    assertThat(fix(-Float.MIN_VALUE, 0, RoundMode.DPU_ROUND)).isEqualTo((byte) 0);
    assertThat(fix(-0.5f, 0, RoundMode.STD_ROUND)).isEqualTo((byte) -1);
    assertThat(fix(0.5f, 0, RoundMode.PY3_ROUND)).isEqualTo((byte) 0);
  }

  @Test
  void infinitiesSaturateAndNaNIsRefused() {
    assertThat(fix(Float.POSITIVE_INFINITY, 7, RoundMode.DPU_ROUND)).isEqualTo((byte) 127);
    assertThat(fix(Float.NEGATIVE_INFINITY, 7, RoundMode.DPU_ROUND)).isEqualTo((byte) -128);
    assertThatThrownBy(() -> fix(Float.NaN, 7, RoundMode.DPU_ROUND))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("NaN at index 0");
  }

  @Test
  void unsignedValuesUseAllTheirBits() {
    DataType type = new DataType(DataType.Kind.XUINT, 8);
    TensorData fixed =
        FixBorder.toFix(
            TensorData.ofFloats(Shape.of(3), -1f, 0.5f, 300f), 0, type, RoundMode.DPU_ROUND);
    assertThat(FixBorder.toFloat(fixed, 1).toFloats()).containsExactly(0f, 0.5f, 127.5f);
  }

  @Test
  void goingToFloatAndBackChangesNothing() {
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    TensorData fixed = TensorData.wrap(DataType.XINT8, Shape.of(256), all);
    for (int position = -20; position <= 20; position++) {
      TensorData back =
          FixBorder.toFix(
              FixBorder.toFloat(fixed, position), position, DataType.XINT8, RoundMode.DPU_ROUND);
      assertThat(back).isEqualTo(fixed);
    }
  }
}
