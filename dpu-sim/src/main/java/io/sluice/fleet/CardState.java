package io.sluice.fleet;

import java.util.Objects;

/**
 * How a card is at a moment.
 *
 * @param condition whether its units can work
 * @param slowFactor by how much they are slower than the platform says, 1 or more
 */
public record CardState(Condition condition, double slowFactor) {
  /** Whether the units of a card can work. */
  public enum Condition {
    /** It has yet to be added. */
    ABSENT,
    ALIVE,
    /** It went offline. */
    DEAD,
    /** It takes no new work until it is back. */
    DRAINED
  }

  public static final CardState ABSENT = new CardState(Condition.ABSENT, 1);
  public static final CardState ALIVE = new CardState(Condition.ALIVE, 1);
  private static final CardState DEAD = new CardState(Condition.DEAD, 1);
  private static final CardState DRAINED = new CardState(Condition.DRAINED, 1);

  public CardState {
    Objects.requireNonNull(condition, "condition");
    if (!(slowFactor >= 1)) {
      throw new IllegalArgumentException("slow factor " + slowFactor);
    }
  }

  /** Whether its units can work. */
  public boolean isAlive() {
    return condition == Condition.ALIVE;
  }

  /**
   * Only an absent card is added, only a dead or drained one is back, all else befalls one that is
   * alive.
   */
  public boolean allows(FaultEvent.Kind kind) {
    return switch (kind) {
      case ADDED -> condition == Condition.ABSENT;
      case ONLINE -> condition == Condition.DEAD || condition == Condition.DRAINED;
      case OFFLINE, SLOW, RESET, DRAINED -> condition == Condition.ALIVE;
    };
  }

  /**
   * The state after an event; what made the card slow before is over.
   *
   * @throws IllegalArgumentException if the state does not allow it
   */
  public CardState after(FaultEvent event) {
    if (!allows(event.kind())) {
      throw new IllegalArgumentException(event + " while " + condition);
    }
    return switch (event.kind()) {
      case OFFLINE -> DEAD;
      case DRAINED -> DRAINED;
      case SLOW -> new CardState(Condition.ALIVE, event.factor());
      case ONLINE, ADDED, RESET -> ALIVE;
    };
  }
}
