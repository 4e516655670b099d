package io.sluice.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorCatalogTest {
  private final ErrorCatalog catalog = ErrorCatalog.builtIn();

  @Test
  void everyIdOfTheGuideIsThere() throws IOException {
    try (InputStream in = ErrorCatalogTest.class.getResourceAsStream("guide-ids.txt")) {
      List<String> ids = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      assertThat(ids).hasSizeGreaterThan(600);
      assertThat(ids).allSatisfy(id -> assertThat(catalog.find(id)).as(id).isPresent());
    }
  }

  @Test
  void everyIdThatSluiceRaisesIsThere() {
    assertThat(Arrays.stream(ErrorCode.values()).map(Enum::name))
        .allSatisfy(id -> assertThat(catalog.find(id)).as(id).isPresent());
  }

  @Test
  void everyIdHasCategoryTextAndRemedy() {
    assertThat(catalog.all())
        .allSatisfy(
            entry -> {
              assertThat(entry.category()).isNotBlank();
              assertThat(entry.text()).isNotBlank();
              assertThat(entry.remedy()).isNotBlank();
            });
  }

  @Test
  void anotherSpellingFindsTheSameEntry() {
    assertThat(catalog.find("QUANTIZER_TORCH_FAST_FINETUNE"))
        .isEqualTo(catalog.find("QUANTIZER_TORCH_FAST_FINETINE"))
        .isPresent();
    assertThat(catalog.find("Quantize_TF1_Invalid_Input"))
        .isEqualTo(catalog.find("QUANTIZER_TF1_INVALID_INPUT"))
        .isPresent();
  }

  @Test
  void aCodeOfXrmIsFoundByItsNumber() {
    assertThat(catalog.find("0")).isEqualTo(catalog.find("XRM_SUCCESS")).isPresent();
    assertThat(Arrays.stream(ErrorCode.values()).filter(code -> code.number().isPresent()))
        .hasSize(9)
        .allSatisfy(
            code ->
                assertThat(catalog.find(String.valueOf(code.number().getAsInt())))
                    .isEqualTo(catalog.find(code.name()))
                    .isPresent());
  }

  @Test
  void anUnknownIdHasNoEntry() {
    assertThat(catalog.find("XIR_NO_SUCH_ID")).isEmpty();
  }
}
