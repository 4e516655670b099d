package io.sluice.flink;

import io.sluice.vart.ModelRef;
import io.sluice.vart.ModelStore;
import io.sluice.vart.Runner;
import io.sluice.vart.RunnerOptions;
import java.io.IOException;
import java.io.InputStream;
import org.apache.flink.core.fs.Path;

/**
 * Runners from the task manager's model store, with the models opened through Flink's file systems.
 *
 * @param options how the runners use the machine
 */
public record StoredRunners(RunnerOptions options) implements RunnerSource {

  @Override
  public Held acquire(ModelRef model) {
    ModelStore.Lease lease = ModelStore.shared().acquire(model, options, StoredRunners::open);
    return new Held() {
      @Override
      public Runner runner() {
        return lease.runner();
      }

      @Override
      public void close() {
        lease.close();
      }
    };
  }

  private static InputStream open(String uri) throws IOException {
    Path path = new Path(uri);
    return path.getFileSystem().open(path);
  }
}
