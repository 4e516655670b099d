package io.sluice.ort;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class CoresTest {

  @ParameterizedTest
  @CsvSource({"1, 1, 4", "2, 1, 8", "2, 2, 4", "3, 2, 8", "4, 9, 3"})
  void neverMoreThreadsComputeThanThereAreCores(int count, int threads, int callers)
      throws Exception {
    Cores cores = new Cores(count);
    int each = Math.min(threads, count);
    AtomicInteger busy = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(callers);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        all.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 500; i++) {
                    try (Cores.Use use = cores.take(threads)) {
                      most.accumulateAndGet(busy.addAndGet(each), Math::max);
                      Thread.yield();
                      busy.addAndGet(-each);
                    }
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get(20, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(most.get()).isBetween(each, count);
  }

  @Test
  void asManyCallersAsCoresComputeAtTheSameTime() throws Exception {
    Cores cores = new Cores(3);
    CountDownLatch together = new CountDownLatch(3);
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int caller = 0; caller < 3; caller++) {
        all.add(
            pool.submit(
                () -> {
                  try (Cores.Use use = cores.take(1)) {
                    together.countDown();
                    return together.await(10, TimeUnit.SECONDS);
                  }
                }));
      }
      for (Future<Boolean> one : all) {
        assertThat(one.get()).isTrue();
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
