package io.sluice.flink;

import io.sluice.vart.*;
import io.sluice.xir.*;
import java.net.URI;
import java.nio.file.*;
import java.util.concurrent.*;

public record StoredRunners(RunnerOptions options) implements RunnerSource {
  static final ConcurrentHashMap<ModelRef, Runner> ALL = new ConcurrentHashMap<>();

  @Override
  public Held acquire(ModelRef model) {
    Runner r =
        ALL.computeIfAbsent(
            model, m -> GraphRunner.create(XModel.read(Path.of(URI.create(m.uri()))), options));
    return new Held() {
      @Override
      public Runner runner() {
        return r;
      }

      @Override
      public void close() {}
    };
  }
}
