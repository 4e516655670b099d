package io.sluice.aks;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;

/** Values of parameters in JSON. As AKS does, a number may stand in quotes. */
final class ParamReader {
  private static final int MAX_ELEMENTS = 100_000;

  private ParamReader() {}

  /**
   * @throws SluiceException SLUICE_GRAPH_PARAM_TYPE if it is no value of the type
   */
  static ParamValue read(JsonAt at, ParamType type) {
    return switch (type) {
      case INT -> ParamValue.of(integer(at));
      case FLOAT -> ParamValue.of(number(at));
      case STRING -> ParamValue.of(text(at));
      case INT_ARRAY -> ParamValue.ofInts(array(at, ParamReader::integer));
      case FLOAT_ARRAY -> ParamValue.ofFloats(array(at, ParamReader::number));
      case STRING_ARRAY -> ParamValue.ofStrings(array(at, ParamReader::text));
    };
  }

  private static <T> List<T> array(JsonAt at, Function<JsonAt, T> element) {
    if (!at.value().isArray()) {
      throw mistyped(at, "an array");
    }
    return at.elements(MAX_ELEMENTS).stream().map(element).toList();
  }

  private static int integer(JsonAt at) {
    try {
      return decimal(at, "an int").intValueExact();
    } catch (ArithmeticException e) {
      throw mistyped(at, "an int of 32 bits");
    }
  }

  private static float number(JsonAt at) {
    float value = decimal(at, "a float").floatValue();
    if (!Float.isFinite(value)) {
      throw mistyped(at, "a finite float of 32 bits");
    }
    return value;
  }

  /** Refuses huge exponents, whose whole number would fill the memory. */
  private static BigDecimal decimal(JsonAt at, String wanted) {
    if (!at.value().isNumber() && !at.value().isTextual()) {
      throw mistyped(at, wanted);
    }
    try {
      BigDecimal value = new BigDecimal(at.value().asText());
      if (Math.abs((long) value.scale()) > 400) {
        throw mistyped(at, wanted);
      }
      return value;
    } catch (NumberFormatException e) {
      throw mistyped(at, wanted);
    }
  }

  private static String text(JsonAt at) {
    if (!at.value().isTextual()) {
      throw mistyped(at, "a string");
    }
    return at.value().textValue();
  }

  private static SluiceException mistyped(JsonAt at, String wanted) {
    String shown = at.value().isContainerNode() ? at.kind() : at.value().toString();
    return at.bad(
        ErrorCode.SLUICE_GRAPH_PARAM_TYPE,
        (shown.length() > 80 ? shown.substring(0, 80) + "..." : shown) + " is not " + wanted,
        "write " + wanted);
  }
}
