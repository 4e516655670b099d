package io.sluice.dispatch;

import java.util.function.Consumer;

/** How requests end. The client of one that ended sends its next, while the time is measured. */
final class Endings {
  private static final int NOWHERE = -1;

  private final Requests requests;
  private final Timeline timeline;
  private final DispatchSettings settings;
  private final long stride;
  private final Consumer<Outcome> outcomes;

  /**
   * @param stride by how much the id of a client's next request is higher; 0 without clients
   */
  Endings(
      Requests requests,
      Timeline timeline,
      DispatchSettings settings,
      long stride,
      Consumer<Outcome> outcomes) {
    this.requests = requests;
    this.timeline = timeline;
    this.settings = settings;
    this.stride = stride;
    this.outcomes = outcomes;
  }

  /**
   * A unit has the result now.
   *
   * @param unit its number in the fleet
   * @param deviceNs time that its batch took
   * @param endNs when the result is over the links
   */
  void done(int request, int unit, long deviceNs, long endNs) {
    long nowNs = timeline.nowNs();
    long preparedNs = requests.preparedNs[request];
    long arrivedNs = requests.arrivedNs[request];
    boolean again = requests.sentAgain[request];
    long hostNs = again ? settings.hostNs() : preparedNs - arrivedNs;
    long transferNs = endNs - nowNs + (again ? 0 : requests.readyNs[request] - preparedNs);
    long queueNs = endNs - arrivedNs - hostNs - transferNs - deviceNs;
    end(request, unit, Ending.DONE, hostNs, transferNs, queueNs, deviceNs);
  }

  /** A request ends now without a result. */
  void without(int request, Ending ending) {
    end(request, NOWHERE, ending, 0, 0, timeline.nowNs() - requests.arrivedNs[request], 0);
  }

  private void end(
      int request,
      int unit,
      Ending ending,
      long hostNs,
      long transferNs,
      long queueNs,
      long deviceNs) {
    Outcome outcome =
        new Outcome(
            requests.id[request],
            requests.network[request],
            unit,
            ending,
            requests.losses[request],
            requests.arrivedNs[request],
            hostNs,
            transferNs,
            queueNs,
            deviceNs,
            requests.deadlineNs[request]);
    outcomes.accept(outcome);
    long endNs = outcome.endedNs();
    if (stride > 0 && endNs < settings.measuredUntilNs()) {
      requests.unit[request] = NOWHERE;
      requests.id[request] += stride;
      timeline.add(endNs, Timeline.Event.ARRIVE, ++requests.stamp[request], request);
    } else {
      requests.giveBack(request);
    }
  }
}
