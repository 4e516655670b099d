package io.sluice.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.vart.ModelRef;
import io.sluice.vart.RunnerOptions;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.XModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class StoredRunnersTest {
  private static final int SUBTASKS = 4;

  /** Open when all subtasks hold their model: they run in this process. */
  private static final CountDownLatch ALL_HOLD = new CountDownLatch(SUBTASKS);

  /** Tells which runner it was given, by its identity. */
  private static final class Holder extends RichMapFunction<Long, Integer> {
    private static final long serialVersionUID = 1L;
    private final RunnerSource source;
    private final ModelRef model;
    private transient RunnerSource.Held held;

    Holder(RunnerSource source, ModelRef model) {
      this.source = source;
      this.model = model;
    }

    @Override
    public void open(OpenContext context) throws Exception {
      held = source.acquire(model);
      ALL_HOLD.countDown();
      assertThat(ALL_HOLD.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public Integer map(Long number) {
      return System.identityHashCode(held.runner());
    }

    @Override
    public void close() {
      if (held != null) {
        held.close();
      }
    }
  }

  @Test
  void subtasksOfATaskManagerShareOneRunnerOfAModel(@TempDir Path folder) throws Exception {
    Graph graph = new Graph("net");
    Attrs input = Attrs.EMPTY.with("shape", new int[] {1, 4}).with("data_type", "FLOAT32");
    Op x = graph.add("x", "data", input);
    graph.add("y", "relu", Attrs.EMPTY, x);
    byte[] bytes = XModel.toBytes(graph);
    Path file = Files.write(folder.resolve("net.xmodel"), bytes);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    ModelRef model = new ModelRef(file.toUri().toString(), HexFormat.of().formatHex(digest));
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(SUBTASKS);
    List<Integer> runners = new ArrayList<>();
    try (CloseableIterator<Integer> results =
        env.fromSequence(1, 100)
            .rebalance()
            .map(new Holder(new StoredRunners(RunnerOptions.standard()), model), Types.INT)
            .executeAndCollect()) {
      results.forEachRemaining(runners::add);
    }
    assertThat(runners).hasSize(100);
    assertThat(runners.stream().distinct()).hasSize(1);
  }
}
