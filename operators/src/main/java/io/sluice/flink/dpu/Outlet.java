package io.sluice.flink.dpu;

import io.sluice.flink.Packet;
import io.sluice.flink.metrics.DpuMeters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Has batches computed, counts what a schedule says, and hands answers on. */
final class Outlet implements Device {
  private final String node;
  private final Computing computing;
  private final Admission admission;
  private final DpuMeters meters;
  private final Consumer<Answer> out;

  /**
   * @param out takes each answer when it leaves
   */
  Outlet(
      String node,
      Computing computing,
      Admission admission,
      DpuMeters meters,
      Consumer<Answer> out) {
    this.node = node;
    this.computing = computing;
    this.admission = admission;
    this.meters = meters;
    this.out = out;
  }

  @Override
  public void arrived(Request request) {
    admission.arrived(request.bytes());
  }

  @Override
  public void begun(Batch batch) {
    computing.begin(batch);
  }

  @Override
  public Optional<List<Packet>> finished(Batch batch) {
    Optional<List<Packet>> results = computing.results(batch);
    if (results.isEmpty()) {
      return results;
    }
    int size = batch.requests().size();
    long serviceNs = batch.finishNs() - batch.startNs();
    meters.finished(size, serviceNs);
    List<Packet> timed = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      Request request = batch.requests().get(i);
      meters.served(request.level(), batch.startNs() - request.arrivedNs());
      Packet result = results.get().get(i);
      timed.add(result.failed() ? result : ModelledTime.add(result, node, serviceNs / size));
    }
    return Optional.of(timed);
  }

  @Override
  public void lost(Batch batch) {
    computing.cancel(batch);
    meters.requeued(batch.requests().size());
  }

  @Override
  public void retried(Request request) {
    meters.retried(request.level());
  }

  @Override
  public void refused(Request request, Refusal refusal) {
    switch (refusal.kind()) {
      case REJECTED -> meters.rejected(request.level());
      case EXPIRED -> meters.expired(request.level());
      case LOST -> meters.lost(request.level());
      case CANCELLED -> meters.cancelled(request.level());
    }
  }

  @Override
  public void answered(Answer answer) {
    admission.answered(answer.requestBytes());
    out.accept(answer);
  }
}
