package io.sluice.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {
  private final Targets targets = Targets.builtIn();

  @ParameterizedTest
  @CsvSource({
    "DPUCZDX8G_ISA1_B4096, 0x0101000056010407, 4096",
    "DPUCV2DX8G_ISA1_C20B1, 0x0901400044000144, 8192",
    "DPUCV2DX8G_ISA1_C20B14, 0x0901400044000E44, 114688",
  })
  void fingerprintAndPeakAreThoseOfTheTargetSheet(String name, String fingerprint, long peak) {
    DpuTarget target = targets.byName(name);
    assertThat(target.fingerprint()).hasToString(fingerprint);
    assertThat(target.peakOpsPerCycle()).isEqualTo(peak);
    assertThat(targets.resolve(fingerprint)).isSameAs(target);
  }

  @Test
  void fingerprintsAreUnsigned() {
    assertThat(Fingerprint.parse("0xFFFFFFFFFFFFFFFF").typeNumber()).isEqualTo(255);
    assertThat(Fingerprint.parse("0x0101000056010407").value()).isEqualTo(72339070457545735L);
    assertThat(Fingerprint.parse("0x0901400044000E44").isa()).isEqualTo(1);
    assertThat(Fingerprint.parse("0x0901400044000E44").feature()).isEqualTo(0x400044000E44L);
  }

  @Test
  void banksHaveTheSizesOfTheTargetSheet() {
    assertThat(targets.byName("DPUCZDX8G_ISA1_B4096").banks())
        .extracting(Bank::bytes)
        .isEqualTo(List.of(256L << 10, 256L << 10, 512L << 10, 32L << 10, 32L << 10));
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
  @ValueSource(strings = {"DPUCZDX8G", "0x0101000056010408", ""})
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
  @CsvSource({"zcu102, 3.45", "zcu104, 2.46", "kv260, 1.23", "vek280, 135.3", "v70, 114.7"})
  void platformsReachThePublishedPeak(String name, double teraOps) {
    Platform p = Platforms.builtIn().byName(name);
    double peak =
        targets.byName(p.target()).peakOpsPerCycle() * p.clockMhz() * p.units() / 1_000_000;
    assertThat(peak).isBetween(teraOps * 0.99, teraOps * 1.01);
  }

  @Test
  void everyPlatformHasADescribedTarget() {
    assertThat(Platforms.builtIn().all())
        .allSatisfy(p -> assertThat(targets.byName(p.target())).isNotNull());
    assertThatThrownBy(() -> Platforms.builtIn().byName("zcu999"))
        .hasMessageContaining("no platform 'zcu999'");
  }
}
