package io.sluice.vart;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.XModel;
import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Holds each model once per process, however many threads use it. The first who asks loads it, the
 * others wait; the last who gives it back frees it. A load that fails is told to all who wait for
 * it and is not remembered. Thread-safe.
 */
public final class ModelStore {
  /** Makes a runner of a model's bytes, whose digest was checked. */
  @FunctionalInterface
  interface Loader {
    Runner load(byte[] model, String name, RunnerOptions options);
  }

  private record Key(ModelRef ref, RunnerOptions options) {}

  private static final class Entry {
    private final CompletableFuture<Runner> runner = new CompletableFuture<>();
    private int leases;
  }

  /** Longer models are refused while they are read. */
  static final long MAX_MODEL_BYTES = 512L << 20;

  private static final ModelStore SHARED =
      new ModelStore(
          (model, name, options) ->
              GraphRunner.create(
                  XModel.read(new ByteArrayInputStream(model), name, model.length), options),
          MAX_MODEL_BYTES);

  private final Loader loader;
  private final long maxModelBytes;
  private final Map<Key, Entry> entries = new HashMap<>();

  ModelStore(Loader loader, long maxModelBytes) {
    this.loader = loader;
    this.maxModelBytes = maxModelBytes;
  }

  /** The store of this process; it runs XMODELs with {@link GraphRunner}. */
  public static ModelStore shared() {
    return SHARED;
  }

  /**
   * Leases a model, and loads it if nobody holds it with these options.
   *
   * @throws SluiceException VART_FAILED_FILE_OPERATION if it cannot be read; VART_SIZE_MISMATCH if
   *     it is too long; VART_XMODEL_ERROR if its SHA-256 is another; or what reading the XMODEL and
   *     making the runner throw
   */
  public Lease acquire(ModelRef ref, RunnerOptions options, ModelOpener opener) {
    Key key = new Key(ref, options);
    Entry entry;
    boolean first;
    synchronized (entries) {
      entry = entries.computeIfAbsent(key, k -> new Entry());
      first = entry.leases++ == 0;
    }
    if (first) {
      load(key, entry, opener);
    }
    try {
      return new Lease(key, entry, entry.runner.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      release(key, entry);
      throw new SluiceException(
          ErrorCode.VART_DPU_TIMEOUT_ERROR,
          "the thread was interrupted while another loaded the model",
          "model " + ref,
          "ask again",
          e);
    } catch (ExecutionException e) {
      throw Failures.again(e.getCause(), "loading", "model " + ref);
    }
  }

  private void load(Key key, Entry entry, ModelOpener opener) {
    try {
      byte[] model = ModelBytes.read(key.ref(), opener, maxModelBytes);
      entry.runner.complete(loader.load(model, key.ref().uri(), key.options()));
    } catch (RuntimeException | Error e) {
      synchronized (entries) {
        entries.remove(key, entry);
      }
      entry.runner.completeExceptionally(e);
    }
  }

  private void release(Key key, Entry entry) {
    synchronized (entries) {
      if (--entry.leases > 0) {
        return;
      }
      entries.remove(key, entry);
    }
    entry.runner.join().close();
  }

  /** The number of models that are held or being loaded. */
  int size() {
    synchronized (entries) {
      return entries.size();
    }
  }

  /** The number of leases that are held or waited for. */
  int leases() {
    synchronized (entries) {
      return entries.values().stream().mapToInt(entry -> entry.leases).sum();
    }
  }

  /** The right to use a model until it is closed; closing it twice does no harm. */
  public final class Lease implements AutoCloseable {
    private final Key key;
    private final Entry entry;
    private final Runner runner;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Lease(Key key, Entry entry, Runner runner) {
      this.key = key;
      this.entry = entry;
      this.runner = runner;
    }

    /**
     * The runner, shared with the other lease holders; the store closes it.
     *
     * @throws SluiceException VART_GRAPH_ERROR if the lease is closed
     */
    public Runner runner() {
      if (closed.get()) {
        throw new SluiceException(
            ErrorCode.VART_GRAPH_ERROR,
            "the lease is closed",
            "model " + key.ref(),
            "acquire the model again");
      }
      return runner;
    }

    /** Gives the model back. */
    @Override
    public void close() {
      if (!closed.getAndSet(true)) {
        release(key, entry);
      }
    }
  }
}
