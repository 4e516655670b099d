package io.sluice.flink;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.Objects;

/**
 * Why a packet goes no further.
 *
 * @param stage the stage that refused it
 * @param code the id of the error
 * @param thing what is wrong
 * @param place where it is wrong
 * @param remedy what the sender can do
 */
public record Failure(String stage, String code, String thing, String place, String remedy) {
  private static final int MAX_CHARS = 1000;

  public Failure {
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(code, "code");
    thing = bounded(thing);
    place = bounded(place);
    remedy = bounded(remedy);
  }

  /** What a stage threw; anything that is no {@link SluiceException} is SLUICE_STAGE_FAILED. */
  public static Failure of(String stage, Exception thrown) {
    if (thrown instanceof SluiceException known) {
      return new Failure(stage, known.code().name(), known.thing(), known.place(), known.remedy());
    }
    return new Failure(
        stage,
        ErrorCode.SLUICE_STAGE_FAILED.name(),
        thrown.toString(),
        "stage " + stage,
        "this is a fault of the stage, not of the request: see the log of the task manager");
  }

  private static String bounded(String text) {
    String known = Objects.requireNonNullElse(text, "");
    return known.length() <= MAX_CHARS ? known : known.substring(0, MAX_CHARS - 3) + "...";
  }
}
