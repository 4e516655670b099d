package io.sluice.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.SluiceException;
import io.sluice.xir.Shape;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompileOptionsTest {
  @Test
  void everyOptionIsRead() {
    CompileOptions options =
        CompileOptions.parse(
            "{\"input_shape\": \"1, 224,224,3\", \"plugins\": \"p0,p1\", \"output_ops\": \"a,b\","
                + " \"cacheDir\": \"/cache\", \"cacheKey\": \"net-1.0\"}");
    assertThat(options.inputShape()).contains(Shape.of(1, 224, 224, 3));
    assertThat(options.plugins()).containsExactly("p0", "p1");
    assertThat(options.outputOps()).containsExactly("a", "b");
    assertThat(options.cacheDir()).contains(Path.of("/cache"));
    assertThat(options.cacheKey()).contains("net-1.0");
    assertThat(CompileOptions.parse("{}")).isEqualTo(CompileOptions.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"output_op\": \"a\"} | output_op",
        "{\"plugins\": \"a\", \"plugins\": \"b\"} | plugins",
        "{\"input_shape\": [1, 8]} | input_shape",
        "{\"input_shape\": \"1,0,8\"} | input_shape",
        "{\"input_shape\": \"1,-8\"} | input_shape",
        "{\"input_shape\": \"99999,99999\"} | input_shape",
        "{\"input_shape\": \"1,1,1,1,1,1,1,1,1\"} | input_shape",
        "{\"output_ops\": \"a,,b\"} | output_ops",
        "{\"output_ops\": \"a,a\"} | output_ops",
        "{\"plugins\": true} | plugins",
        "{\"cacheDir\": null} | cacheDir",
        "{\"cacheDir\": \"d\", \"cacheKey\": \"../x\"} | cacheKey",
        "{\"cacheDir\": \"d\", \"cacheKey\": \"..\"} | cacheKey",
        "{\"cacheDir\": \"d\", \"cacheKey\": \"a/b\"} | cacheKey",
        "{\"cacheDir\": \"d\\u0000\"} | cacheDir",
        "{\"cacheKey\": \"x\"} | cacheKey",
        "{\"prefetch\": \"true\"} | prefetch",
        "[] | compile options",
        "{} {} | compile options",
        "{\"a\":[[[[[[[[[[1]]]]]]]]]]} | compile options",
      })
  void aWrongOptionIsNamedWithItsRemedy(String json, String named) {
    assertThatThrownBy(() -> CompileOptions.parse(json))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("SLUICE_USAGE")
        .hasMessageContaining(named);
  }
}
