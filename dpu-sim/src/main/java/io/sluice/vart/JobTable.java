package io.sluice.vart;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The jobs of a runner, by id: they run on a few threads in the order in which they came, and each
 * result is handed over once. Closing waits for the jobs that run and drops the others.
 */
final class JobTable<T> implements AutoCloseable {
  private final String place;
  private final int maxPending;
  private final ThreadPoolExecutor executor;
  private final Map<Long, Future<T>> pending = new HashMap<>();
  private final Object lock = new Object();
  private long nextId;
  private int running;
  private boolean closed;

  /**
   * @param place names the runner in messages
   */
  JobTable(String place, RunnerOptions options) {
    this.place = place;
    this.maxPending = options.maxPendingJobs();
    this.executor =
        new ThreadPoolExecutor(
            options.workers(),
            options.workers(),
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "vart-runner");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  long submit(Callable<T> work) {
    synchronized (lock) {
      requireOpen();
      if (pending.size() >= maxPending) {
        throw new SluiceException(
            ErrorCode.VART_DEVICE_BUSY,
            pending.size() + " jobs were submitted and not awaited",
            place,
            "await one first, or allow more with maxPendingJobs");
      }
      long id = nextId++;
      FutureTask<T> task = new FutureTask<>(() -> runNow(work));
      pending.put(id, task);
      executor.execute(task);
      return id;
    }
  }

  /** Runs work on the calling thread; {@link #close} waits for it as for a job. */
  <R> R runNow(Callable<R> work) throws Exception {
    synchronized (lock) {
      requireOpen();
      running++;
    }
    try {
      return work.call();
    } finally {
      synchronized (lock) {
        running--;
        lock.notifyAll();
      }
    }
  }

  T await(long id, Duration timeout) {
    Future<T> task;
    synchronized (lock) {
      task = pending.get(id);
      if (task == null) {
        throw unknown(id);
      }
    }
    T result;
    try {
      result =
          timeout.isNegative() ? task.get() : task.get(saturatedNs(timeout), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw notDone(id, "is not done after " + timeout.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notDone(id, "was not awaited to its end: the thread was interrupted", e);
    } catch (CancellationException e) {
      take(id);
      throw new SluiceException(
          ErrorCode.VART_GRAPH_ERROR,
          "job " + id + " was dropped: the runner is closed",
          place,
          "await all jobs before closing",
          e);
    } catch (ExecutionException e) {
      take(id);
      throw Failures.again(e.getCause(), "job " + id, place);
    }
    take(id);
    return result;
  }

  private void take(long id) {
    synchronized (lock) {
      if (pending.remove(id) == null) {
        throw unknown(id);
      }
    }
  }

  private static long saturatedNs(Duration timeout) {
    return timeout.compareTo(Duration.ofDays(365)) > 0 ? Long.MAX_VALUE : timeout.toNanos();
  }

  private void requireOpen() {
    if (closed) {
      throw new SluiceException(
          ErrorCode.VART_GRAPH_ERROR, "the runner is closed", place, "create it again");
    }
  }

  private SluiceException unknown(long id) {
    return new SluiceException(
        ErrorCode.VART_OUT_OF_RANGE,
        "job " + id + " is unknown or was awaited already",
        place,
        "await each id that executeAsync gave, once");
  }

  private SluiceException notDone(long id, String what, Exception cause) {
    return new SluiceException(
        ErrorCode.VART_DPU_TIMEOUT_ERROR,
        "job " + id + " " + what,
        place,
        "await it again or allow more time",
        cause);
  }

  @Override
  public void close() {
    List<Runnable> dropped = new ArrayList<>();
    synchronized (lock) {
      closed = true;
      executor.shutdown();
      executor.getQueue().drainTo(dropped);
    }
    dropped.forEach(task -> ((FutureTask<?>) task).cancel(false));
    boolean interrupted = false;
    synchronized (lock) {
      while (running > 0) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
