package io.sluice.dispatch;

/**
 * How a request ended, and where its time went. All times are modelled, in nanoseconds; the four
 * parts add up to the time from its arrival to its end.
 *
 * @param id of the request
 * @param network which one it was for
 * @param unit that gave the result, numbered over the fleet; -1 if none did
 * @param ending whether there is a result
 * @param losses times that its card died under it
 * @param arrivedNs when it came to the dispatcher
 * @param hostNs waiting for and being prepared by a thread of the host
 * @param transferNs on and before the links, both ways
 * @param queueNs at the unit until its batch began, and what was lost with cards
 * @param deviceNs its batch on the unit, with the loading of weights if it was needed
 * @param deadlineNs until when it was wanted; the maximum if it did not matter
 */
public record Outcome(
    long id,
    int network,
    int unit,
    Ending ending,
    int losses,
    long arrivedNs,
    long hostNs,
    long transferNs,
    long queueNs,
    long deviceNs,
    long deadlineNs) {
  public long latencyNs() {
    return hostNs + transferNs + queueNs + deviceNs;
  }

  public long endedNs() {
    return arrivedNs + latencyNs();
  }

  public boolean isLate() {
    return endedNs() > deadlineNs;
  }
}
