package io.sluice.dispatch;

/**
 * A request that comes to a dispatcher.
 *
 * @param id unique in the run
 * @param dispatcher which one it comes to
 * @param network which one it is for
 * @param atNs simulated time, 0 or more
 */
public record Arrival(long id, int dispatcher, int network, long atNs) {}
