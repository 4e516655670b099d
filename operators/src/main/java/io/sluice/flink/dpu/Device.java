package io.sluice.flink.dpu;

/** What a schedule tells whoever computes and hands results on. */
interface Device {
  /** A batch began. */
  void begun(Batch batch);

  /**
   * The modelled finish of a batch has come.
   *
   * @return whether its results were handed on; if not, {@link DpuSchedule#drain} asks again and
   *     the slot stays busy
   */
  boolean finished(Batch batch);

  /** The unit died under a batch; its requests are queued again. */
  void lost(Batch batch);

  /**
   * A request waited too long for a unit; it is forgotten after this.
   *
   * @param atNs when that was so, in the job's time
   * @param why the reason of the last change of the slot's lease
   */
  void expired(Request request, long atNs, String why);
}
