package io.sluice.dispatch;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The dispatch policies by name. */
public enum Policy {
  /** Each unit in its turn, as VART's runners take cores. */
  ROUND_ROBIN(RoundRobin::new),

  /** The unit with the fewest requests. */
  LEAST_LOADED(LeastLoaded::new),

  /** The unit that would be done with the request first. */
  EARLIEST_FINISH(EarliestFinish::new),

  /** As EARLIEST_FINISH, and at a unit the request with the earliest deadline goes first. */
  EARLIEST_DEADLINE(EarliestDeadline::new),

  /** As EARLIEST_FINISH with the loading of weights counted. */
  BATCH_AFFINITY(BatchAffinity::new);

  private final transient Function<UnitView, DispatchPolicy> maker;

  Policy(Function<UnitView, DispatchPolicy> maker) {
    this.maker = maker;
  }

  DispatchPolicy over(UnitView view) {
    return maker.apply(view);
  }

  /** As it is written on the command line: {@code round-robin}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The policy of a name.
   *
   * @throws SluiceException SLUICE_USAGE if there is none
   */
  public static Policy of(String text) {
    return Arrays.stream(values())
        .filter(policy -> policy.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new SluiceException(
                    ErrorCode.SLUICE_USAGE,
                    "no policy '" + text + "'",
                    "dispatch policies",
                    "use one of "
                        + Arrays.stream(values())
                            .map(Policy::text)
                            .collect(Collectors.joining(", "))));
  }
}
