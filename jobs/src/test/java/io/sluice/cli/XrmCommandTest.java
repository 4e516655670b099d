package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trying the resource manager on a state file. */
class XrmCommandTest {
  @TempDir private Path folder;
  private StringWriter out;
  private StringWriter err;

  private int run(String... args) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of("xrm"));
    all.addAll(List.of(args));
    all.addAll(List.of("--fleet", "two-zcu102", "--state", folder.resolve("s.json").toString()));
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(new String[0]));
  }

  private JsonNode json() throws Exception {
    return new ObjectMapper().readTree(out.toString());
  }

  @Test
  void whatIsAllocatedIsListedUntilItIsReleased() throws Exception {
    assertThat(run("alloc", "--kernel", "DPUCZDX8G", "--percent", "50", "--json")).isZero();
    JsonNode granted = json();
    assertThat(granted.get("name").asText()).isEqualTo("cuAlloc");
    assertThat(granted.get("status").asText()).isEqualTo("ok");
    assertThat(granted.at("/data/cu/0/channelLoad").asText()).isEqualTo("500000 of 1000000");
    String service = granted.at("/data/allocServiceId").asText();

    assertThat(run("list", "--json")).isZero();
    assertThat(json().at("/data/deviceNumber").asInt()).isEqualTo(2);
    JsonNode unit = json().at("/data/device_0/cu_0");
    assertThat(unit.get("usedLoad").asText()).isEqualTo("500000 of 1000000");
    assertThat(unit.get("numChanInuse").asInt()).isEqualTo(1);
    assertThat(unit.get("cuName").asText()).isEqualTo("DPUCZDX8G:dpu0");

    assertThat(run("status")).isZero();
    assertThat(out.toString()).contains("service " + service + "  client cli  zcu102-0");

    assertThat(run("release", "--service", service)).isZero();
    assertThat(run("list")).isZero();
    assertThat(out.toString()).contains("used 0 of 1000000").doesNotContain("used 500000");
  }

  @Test
  void whatIsRefusedEndsWith1AndXrmsErrorAndReason() throws Exception {
    assertThat(run("alloc", "--kernel", "DPUCAHX8H", "--json")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("XRM_ERROR_NO_KERNEL: ")
        .contains("code -4, reason NO_SUCH_KERNEL");
    assertThat(json().get("status").asText()).isEqualTo("failed");

    assertThat(run("alloc", "--kernel", "DPUCZDX8G", "--count", "6")).isZero();
    assertThat(run("alloc", "--kernel", "DPUCZDX8G", "--percent", "1")).isEqualTo(1);
    assertThat(err.toString()).contains("reason BUSY");
  }

  @Test
  void aDeviceThatIsDrainedTakesNothingUntilItIsEnabled() {
    assertThat(run("drain", "--device", "0")).isZero();
    assertThat(run("alloc", "--kernel", "DPUCZDX8G", "--device", "0")).isEqualTo(1);
    assertThat(run("enable", "--device", "0")).isZero();
    assertThat(run("alloc", "--kernel", "DPUCZDX8G", "--device", "0")).isZero();
  }

  @Test
  void withoutSomethingToDoItIsUsedWrongly() {
    assertThat(Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err()), "xrm"))
        .isEqualTo(2);
    assertThat(Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err()), "xrm", "list"))
        .isEqualTo(2);
  }

  private StringWriter err() {
    err = new StringWriter();
    return err;
  }
}
