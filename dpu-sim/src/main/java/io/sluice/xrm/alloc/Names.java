package io.sluice.xrm.alloc;

/** Names are as long as XRM takes them. */
final class Names {
  private Names() {}

  static void check(String what, String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("no " + what);
    }
    checkOrEmpty(what, name);
  }

  static void checkOrEmpty(String what, String name) {
    if (name.length() > UnitSpec.MAX_NAME) {
      throw new IllegalArgumentException(what + " of " + name.length() + " characters");
    }
  }
}
