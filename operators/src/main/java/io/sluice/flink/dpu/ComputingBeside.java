package io.sluice.flink.dpu;

import io.sluice.flink.Packet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Computes batches on a thread of its own in the order in which they began. */
final class ComputingBeside implements Computing {
  private static final int CLOSE_SECONDS = 60;

  private final UnaryOperator<Packet> network;
  private final Runnable onDone;
  private final ExecutorService thread;
  private final Map<Long, CompletableFuture<List<Packet>>> results = new HashMap<>();

  /**
   * @param name of the thread
   * @param onDone called on that thread after each batch
   */
  ComputingBeside(String name, UnaryOperator<Packet> network, Runnable onDone) {
    this.network = network;
    this.onDone = onDone;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            });
  }

  @Override
  public void begin(Batch batch) {
    CompletableFuture<List<Packet>> result = new CompletableFuture<>();
    results.put(batch.id(), result);
    thread.execute(
        () -> {
          if (!result.isDone()) {
            try {
              result.complete(batch.requests().stream().map(Request::packet).map(network).toList());
            } catch (RuntimeException | Error e) {
              result.completeExceptionally(e);
            }
            onDone.run();
          }
        });
  }

  /**
   * @throws Error what the network threw; what only fails a request is in its packet
   */
  @Override
  public Optional<List<Packet>> results(Batch batch) {
    CompletableFuture<List<Packet>> result = results.get(batch.id());
    if (!result.isDone()) {
      return Optional.empty();
    }
    results.remove(batch.id());
    try {
      return Optional.of(result.join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  @Override
  public void cancel(Batch batch) {
    CompletableFuture<List<Packet>> result = results.remove(batch.id());
    if (result != null) {
      result.completeExceptionally(new CancellationException("the unit died"));
    }
  }

  /** Waits for the batch that is being computed; a network that runs cannot be interrupted. */
  @Override
  public void close() {
    results.values().forEach(r -> r.completeExceptionally(new CancellationException("closed")));
    results.clear();
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("a network still runs after " + CLOSE_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
