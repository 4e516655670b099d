package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ErrorsCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  @Test
  void anIdIsExplainedInOneLine() {
    assertThat(run("errors", "XIR_SHAPE_UNMATCH")).isZero();
    assertThat(out.toString().strip()).startsWith("XIR_SHAPE_UNMATCH: ").hasLineCount(1);
  }

  @Test
  void aNumberOfXrmIsExplainedAsItsId() {
    assertThat(run("errors", "-4")).isZero();
    assertThat(out.toString()).startsWith("XRM_ERROR_NO_KERNEL: ");
  }

  @Test
  void withoutAnIdAllAreListed() throws IOException {
    assertThat(run("errors", "--json")).isZero();
    assertThat(new ObjectMapper().readTree(out.toString())).hasSizeGreaterThan(600);
  }

  @Test
  void anUnknownIdIsWrongUsage() {
    assertThat(run("errors", "XIR_NO_SUCH_ID")).isEqualTo(2);
    assertThat(err.toString()).startsWith("SLUICE_USAGE: there is no error id 'XIR_NO_SUCH_ID'");
  }
}
