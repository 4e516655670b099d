package io.sluice.jobs.quantize;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.quantize.Calibration;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.runtime.client.JobExecutionException;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.ExceptionUtils;

/** Runs the jobs of networks one after the other. */
public final class QuantizeRounds {
  private final String target;
  private final String folder;
  private final int parallelism;

  private QuantizeRounds(String target, String folder, int parallelism) {
    this.target = target;
    this.folder = folder;
    this.parallelism = parallelism;
  }

  /** See {@link io.sluice.jobs.QuantizeCompileJob#run}. */
  public static Map<String, String> run(
      List<NetworkSpec> networks, String target, String folder, int parallelism) throws Exception {
    Map<String, String> documents = new LinkedHashMap<>();
    QuantizeRounds rounds = new QuantizeRounds(target, folder, parallelism);
    for (NetworkSpec network : networks) {
      documents.put(network.name(), rounds.run(network));
    }
    return documents;
  }

  private String run(NetworkSpec network) throws Exception {
    if (network.samples().isEmpty()) {
      throw new SluiceException(
          ErrorCode.QUANTIZER_TORCH_NO_CALIBRATION,
          "no sample to calibrate with",
          "network '" + network.name() + "'",
          "give about 100 samples of what the model will see");
    }
    String base = folder + "/" + network.name();
    String state = null;
    Calibration.Round round = null;
    for (int i = 1; round != Calibration.Round.DONE; i++) {
      String next = base + ".round" + i;
      observe(network, state, next);
      round = Calibration.roundOf(Files.read(next));
      state = next;
    }
    compile(network, state, base);
    List<String> sizes = new ArrayList<>();
    for (String size : network.models().keySet()) {
      sizes.add(text(Files.read(CompileSize.report(base, size))));
    }
    String document = "[" + String.join(",\n", sizes) + "]\n";
    Files.write(base + ".json", document.getBytes(StandardCharsets.UTF_8));
    return document;
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private void observe(NetworkSpec network, String before, String after) throws Exception {
    StreamExecutionEnvironment env = environment();
    env.fromSequence(0, network.samples().size() - 1L)
        .rebalance()
        .transform(
            "observe",
            PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
            new ObserveSamples(network, before))
        .global()
        .transform("decide", Types.STRING, new DecideRound(network, before, after))
        .setParallelism(1)
        .sinkTo(new DiscardingSink<>())
        .setParallelism(1);
    execute(env, "calibrate " + network.name());
  }

  private void compile(NetworkSpec network, String state, String base) throws Exception {
    StreamExecutionEnvironment env = environment();
    env.fromData(List.copyOf(network.models().keySet()))
        .rebalance()
        .map(new CompileSize(network, state, target, base))
        .returns(Types.STRING)
        .sinkTo(new DiscardingSink<>());
    execute(env, "compile " + network.name());
  }

  private StreamExecutionEnvironment environment() {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    // The parallelism is given, so nothing is left to adapt.
    configuration.set(JobManagerOptions.SCHEDULER, JobManagerOptions.SchedulerType.Default);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);
    env.setParallelism(parallelism);
    return env;
  }

  private static void execute(StreamExecutionEnvironment env, String name) throws Exception {
    try {
      env.execute(name);
    } catch (JobExecutionException e) {
      Optional<SluiceException> cause = ExceptionUtils.findThrowable(e, SluiceException.class);
      throw cause.isPresent() ? cause.get() : e;
    }
  }
}
