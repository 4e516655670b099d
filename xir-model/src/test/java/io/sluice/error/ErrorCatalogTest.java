package io.sluice.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorCatalogTest {
  private static final Set<String> STOP_WORDS =
      Set.of(
          "a", "an", "the", "of", "is", "are", "to", "in", "not", "and", "or", "for", "it", "its");

  private final ErrorCatalog catalog = ErrorCatalog.builtIn();

  @Test
  void everyIdOfTheGuideIsThere() throws IOException {
    assertThat(guideIds())
        .hasSizeGreaterThan(600)
        .allSatisfy(id -> assertThat(catalog.find(id)).as(id).isPresent());
  }

  private static List<String> guideIds() throws IOException {
    try (InputStream in = ErrorCatalogTest.class.getResourceAsStream("guide-ids.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void everyIdThatSluiceRaisesIsThere() {
    assertThat(Arrays.stream(ErrorCode.values()).map(Enum::name))
        .allSatisfy(id -> assertThat(catalog.find(id)).as(id).isPresent());
  }

  @Test
  void noIdIsThereThatNeitherTheGuideHasNorSluiceRaises() throws IOException {
    Set<String> known = new HashSet<>(guideIds());
    Arrays.stream(ErrorCode.values()).map(Enum::name).forEach(known::add);
    known.add("XRM_SUCCESS");
    assertThat(catalog.all()).extracting(ErrorCatalog.Entry::id).isSubsetOf(known);
  }

  @Test
  void everyIdHasATextAndARemedyOfOneLine() {
    assertThat(catalog.all())
        .allSatisfy(
            entry -> {
              assertThat(entry.category()).matches("[a-z0-9-]+(/[a-z]+)?");
              assertThat(List.of(entry.text(), entry.remedy()))
                  .as(entry.id())
                  .doesNotHaveDuplicates()
                  .allSatisfy(
                      line -> {
                        assertThat(line).hasSizeBetween(15, 125);
                        assertThat(line).isEqualTo(line.strip()).doesNotEndWith(".");
                      });
            });
  }

  @Test
  void noTwoIdsHaveOneText() {
    assertThat(catalog.all()).extracting(ErrorCatalog.Entry::text).doesNotHaveDuplicates();
  }

  @Test
  void aTextSaysMoreThanTheWordsOfItsId() {
    assertThat(catalog.all())
        .allSatisfy(
            entry -> {
              Set<String> said = stems(entry.id());
              said.addAll(STOP_WORDS);
              Set<String> more = stems(entry.text());
              more.removeAll(said);
              assertThat(more).as(entry.id() + ": " + entry.text()).hasSizeGreaterThanOrEqualTo(2);
            });
  }

  /** The words of a text by their first four letters, so that 'convolution' is 'CONV'. */
  private static Set<String> stems(String text) {
    return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^a-z0-9]+"))
        .map(word -> word.substring(0, Math.min(4, word.length())))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void anotherSpellingFindsTheSameEntry() {
    assertThat(catalog.find("QUANTIZER_TORCH_FAST_FINETUNE"))
        .isEqualTo(catalog.find("QUANTIZER_TORCH_FAST_FINETINE"))
        .isPresent();
    assertThat(catalog.find("Quantize_TF1_Invalid_Input"))
        .isEqualTo(catalog.find("QUANTIZER_TF1_INVALID_INPUT"))
        .isPresent();
    assertThat(catalog.find("quantizer_torch_version"))
        .isEqualTo(catalog.find("QUANTIZER_TORCH_TORCH_VERSION"))
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
