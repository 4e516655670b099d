package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.xir.XModel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class CompileAndTimeCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Object... args) {
    String[] strings = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      strings[i] = args[i].toString();
    }
    return Main.run(new PrintWriter(out), new PrintWriter(err), strings);
  }

  private static Path sample(String name) {
    String data = System.getProperty("sluice.testData", "");
    assumeTrue(!data.isEmpty(), "no folder of sample files named");
    return Path.of(data, "xmodel", name);
  }

  @Test
  void aQuantizedModelIsCompiledAndTimed() throws Exception {
    Path compiled = folder.resolve("compiled.xmodel");
    int code =
        run(
            "compile",
            sample("VoxelNet_int.xmodel"),
            "--target",
            "0x0901400044000E44",
            "--out",
            compiled,
            "--json");
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    JsonNode document = new ObjectMapper().readTree(out.toString());
    assertThat(document.get("target").asText()).isEqualTo("DPUCV2DX8G_ISA1_C20B14");
    assertThat(document.get("fingerprint").asText()).isEqualTo("0x0901400044000E44");
    assertThat(document.get("dpuMacShare").asDouble()).isEqualTo(1);
    assertThat(document.get("subgraphs")).hasSize(XModel.read(compiled).root().children().size());

    out.getBuffer().setLength(0);
    assertThat(run("time", compiled, "--platform", "v70", "--json")).isZero();
    JsonNode times = new ObjectMapper().readTree(out.toString());
    assertThat(times.get("platform").asText()).isEqualTo("v70");
    assertThat(times.get("totalMs").asDouble()).isPositive();
    assertThat(times.get("superlayers").get(0).fieldNames())
        .toIterable()
        .containsExactly(
            "name",
            "workloadGop",
            "runtimeMs",
            "perfGops",
            "loadWeightsMiB",
            "loadFeatureMiB",
            "storeFeatureMiB",
            "avgBandwidthMiBPerSecond",
            "bound");
  }

  @ParameterizedTest
  @CsvSource({
    "DPUCZDX8G_ISA1_B1152, zcu104",
    "DPUCAHX8H_ISA2_DWC, u55c",
    "DPUCAHX8L_ISA0_SP, u50lv-latency",
    "DPUCADF8H_ISA0, u250",
    "DPUCVDX8G_ISA3_C64B5, vck190",
    "DPUCVDX8H_ISA1_F2W4_4PE, vck5000",
    "DPUCV2DX8G_ISA1_C20B1, vek280",
  })
  void everyFamilyIsCompiledForAndTimed(String target, String platform) throws Exception {
    Path compiled = folder.resolve("compiled.xmodel");
    Path input = sample("VoxelNet_int.xmodel");
    assertThat(run("compile", input, "--target", target, "--out", compiled, "--json")).isZero();
    JsonNode document = new ObjectMapper().readTree(out.toString());
    assertThat(document.get("dpuMacShare").asDouble()).isEqualTo(1);
    out.getBuffer().setLength(0);
    assertThat(run("time", compiled, "--platform", platform, "--json")).isZero();
    assertThat(new ObjectMapper().readTree(out.toString()).get("totalMs").asDouble()).isPositive();
  }

  @Test
  void peopleGetATableThatSaysThatItIsModelled() {
    assertThat(run("time", sample("tf2_custom_op_zcu102.xmodel"), "--platform", "zcu102")).isZero();
    assertThat(out.toString()).contains("modelled for zcu102", "quant_conv2d_1");
  }

  @Test
  void aSecondCompilationIsFromTheCacheAndSaysSo() throws Exception {
    Path first = folder.resolve("first.xmodel");
    Path second = folder.resolve("second.xmodel");
    Path input = sample("VoxelNet_int.xmodel");
    String options =
        new ObjectMapper()
            .writeValueAsString(Map.of("cacheDir", folder.resolve("cache").toString()));
    String target = "DPUCZDX8G_ISA1_B4096";
    assertThat(
            run(
                "compile",
                input,
                "--target",
                target,
                "--options",
                options,
                "--out",
                first,
                "--json"))
        .isZero();
    JsonNode document = new ObjectMapper().readTree(out.toString());
    assertThat(document.get("fromCache").asBoolean(true)).isFalse();
    assertThat(document.get("compileSeconds").asDouble()).isPositive();
    out.getBuffer().setLength(0);
    assertThat(run("compile", input, "--target", target, "--options", options, "--out", second))
        .isZero();
    assertThat(out.toString()).contains("from the cache: compiling took");
    assertThat(err.toString()).isEmpty();
    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void aModelForAnotherPlatformIsRefused() {
    assertThat(run("time", sample("tf2_custom_op_v70.xmodel"), "--platform", "zcu102")).isOne();
    assertThat(err.toString()).startsWith("VART_DEVICE_MISMATCH");
  }

  @Test
  void aCompiledModelIsNotCompiledAgain() {
    Path input = sample("tf2_custom_op_zcu102.xmodel");
    Path output = folder.resolve("o");
    assertThat(run("compile", input, "--target", "DPUCZDX8G_ISA1_B4096", "--out", output)).isOne();
    assertThat(err.toString()).startsWith("XIR_UNEXPECTED_VALUE").contains("already");
    assertThat(output).doesNotExist();
  }

  @Test
  void unknownTargetsAndPlatformsAreNamed() {
    assertThat(run("compile", "a", "--target", "B4096", "--out", "o")).isOne();
    assertThat(err.toString()).startsWith("TARGET_FACTORY_UNREGISTERED_TARGET");
    err.getBuffer().setLength(0);
    assertThat(run("time", "a", "--platform", "zcu1")).isOne();
    assertThat(err.toString()).contains("no platform 'zcu1'");
    assertThat(run("compile", "a", "--out", "o")).isEqualTo(2);
  }
}
