package io.sluice.fleet;

import java.io.Serializable;

/**
 * Something that happens to a card.
 *
 * @param atNs simulated time since the start, in nanoseconds
 * @param card the id of the card
 * @param kind what happens
 * @param factor by how much its units become slower, 1 or more; 1 unless SLOW
 */
public record FaultEvent(long atNs, String card, Kind kind, double factor) implements Serializable {
  /** What can happen to a card. */
  public enum Kind {
    /** It dies; what ran on it is lost. */
    OFFLINE,
    /** It is back after it was offline or drained. */
    ONLINE,
    /** Its units take {@code factor} times as long, until the next event. */
    SLOW,
    /** What ran on it is lost, and it goes on at once. */
    RESET,
    /** It joins the fleet; it was not there at the start. */
    ADDED,
    /** It is wanted for maintenance: what runs on it ends there, nothing new begins. */
    DRAINED
  }
}
