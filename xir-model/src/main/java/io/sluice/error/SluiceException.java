package io.sluice.error;

import java.util.Objects;

/**
 * A failure that a person can act on: a code, the thing that is wrong, where it is, and what to do
 * about it.
 *
 * <p>The message reads {@code CODE: thing; at place; remedy}. The parts are kept so that a dead
 * letter can carry them apart.
 */
public final class SluiceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String thing;
  private final String place;
  private final String remedy;

  /**
   * @param code the id of the failure
   * @param thing what is wrong, with the values involved
   * @param place the file, op, attribute, record or option that it is wrong in
   * @param remedy what the reader can do
   */
  public SluiceException(ErrorCode code, String thing, String place, String remedy) {
    this(code, thing, place, remedy, null);
  }

  /** As above, with the failure that led to this one. */
  public SluiceException(
      ErrorCode code, String thing, String place, String remedy, Throwable cause) {
    super(code + ": " + thing + "; at " + place + "; " + remedy, cause);
    this.code = Objects.requireNonNull(code, "code");
    this.thing = thing;
    this.place = place;
    this.remedy = remedy;
  }

  public ErrorCode code() {
    return code;
  }

  public String thing() {
    return thing;
  }

  public String place() {
    return place;
  }

  public String remedy() {
    return remedy;
  }
}
