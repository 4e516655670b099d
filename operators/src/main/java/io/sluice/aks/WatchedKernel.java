package io.sluice.aks;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.util.InstantiationUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of a kernel that is called on a thread of its own, so that the subtask can go on when a
 * call does not end. Java cannot end a thread: one that hangs is interrupted and given up together
 * with its copy of the kernel, which nobody touches again, and a fresh copy on a fresh thread takes
 * over. Threads that do not end even so are counted, and beyond {@link #MAX_GIVEN_UP} calls are
 * refused until one does, so that a kernel that always hangs cannot fill the process.
 */
final class WatchedKernel implements AutoCloseable {
  /** Threads that hang at once in a subtask. */
  static final int MAX_GIVEN_UP = 16;

  private static final Logger LOG = LoggerFactory.getLogger(WatchedKernel.class);
  private static final long CLOSE_MS = 10_000;

  private final NodeCall call;
  private final ClassLoader loader;
  private final Deque<ExecutorService> givenUp = new ArrayDeque<>();
  private ExecutorService thread;
  private Kernel kernel;

  WatchedKernel(NodeCall call, ClassLoader loader) {
    this.call = call;
    this.loader = loader;
  }

  /** What a call does with the kernel. */
  interface Work<T> {
    T on(Kernel kernel) throws IOException;
  }

  /** Makes the first copy. Takes as long as it takes. */
  void open() throws IOException {
    if (call.timeoutMs() > 0) {
      thread =
          Executors.newSingleThreadExecutor(
              task -> {
                Thread made = new Thread(task, "kernel-" + call.node());
                made.setDaemon(true);
                made.setContextClassLoader(loader);
                return made;
              });
    }
    try {
      run(this::opened, 0);
    } catch (IOException | RuntimeException e) {
      giveUp();
      throw e;
    }
  }

  private Object opened() throws IOException {
    try {
      Kernel copy = InstantiationUtil.deserializeObject(call.pristine(), loader);
      copy.open();
      kernel = copy;
      return null;
    } catch (ClassNotFoundException e) {
      throw new IOException(e);
    }
  }

  /**
   * Calls the kernel.
   *
   * @throws SluiceException SLUICE_TIMEOUT if the call took too long or too many still hang
   * @throws IOException what the kernel throws, as all else; an Error too becomes an exception,
   *     except one of the virtual machine
   */
  <T> T call(Work<T> work) throws IOException {
    if (kernel == null) {
      givenUp.removeIf(ExecutorService::isTerminated);
      if (givenUp.size() >= MAX_GIVEN_UP) {
        throw timeout(
            givenUp.size() + " earlier calls hang and did not end when they were interrupted");
      }
      open();
    }
    Kernel used = kernel;
    return run(() -> work.on(used), call.timeoutMs());
  }

  private <T> T run(Callable<T> work, long timeoutMs) throws IOException {
    if (thread == null) {
      return here(work);
    }
    Future<T> future = thread.submit(() -> here(work));
    try {
      return timeoutMs == 0 ? future.get() : future.get(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      giveUp();
      throw timeout("no end after " + timeoutMs + " ms");
    } catch (InterruptedException e) {
      giveUp();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("cancelled in node " + call.node(), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException known) {
        throw known;
      }
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      if (e.getCause() instanceof Error fatal) {
        throw fatal;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** A kernel is a guest: an error of its own making is no reason to end the house. */
  private static <T> T here(Callable<T> work) throws IOException {
    try {
      return work.call();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (StackOverflowError | LinkageError | AssertionError e) {
      throw new IllegalStateException(e.toString(), e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void giveUp() {
    kernel = null;
    if (thread != null) {
      thread.shutdownNow();
      givenUp.add(thread);
      thread = null;
    }
  }

  private SluiceException timeout(String thing) {
    return new SluiceException(
        ErrorCode.SLUICE_TIMEOUT,
        "kernel '" + call.kernel() + "': " + thing,
        "node '" + call.node() + "'",
        "allow more by timeout_ms in the node's sluice object, or mend the kernel");
  }

  /** Ends the kernel that is there, if it does end. */
  @Override
  public void close() {
    Kernel last = kernel;
    if (last != null) {
      try {
        run(
            () -> {
              last.close();
              return null;
            },
            CLOSE_MS);
      } catch (IOException | RuntimeException e) {
        LOG.warn("kernel of node {} did not close", call.node(), e);
      }
    }
    giveUp();
  }
}
