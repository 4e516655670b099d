package io.sluice.flink.dpu;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes down what a schedule says, a line an event. */
final class Recorder implements Device {
  private final List<String> lines = new ArrayList<>();
  private boolean computed = true;

  /** Whether results are ready when a batch finishes. */
  void computed(boolean ready) {
    computed = ready;
  }

  List<String> lines() {
    return lines;
  }

  @Override
  public void begun(Batch batch) {}

  @Override
  public boolean finished(Batch batch) {
    if (computed) {
      lines.add(
          String.format(
              "%d-%d %s on %d", batch.startNs(), batch.finishNs(), ids(batch), batch.slot()));
    }
    return computed;
  }

  @Override
  public void lost(Batch batch) {
    lines.add("lost " + ids(batch));
  }

  @Override
  public void expired(Request request, long atNs, String why) {
    lines.add(atNs + " expired " + request.packet().origin().requestId() + ": " + why);
  }

  private static String ids(Batch batch) {
    return batch.requests().stream()
        .map(request -> request.packet().origin().requestId())
        .collect(Collectors.joining("+"));
  }
}
