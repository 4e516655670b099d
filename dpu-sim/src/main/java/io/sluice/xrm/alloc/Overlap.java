package io.sluice.xrm.alloc;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Whether two requests could want the same unit, by what they say and not by what there is. */
final class Overlap {
  private Overlap() {}

  static boolean between(Request one, Request other) {
    return selectors(one).anyMatch(s -> selectors(other).anyMatch(t -> between(s, t)));
  }

  /** Groups and whole cards can want any unit. */
  private static Stream<Selector> selectors(Request request) {
    if (request instanceof UnitRequest unit) {
      return Stream.of(unit.selector());
    } else if (request instanceof ListRequest list) {
      return list.units().stream().map(UnitRequest::selector);
    } else {
      return Stream.of(new Selector("", "", "", Optional.empty(), OptionalInt.empty(), ""));
    }
  }

  private static boolean between(Selector one, Selector other) {
    return agree(one.kernel(), other.kernel())
        && agree(one.alias(), other.alias())
        && agree(one.unit(), other.unit())
        && agree(one.image(), other.image())
        && (one.fingerprint().isEmpty()
            || other.fingerprint().isEmpty()
            || one.fingerprint().equals(other.fingerprint()))
        && (one.bank().isEmpty() || other.bank().isEmpty() || one.bank().equals(other.bank()));
  }

  private static boolean agree(String one, String other) {
    return one.isEmpty() || other.isEmpty() || one.equals(other);
  }
}
