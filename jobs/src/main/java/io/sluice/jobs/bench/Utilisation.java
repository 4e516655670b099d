package io.sluice.jobs.bench;

/**
 * How busy one thing was in the measured time, modelled.
 *
 * @param name of the unit, card or host
 * @param part {@code units}, of a card {@code links} and {@code memoryTraffic}, of a host {@code
 *     host}, which is its threads, and {@code pcie}
 * @param share of the time, or of the peak of the memory, 0 to 1
 */
public record Utilisation(String name, String part, double share) {}
