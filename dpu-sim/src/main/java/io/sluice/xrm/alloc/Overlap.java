package io.sluice.xrm.alloc;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What requests want, and whether two could want the same, by what they say. */
final class Overlap {
  private Overlap() {}

  static boolean between(Request one, Request other) {
    return selectors(one).anyMatch(s -> selectors(other).anyMatch(t -> between(s, t)));
  }

  /** What a request wants in all, in millionths; empty if that is known only when it is granted. */
  static OptionalLong load(Request request) {
    if (request instanceof UnitRequest unit) {
      return OptionalLong.of(unit.millionths());
    } else if (request instanceof ListRequest list) {
      return OptionalLong.of(list.units().stream().mapToLong(UnitRequest::millionths).sum());
    } else {
      return OptionalLong.empty();
    }
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
