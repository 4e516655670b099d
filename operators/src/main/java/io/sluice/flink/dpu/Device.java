package io.sluice.flink.dpu;

import io.sluice.flink.Packet;
import java.util.List;
import java.util.Optional;

/** What a schedule tells whoever computes and hands results on. */
interface Device {
  /** The time of a request has come. */
  void arrived(Request request);

  /** A batch began. */
  void begun(Batch batch);

  /**
   * The modelled finish of a batch has come.
   *
   * @return what each request became, in order; if they are not computed yet, {@link
   *     DpuSchedule#drain} asks again and the unit stays busy
   */
  Optional<List<Packet>> finished(Batch batch);

  /** The unit died under a batch. */
  void lost(Batch batch);

  /** A request begins again. */
  void retried(Request request);

  /** A request ends without a result; its answer follows. */
  void refused(Request request, Refusal refusal);

  /** The answer of a request leaves. Each has one. */
  void answered(Answer answer);
}
