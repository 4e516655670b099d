package io.sluice.flink.dpu;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The time of a subtask that keeps pace with the machine, in nanoseconds since it was made, and a
 * thread that wakes it.
 */
final class PacedTime implements AutoCloseable {
  private final long originNs = System.nanoTime();
  private final Runnable wake;
  private final ScheduledExecutorService thread;
  private ScheduledFuture<?> alarm;
  private long alarmNs;

  /**
   * @param wake called on the thread of the alarm
   */
  PacedTime(String name, Runnable wake) {
    this.wake = wake;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread made = new Thread(task, name + "-alarm");
              made.setDaemon(true);
              return made;
            });
  }

  long nowNs() {
    return System.nanoTime() - originNs;
  }

  /** Wakes once at a time, or at once if it is past; an alarm for another time is put off. */
  void wakeAt(long atNs) {
    if (alarm != null && !alarm.isDone() && alarmNs == atNs) {
      return;
    }
    if (alarm != null) {
      alarm.cancel(false);
    }
    alarmNs = atNs;
    alarm = thread.schedule(wake, Math.max(0, atNs - nowNs()), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
