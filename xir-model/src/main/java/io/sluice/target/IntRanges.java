package io.sluice.target;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A set of integers as a target description writes it: {@code 1-3,7}. */
public final class IntRanges implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Pattern PART = Pattern.compile("(\\d+)(?:-(\\d+))?");

  private record Range(int low, int high) implements Serializable {}

  private final String text;
  private final List<Range> ranges;

  private IntRanges(String text, List<Range> ranges) {
    this.text = text;
    this.ranges = ranges;
  }

  /**
   * @throws IllegalArgumentException if the text is none
   */
  @JsonCreator
  public static IntRanges parse(String text) {
    return new IntRanges(text, Arrays.stream(text.split(",")).map(IntRanges::range).toList());
  }

  private static Range range(String part) {
    Matcher m = PART.matcher(part.strip());
    if (!m.matches()) {
      throw new IllegalArgumentException("not a range of integers: '" + part + "'");
    }
    int low = Integer.parseInt(m.group(1));
    int high = m.group(2) == null ? low : Integer.parseInt(m.group(2));
    if (high < low) {
      throw new IllegalArgumentException("an empty range of integers: '" + part + "'");
    }
    return new Range(low, high);
  }

  public boolean contains(int value) {
    return ranges.stream().anyMatch(r -> value >= r.low && value <= r.high);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IntRanges that && ranges.equals(that.ranges);
  }

  @Override
  public int hashCode() {
    return ranges.hashCode();
  }

  @Override
  @JsonValue
  public String toString() {
    return text;
  }
}
