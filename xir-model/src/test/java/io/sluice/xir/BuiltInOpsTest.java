package io.sluice.xir;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.sluice.xir.OpDef.ArgDef;
import io.sluice.xir.OpDef.AttrDef;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * The op library against the table of XIR 3.5's ops. A line of the table is {@code type | arguments
 * | attributes}; {@code ?} marks what is optional, {@code *} what may and {@code +} what must be
 * repeated, brackets the length that a list must have, and what follows {@code =} is the default.
 */
class BuiltInOpsTest {
  @Test
  void everyOpHasTheArgumentsAndAttributesOfXir() throws IOException {
    List<String> table;
    try (InputStream in = getClass().getResourceAsStream("built_in_ops.txt")) {
      table = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    assertThat(table).hasSize(106);
    assertThat(OpLibrary.builtIn().definitions().stream().map(BuiltInOpsTest::line))
        .containsExactlyInAnyOrderElementsOf(table);
  }

  private static String line(OpDef def) {
    List<String> args = def.args().stream().map(BuiltInOpsTest::argument).toList();
    List<String> attrs = def.attrs().stream().map(BuiltInOpsTest::attribute).toList();
    return (def.type() + " | " + String.join(" ", args) + " | " + String.join(" ", attrs))
        .stripTrailing();
  }

  private static String argument(ArgDef arg) {
    String mark =
        switch (arg.occurrence()) {
          case REQUIRED -> "";
          case OPTIONAL -> "?";
          case REPEATED -> "*";
          case REQUIRED_AND_REPEATED -> "+";
        };
    return arg.name() + mark + ":" + arg.kind();
  }

  private static String attribute(AttrDef attr) {
    boolean list = attr.type().element() != null;
    String length = list && attr.listLength() > 0 ? "[" + attr.listLength() + "]" : "";
    String declared = attr.name() + (attr.required() ? "" : "?") + ":" + attr.type() + length;
    return attr.required() ? declared : declared + "=" + text(attr.defaultValue());
  }

  private static String text(AttrValue value) {
    return switch (value.type()) {
      case BYTES -> ((ByteString) value.value()).toStringUtf8();
      case DOUBLE ->
          new BigDecimal(value.value().toString())
              .stripTrailingZeros()
              .toString()
              .toLowerCase(Locale.ROOT);
      default -> value.value().toString().replace(" ", "");
    };
  }
}
