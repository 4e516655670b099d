package io.sluice.jobs.quantize;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
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
      List<NetworkSpec> networks, String target, String folder, int parallelism)
      throws Exception {
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
    String round = "";
    for (int i = 1; !round.equals("DONE"); i++) {
      String next = base + ".round" + i;
      round = observe(network, state, next);
      state = next;
    }
    List<String> sizes = compile(network, state, base);
    String document = "[" + String.join(",\n", sizes.stream().sorted().toList()) + "]\n";
    Files.write(base + ".json", document.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return document;
  }

  private String observe(NetworkSpec network, String before, String after) throws Exception {
    StreamExecutionEnvironment env = environment();
    return collect(
            env.fromSequence(0, network.samples().size() - 1L)
                .rebalance()
                .transform(
                    "observe",
                    PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
                    new ObserveSamples(network, before))
                .global()
                .transform("decide", Types.STRING, new DecideRound(network, before, after))
                .setParallelism(1)
                .executeAndCollect("calibrate " + network.name()))
        .get(0);
  }

  private List<String> compile(NetworkSpec network, String state, String base) throws Exception {
    StreamExecutionEnvironment env = environment();
    return collect(
        env.fromData(List.copyOf(network.models().keySet()))
            .rebalance()
            .map(new CompileSize(network, state, target, base))
            .returns(Types.STRING)
            .executeAndCollect("compile " + network.name()));
  }

  private StreamExecutionEnvironment environment() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);
    env.setParallelism(parallelism);
    return env;
  }

  private static List<String> collect(CloseableIterator<String> results) throws Exception {
    List<String> all = new ArrayList<>();
    try (results) {
      results.forEachRemaining(all::add);
    } catch (RuntimeException e) {
      Optional<SluiceException> cause = ExceptionUtils.findThrowable(e, SluiceException.class);
      throw cause.isPresent() ? cause.get() : e;
    }
    return all;
  }
}
