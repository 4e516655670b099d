package io.sluice.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {
  private final Targets targets = Targets.builtIn();

  /** Names, peaks, engines and banks as the sheets of the target factory have them. */
  @ParameterizedTest(name = "{0}")
  @CsvFileSource(resources = "target-sheet.tsv", delimiter = '\t', maxCharsPerColumn = 1 << 16)
  void everyTargetIsThatOfItsSheet(
      String name,
      String fingerprint,
      int batch,
      long peak,
      String conv,
      String banks,
      String engines) {
    DpuTarget target = targets.byName(name);
    assertThat(target.fingerprint()).hasToString(fingerprint);
    assertThat(targets.resolve(fingerprint)).isSameAs(target);
    assertThat(target.batch()).isEqualTo(batch);
    assertThat(target.peakOpsPerCycle()).isEqualTo(peak);
    assertThat(Sheet.conv(target.conv())).isEqualTo(conv);
    assertThat(Sheet.banks(target)).isEqualTo(banks);
    assertThat(Sheet.engines(target)).isEqualTo(engines);
  }

  @Test
  void thereAreThirtyFourTargetsWithTheirOwnNamesAndFingerprints() {
    assertThat(targets.all()).hasSize(34);
    assertThat(targets.all()).extracting(DpuTarget::fingerprint).doesNotHaveDuplicates();
  }

  @Test
  void fingerprintsAreUnsigned() {
    assertThat(Fingerprint.parse("0xFFFFFFFFFFFFFFFF").typeNumber()).isEqualTo(255);
    assertThat(Fingerprint.parse("0x0101000056010407").value()).isEqualTo(72339070457545735L);
    assertThat(Fingerprint.parse("0x0901400044000E44").isa()).isEqualTo(1);
    assertThat(Fingerprint.parse("0x0901400044000E44").feature()).isEqualTo(0x400044000E44L);
  }

  @ParameterizedTest
  @CsvSource({
    "0x0101000056010408, DPUCZDX8G_ISA1_B128_0101000056010408, 128",
    "0x01000020F6112207, DPUCZDX8G_ISA0_B4096_01000020F6112207, 4096",
    "0x0602001136082112, DPUCVDX8G_ISA2_C64B1_0602001136082112, 16384",
    "0x0603000B56011841, DPUCVDX8G_ISA3_C32B4_0603000B56011841, 32768",
    "0x0900000044000243, DPUCV2DX8G_ISA0_C12B2_0900000044000243, 8192",
  })
  void unlistedFingerprintsOfKnownFamiliesAreMadeFromTheirBits(
      String fingerprint, String name, long peak) {
    DpuTarget target = targets.resolve(fingerprint);
    assertThat(target.name()).isEqualTo(name);
    assertThat(target.peakOpsPerCycle()).isEqualTo(peak);
    assertThat(targets.resolve(name)).isEqualTo(target);
  }

  @ParameterizedTest
  @CsvSource({
    "0x010100005601040C, TARGET_FACTORY_INVALID_ARCH",
    "0x0603000B56011863, TARGET_FACTORY_INVALID_ARCH",
    "0x0901400044000145, TARGET_FACTORY_INVALID_ARCH",
    "0x0101000054010407, TARGET_FACTORY_INVALID_FEATURE_CODE",
    "0x0603000B56018861, TARGET_FACTORY_INVALID_FEATURE_CODE",
    "0x0603000B56011801, TARGET_FACTORY_INVALID_FEATURE_CODE",
    "0x0102000056010407, TARGET_FACTORY_UNREGISTERED_TARGET",
    "0x0202000000100099, TARGET_FACTORY_UNREGISTERED_TARGET",
    "0x0A00000000000000, TARGET_FACTORY_INVALID_TYPE",
  })
  void fingerprintsThatNoHardwareHasAreRefused(String fingerprint, String code) {
    assertThatThrownBy(() -> targets.resolve(fingerprint)).hasMessageContaining(code);
  }

  @Test
  void archFilesNameATargetOrAFingerprint(@TempDir Path dir) throws IOException {
    Path byName = Files.writeString(dir.resolve("a.json"), "{\"target\":\"DPUCZDX8G_ISA1_B4096\"}");
    Path byPrint =
        Files.writeString(dir.resolve("b.json"), "{\"fingerprint\":\"0x101000056010407\"}");
    assertThat(targets.resolve(byName.toString())).isEqualTo(targets.resolve(byPrint.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{\"target\":4}", "{\"fingerprint\":\"B4096\"}", "null"})
  void archFilesThatAreNoneAreRefused(String text, @TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("arch.json"), text);
    assertThatThrownBy(() -> targets.resolve(file.toString()))
        .isInstanceOfSatisfying(
            SluiceException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_FACTORY_PARSE_TARGET_FAIL));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"DPUCZDX8G", "0x0202000000100099", "DPUCZDX8G_ISA1_B99_0101000056010407", ""})
  void unknownTargetsAreRefusedWithTheKnownOnesNamed(String name) {
    assertThatThrownBy(() -> targets.resolve(name))
        .isInstanceOfSatisfying(
            SluiceException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.TARGET_FACTORY_UNREGISTERED_TARGET);
              assertThat(e.remedy()).contains("DPUCZDX8G_ISA1_B4096");
            });
  }

  @Test
  void featureCodesHave48Bits() {
    assertThatThrownBy(() -> Fingerprint.of(DpuType.DPUCZDX8G, 1, 1L << 48))
        .hasMessageContaining("TARGET_FACTORY_INVALID_FEATURE_CODE");
    assertThatThrownBy(() -> Fingerprint.of(DpuType.DPUCZDX8G, 256, 0))
        .hasMessageContaining("TARGET_FACTORY_INVALID_ISA_VERSION");
  }

  @ParameterizedTest
  @CsvSource({
    "zcu102, 3.45",
    "zcu104, 2.46",
    "kv260, 1.23",
    "vck190, 61.4",
    "vek280, 135.3",
    "v70, 114.7",
    "u50, 7.37",
    "u50lv, 11.3",
    "u50lv-dwc, 9.0",
    "u55c, 13.5",
    "u280, 17.2",
    "u200, 9.83",
    "u250, 19.66",
  })
  void platformsReachThePublishedPeak(String name, double teraOps) {
    Platform p = Platforms.builtIn().byName(name);
    double peak =
        targets.byName(p.target()).peakOpsPerCycle() * p.clockMhz() * p.units() / 1_000_000;
    assertThat(peak).isBetween(teraOps * 0.99, teraOps * 1.01);
  }

  @Test
  void aBoardCarriesOtherUnitsOfItsFamilyOnly() {
    Platform zcu104 = Platforms.builtIn().byName("zcu104");
    DpuTarget small = targets.byName("DPUCZDX8G_ISA1_B512");
    assertThat(zcu104.carrying(small, targets).target()).isEqualTo(small.name());
    assertThat(zcu104.carrying(targets.byName(zcu104.target()), targets)).isSameAs(zcu104);
    DpuTarget versal = targets.byName("DPUCVDX8G_ISA3_C32B1");
    assertThatThrownBy(() -> zcu104.carrying(versal, targets))
        .hasMessageContaining("VART_DEVICE_MISMATCH");
  }

  @Test
  void hyphensStandForUnderscoresAsInTheGuide() {
    assertThat(targets.resolve("DPUCAHX8L-ISA0-SP").name()).isEqualTo("DPUCAHX8L_ISA0_SP");
  }

  @Test
  void everyPlatformHasADescribedTarget() {
    assertThat(Platforms.builtIn().all())
        .allSatisfy(p -> assertThat(targets.byName(p.target())).isNotNull());
    assertThatThrownBy(() -> Platforms.builtIn().byName("zcu999"))
        .hasMessageContaining("no platform 'zcu999'");
  }
}
