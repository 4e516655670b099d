package io.sluice.vart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ModelStoreTest {
  private static final RunnerOptions OPTIONS = RunnerOptions.standard();
  private static final byte[] MODEL = "a model".getBytes(StandardCharsets.UTF_8);
  private static final ModelOpener OPENER = uri -> new ByteArrayInputStream(MODEL);

  private final AtomicInteger loads = new AtomicInteger();
  private final AtomicInteger alive = new AtomicInteger();
  private final ModelStore store = new ModelStore(this::load, 1000);
  private final ExecutorService threads = Executors.newFixedThreadPool(16);

  /** A runner that only counts whether it is open. */
  private final class Counted implements Runner {
    private final AtomicBoolean open = new AtomicBoolean(true);

    Counted() {
      alive.incrementAndGet();
    }

    @Override
    public List<Tensor> inputTensors() {
      assertThat(open).isTrue();
      return List.of();
    }

    @Override
    public List<Tensor> outputTensors() {
      return List.of();
    }

    @Override
    public long executeAsync(Map<String, TensorData> inputs) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, TensorData> await(long jobId, Duration timeout) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      assertThat(open.getAndSet(false)).isTrue();
      alive.decrementAndGet();
    }
  }

  private Runner load(byte[] model, String name, RunnerOptions options) {
    assertThat(model).isEqualTo(MODEL);
    loads.incrementAndGet();
    return new Counted();
  }

  private static ModelRef ref(String uri) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(MODEL);
    return new ModelRef(uri, HexFormat.of().withUpperCase().formatHex(digest));
  }

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  private <T> List<Future<T>> together(int count, Callable<T> work) {
    CountDownLatch start = new CountDownLatch(count);
    List<Future<T>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(
          threads.submit(
              () -> {
                start.countDown();
                start.await();
                return work.call();
              }));
    }
    return all;
  }

  @Test
  void aModelIsLoadedOnceHoweverManyThreadsAskAndFreedByTheLast() throws Exception {
    ModelRef ref = ref("m");
    List<ModelStore.Lease> leases = new ArrayList<>();
    for (Future<ModelStore.Lease> f : together(16, () -> store.acquire(ref, OPTIONS, OPENER))) {
      leases.add(f.get(10, TimeUnit.SECONDS));
    }
    assertThat(loads).hasValue(1);
    assertThat(leases.stream().map(ModelStore.Lease::runner).distinct()).hasSize(1);
    for (int i = 0; i < 15; i++) {
      leases.get(i).close();
      leases.get(i).close();
    }
    assertThat(alive).hasValue(1);
    assertThat(store.size()).isEqualTo(1);
    leases.get(15).close();
    assertThat(alive).hasValue(0);
    assertThat(store.size()).isZero();
    assertThatThrownBy(() -> leases.get(15).runner())
        .hasMessageStartingWith("VART_GRAPH_ERROR: the lease is closed");
  }

  @Test
  void aModelThatWasFreedIsLoadedAgain() throws Exception {
    store.acquire(ref("m"), OPTIONS, OPENER).close();
    store.acquire(ref("m"), OPTIONS, OPENER).close();
    assertThat(loads).hasValue(2);
    assertThat(alive).hasValue(0);
  }

  @Test
  void otherOptionsOrAnotherPlaceAreAnotherModel() throws Exception {
    try (var a = store.acquire(ref("m"), OPTIONS, OPENER);
        var b = store.acquire(ref("m"), new RunnerOptions(2), OPENER);
        var c = store.acquire(ref("n"), OPTIONS, OPENER)) {
      assertThat(List.of(a.runner(), b.runner(), c.runner())).doesNotHaveDuplicates();
    }
    assertThat(loads).hasValue(3);
  }

  @Test
  void aLeasedRunnerIsOpenWhateverOtherThreadsGiveBack() throws Exception {
    ModelRef ref = ref("m");
    for (Future<Integer> f :
        together(
            16,
            () -> {
              for (int i = 0; i < 500; i++) {
                try (ModelStore.Lease lease = store.acquire(ref, OPTIONS, OPENER)) {
                  assertThat(lease.runner().inputTensors()).isEmpty();
                }
              }
              return 0;
            })) {
      f.get(30, TimeUnit.SECONDS);
    }
    assertThat(alive).hasValue(0);
    assertThat(store.size()).isZero();
  }

  @Test
  void aLoadThatFailsIsToldToAllWhoWaitAndNotRemembered() throws Exception {
    ModelRef ref = ref("m");
    AtomicInteger opens = new AtomicInteger();
    CountDownLatch failNow = new CountDownLatch(1);
    ModelOpener broken =
        uri -> {
          opens.incrementAndGet();
          try {
            failNow.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          throw new FileNotFoundException("gone");
        };
    List<Future<ModelStore.Lease>> all = together(8, () -> store.acquire(ref, OPTIONS, broken));
    while (store.leases() < 8) {
      Thread.onSpinWait();
    }
    failNow.countDown();
    for (Future<ModelStore.Lease> f : all) {
      assertThatThrownBy(() -> f.get(10, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfSatisfying(
              SluiceException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.VART_FAILED_FILE_OPERATION))
          .hasMessageContaining("gone");
    }
    assertThat(opens).hasValue(1);
    assertThat(store.size()).isZero();
    store.acquire(ref, OPTIONS, OPENER).close();
    assertThat(loads).hasValue(1);
  }

  @Test
  void aThreadThatIsInterruptedWhileItWaitsLeavesTheOthersAlone() throws Exception {
    ModelRef ref = ref("m");
    CountDownLatch goOn = new CountDownLatch(1);
    ModelOpener slow =
        uri -> {
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return new ByteArrayInputStream(MODEL);
        };
    Future<ModelStore.Lease> loader = threads.submit(() -> store.acquire(ref, OPTIONS, slow));
    while (store.leases() < 1) {
      Thread.onSpinWait();
    }
    AtomicBoolean told = new AtomicBoolean();
    Thread waiter =
        new Thread(
            () -> {
              try {
                store.acquire(ref, OPTIONS, slow).close();
              } catch (SluiceException e) {
                told.set(Thread.currentThread().isInterrupted());
              }
            });
    waiter.start();
    waiter.interrupt();
    waiter.join();
    assertThat(told).isTrue();
    goOn.countDown();
    loader.get(10, TimeUnit.SECONDS).close();
    assertThat(alive).hasValue(0);
    assertThat(store.size()).isZero();
  }

  @Test
  void bytesThatAreNotTheNamedOnesAreRefusedBeforeTheyAreParsed() throws Exception {
    ModelOpener other = uri -> new ByteArrayInputStream("b model".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> store.acquire(ref("m"), OPTIONS, other))
        .hasMessageStartingWith("VART_XMODEL_ERROR: the model's SHA-256 is ")
        .hasMessageContaining(ref("m").sha256());
    assertThat(loads).hasValue(0);
  }

  @Test
  void aModelWithoutAnEndIsRefusedAtTheBound() throws Exception {
    AtomicInteger given = new AtomicInteger();
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 7;
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            given.addAndGet(length);
            return length;
          }
        };
    assertThatThrownBy(() -> store.acquire(ref("m"), OPTIONS, uri -> endless))
        .hasMessageStartingWith("SLUICE_LIMIT: the model is longer than 1000 bytes");
    assertThat(given.get()).isLessThan(1 << 20);
  }

  @Test
  void aReferenceHoldsASha256() {
    assertThatThrownBy(() -> new ModelRef("m", "abc"))
        .hasMessageStartingWith("VART_XMODEL_ERROR: 'abc' is no SHA-256; at reference to model m");
  }
}
