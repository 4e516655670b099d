package io.sluice.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class CharacterAccuracyTest {

  @Test
  void eachEditCostsOneCharacter() {
    assertThat(CharacterAccuracy.of("kitten", "sitting")).isEqualTo(new CharacterAccuracy(3, 6));
    assertThat(CharacterAccuracy.of("kitten", "sitting").value()).isCloseTo(0.5, within(1e-12));
    assertThat(CharacterAccuracy.of("abcdefghij", "abcdefghi").value())
        .isCloseTo(0.9, within(1e-12));
  }

  @Test
  void whiteSpaceIsCollapsed() {
    assertThat(CharacterAccuracy.of(" two\n words\n", "two \t words"))
        .isEqualTo(new CharacterAccuracy(0, 9));
    assertThat(CharacterAccuracy.of("two words", "twowords").edits()).isEqualTo(1);
  }

  @Test
  void anEmptyTruthIsReadByNothingOnly() {
    assertThat(CharacterAccuracy.of("", " ").value()).isEqualTo(1);
    assertThat(CharacterAccuracy.of("", "x").value()).isZero();
  }

  @Test
  void muchTooMuchTextIsNoNegativeAccuracy() {
    assertThat(CharacterAccuracy.of("a", "bcdefgh").value()).isZero();
  }

  @Test
  void pagesAreWeightedByTheirLength() {
    CharacterAccuracy both =
        CharacterAccuracy.NONE
            .plus(CharacterAccuracy.of("aaaaaaaaa", "aaaaaaaaa"))
            .plus(CharacterAccuracy.of("a", ""));

    assertThat(both).isEqualTo(new CharacterAccuracy(1, 10));
  }

  @Property(tries = 200)
  void theDistanceIsTheRecursiveDefinition(
      @ForAll @StringLength(max = 6) @CharRange(from = 'a', to = 'c') String truth,
      @ForAll @StringLength(max = 6) @CharRange(from = 'a', to = 'c') String read) {
    assertThat(CharacterAccuracy.of(truth, read).edits()).isEqualTo(distance(truth, read));
  }

  private static int distance(String a, String b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.length() + b.length();
    }
    int same = a.charAt(0) == b.charAt(0) ? 0 : 1;
    return Math.min(
        same + distance(a.substring(1), b.substring(1)),
        1 + Math.min(distance(a.substring(1), b), distance(a, b.substring(1))));
  }
}
