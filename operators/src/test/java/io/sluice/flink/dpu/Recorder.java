package io.sluice.flink.dpu;

import io.sluice.flink.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Writes down what a schedule says, a line an event. */
final class Recorder implements Device {
  private final List<String> lines = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private final UnaryOperator<Packet> network;
  private boolean computed = true;

  Recorder() {
    this(packet -> packet);
  }

  /**
   * @param network what becomes of a packet
   */
  Recorder(UnaryOperator<Packet> network) {
    this.network = network;
  }

  /** Whether results are ready when a batch finishes. */
  void computed(boolean ready) {
    computed = ready;
  }

  List<String> lines() {
    return lines;
  }

  /** In the order in which they left. */
  List<Answer> answers() {
    return answers;
  }

  /** The time at which a request was answered. */
  long answeredNs(String id) {
    return answers.stream()
        .filter(answer -> answer.packet().origin().requestId().equals(id))
        .findFirst()
        .orElseThrow()
        .atNs();
  }

  @Override
  public void arrived(Request request) {}

  @Override
  public void begun(Batch batch) {}

  @Override
  public Optional<List<Packet>> finished(Batch batch) {
    if (!computed) {
      return Optional.empty();
    }
    lines.add(
        String.format(
            "%d-%d %s on %d%s",
            batch.startNs(),
            batch.finishNs(),
            ids(batch),
            batch.slot(),
            batch.seat() == 0 ? "" : "." + batch.seat()));
    return Optional.of(batch.requests().stream().map(Request::packet).map(network).toList());
  }

  @Override
  public void lost(Batch batch) {
    lines.add("lost " + ids(batch));
  }

  @Override
  public void retried(Request request) {}

  @Override
  public void refused(Request request, Refusal refusal) {
    lines.add(
        String.format(
            Locale.ROOT,
            "%s %s: %s",
            refusal.kind().name().toLowerCase(Locale.ROOT),
            request.packet().origin().requestId(),
            refusal.failure().thing()));
  }

  @Override
  public void answered(Answer answer) {
    answers.add(answer);
  }

  private static String ids(Batch batch) {
    return batch.requests().stream()
        .map(request -> request.packet().origin().requestId())
        .collect(Collectors.joining("+"));
  }
}
