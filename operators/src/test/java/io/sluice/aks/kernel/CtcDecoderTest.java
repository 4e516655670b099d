package io.sluice.aks.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CtcDecoderTest {
  private static final List<String> ALPHABET = CtcDecoder.alphabet(List.of("a", "b", "c"));

  @Test
  void theBlankComesFirstAndTheSpaceLast() {
    assertThat(ALPHABET).containsExactly("", "a", "b", "c", " ");
  }

  @Test
  void aBlankBetweenKeepsADoubleLetter() {
    RecognizedText text = greedy().decode(steps(1, 1, 0, 1, 2, 4, 4, 2));

    assertThat(text.text()).isEqualTo("aab b");
    assertThat(text.confidence()).isCloseTo(0.6f, within(1e-6f));
  }

  @Test
  void nothingButBlanksIsNoTextWithoutConfidence() {
    assertThat(new CtcDecoder(ALPHABET).decode(steps(0, 0, 0)))
        .isEqualTo(new RecognizedText("", 0));
  }

  @Property(tries = 200)
  void equalsTheDefinition(@ForAll @IntRange(min = 0, max = 30) int length, @ForAll long seed) {
    Random random = new Random(seed);
    int[] symbols = random.ints(length, 0, ALPHABET.size()).toArray();

    // The definition: runs of the same symbol collapse to one, then blanks go.
    StringBuilder collapsed = new StringBuilder();
    for (int t = 0; t < length; t++) {
      if (t == 0 || symbols[t] != symbols[t - 1]) {
        collapsed.append(symbols[t]);
      }
    }
    String expected =
        collapsed
            .toString()
            .replace("0", "")
            .replace('1', 'a')
            .replace('2', 'b')
            .replace('3', 'c')
            .replaceAll("4+", " ")
            .strip();

    assertThat(greedy().decode(steps(symbols)).text()).isEqualTo(expected);
  }

  private static CtcDecoder greedy() {
    return new CtcDecoder(ALPHABET, 1);
  }

  private static TensorData steps(int... symbols) {
    return steps(ALPHABET, symbols);
  }

  /** Probabilities in which each step's symbol has 0.6 and every other one 0.1. */
  private static TensorData steps(List<String> alphabet, int... symbols) {
    int size = alphabet.size();
    float[] values = new float[symbols.length * size];
    for (int i = 0; i < values.length; i++) {
      values[i] = symbols[i / size] == i % size ? 0.6f : 0.1f;
    }
    return TensorData.ofFloats(Shape.of(1, symbols.length, size), values);
  }
}
