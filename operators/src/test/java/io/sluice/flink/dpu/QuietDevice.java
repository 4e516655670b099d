package io.sluice.flink.dpu;

import io.sluice.flink.Packet;
import java.util.List;
import java.util.Optional;

/** Every request is its own result, and nobody is told anything. */
class QuietDevice implements Device {
  @Override
  public void arrived(Request request) {}

  @Override
  public void begun(Batch batch) {}

  @Override
  public Optional<List<Packet>> finished(Batch batch) {
    return Optional.of(batch.requests().stream().map(Request::packet).toList());
  }

  @Override
  public void lost(Batch batch) {}

  @Override
  public void retried(Request request) {}

  @Override
  public void refused(Request request, Refusal refusal) {}

  @Override
  public void answered(Answer answer) {}
}
