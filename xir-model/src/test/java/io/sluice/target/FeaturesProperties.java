package io.sluice.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class FeaturesProperties {
  private static final long CODE_MASK = (1L << 48) - 1;

  private final Targets targets = Targets.builtIn();

  @Property
  void aFingerprintIsItsParts(
      @ForAll DpuType type,
      @ForAll @IntRange(max = 255) int isa,
      @ForAll @LongRange(min = 0, max = CODE_MASK) long feature) {
    Fingerprint print = Fingerprint.of(type, isa, feature);
    assertThat(DpuType.of(print.typeNumber())).isEqualTo(type);
    assertThat(print.isa()).isEqualTo(isa);
    assertThat(print.feature()).isEqualTo(feature);
    assertThat(Fingerprint.parse(print.toString())).isEqualTo(print);
  }

  @Property
  void decodingAndEncodingAgainGivesTheSameFingerprint(@ForAll("decodable") Fingerprint print) {
    Features features = Features.of(print).orElseThrow();
    assertThat(features.fingerprint()).isEqualTo(print);
    assertThat(Features.of(features.fingerprint())).contains(features);
  }

  @Property
  void everyFieldCanBeSetAloneToAnyValueThatFits(
      @ForAll("decodable") Fingerprint print, @ForAll int seed) {
    Features features = Features.of(print).orElseThrow();
    Feature[] fields = features.values().keySet().toArray(Feature[]::new);
    Feature field = fields[Math.floorMod(seed, fields.length)];
    Map<Feature, Integer> values = new EnumMap<>(features.values());
    values.put(field, features.get(field) ^ 1);
    Features changed = new Features(features.type(), features.isa(), values, features.undecoded());
    assertThat(Features.of(changed.fingerprint())).contains(changed);
    values.put(field, 1 << 16);
    assertThatThrownBy(
            () ->
                new Features(features.type(), features.isa(), values, features.undecoded())
                    .fingerprint())
        .hasMessageContaining("TARGET_FACTORY_INVALID_FEATURE_CODE");
  }

  @Property
  void anyDecodableFingerprintIsMadeIntoATargetOrRefused(@ForAll("decodable") Fingerprint print) {
    DpuTarget target;
    try {
      target = targets.byFingerprint(print);
    } catch (SluiceException e) {
      assertThat(e.code())
          .isIn(
              ErrorCode.TARGET_FACTORY_INVALID_ARCH, ErrorCode.TARGET_FACTORY_INVALID_FEATURE_CODE);
      return;
    }
    assertThat(target.fingerprint()).isEqualTo(print);
    assertThat(target.peakOpsPerCycle()).isPositive();
    assertThat(targets.byName(target.name())).isEqualTo(target);
    Set<Integer> ids = new HashSet<>();
    for (Bank bank : target.banks()) {
      for (int i = 0; i < bank.count(); i++) {
        assertThat(ids.add(bank.base() + i)).as("bank id used once").isTrue();
      }
    }
  }

  @Example
  void theBitsOfTheB4096() {
    assertThat(Features.of(Fingerprint.parse("0x0101000056010407")).orElseThrow().values())
        .isEqualTo(
            Map.of(
                Feature.ARCH, 7,
                Feature.ALU_PARALLEL, 4,
                Feature.BANK_GROUPS, 2,
                Feature.CHANNEL_AUGMENTATION, 1,
                Feature.LOAD_MEAN, 0,
                Feature.CONV_LEAKY_RELU, 1,
                Feature.DWCONV_LEAKY_RELU, 0,
                Feature.SAVE_ARGMAX, 1,
                Feature.CONV_WIDTH_LOG2, 0,
                Feature.ALU_WIDTH_LOG2, 0));
  }

  @Example
  void codesOfTheOtherFamiliesAreNotDecoded() {
    assertThat(Features.of(Fingerprint.parse("0x020200000010002B"))).isEmpty();
    assertThat(Features.of(Fingerprint.parse("0x0102000056010407"))).isEmpty();
  }

  @Provide
  Arbitrary<Fingerprint> decodable() {
    return Combinators.combine(
            Arbitraries.of("0100", "0101", "0602", "0603", "0900", "0901"),
            // Few values of each field are legal, so half of the codes start from a real one.
            Arbitraries.of(0L, 0x000056010407L, 0x000B56011861L, 0x400044000E44L),
            Arbitraries.longs().between(0, CODE_MASK),
            Arbitraries.longs().between(0, CODE_MASK))
        .as(
            (family, real, noise, mask) ->
                new Fingerprint(
                    Long.parseLong(family, 16) << 48
                        | (real == 0 ? noise : real ^ (noise & mask & mask >> 7 & mask >> 13))));
  }
}
