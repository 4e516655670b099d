package io.sluice.xrm.alloc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Grants of a tenth of a unit, each with the release of the oldest, on a fleet that is nine tenths
 * full: what one decision of a busy resource manager costs. Expected to grow with the logarithm of
 * the fleet, so from 16 to 10,000 units about threefold, and more by what no longer fits the cache.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class AllocatorBenchmark {
  private static final int UNITS_PER_CARD = 8;
  private static final int GRANTS_PER_UNIT = 9;

  /** 2, 18 and 1,250 cards. */
  @Param({"16", "144", "10000"})
  public int units;

  @Param public Policy policy;

  private final Deque<LeaseId> held = new ArrayDeque<>();
  private Allocator allocator;
  private UnitRequest request;
  private long client;

  /** Fills the fleet. */
  @Setup
  public void fill() {
    List<UnitSpec> specs = new ArrayList<>();
    for (int i = 0; i < UNITS_PER_CARD; i++) {
      specs.add(UnitSpec.hardware("dpu", "", "dpu_" + i));
    }
    Image image = new Image("dpu.xclbin", "uuid", "", specs);
    allocator = new Allocator();
    for (int i = 0; i < units / UNITS_PER_CARD; i++) {
      allocator.load(allocator.addDevice(new DeviceSpec("card-" + i, "")), image).value();
    }
    client = allocator.connect("benchmark", "").value();
    request = UnitRequest.of(Selector.kernel("dpu"), Load.percent(10)).by(policy);
    held.clear();
    for (int i = 0; i < units * GRANTS_PER_UNIT; i++) {
      held.add(grant().id());
    }
  }

  private Allocation grant() {
    return allocator.allocate(0, client, request, Allocation.UNTIL_RELEASED).value();
  }

  /** One grant and one release. */
  @Benchmark
  public Allocation grantAndRelease() {
    allocator.release(0, held.remove()).value();
    Allocation granted = grant();
    held.add(granted.id());
    return granted;
  }
}
