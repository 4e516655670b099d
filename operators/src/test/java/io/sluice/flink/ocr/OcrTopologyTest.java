package io.sluice.flink.ocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.Packet;
import io.sluice.flink.wire.Wire;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.InferenceResult;
import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole row of stages, with networks that always see the same. */
@Tag("slow")
class OcrTopologyTest {
  @Test
  void everyRequestIsAnsweredOnceWithoutReflectionOrKryo() throws Exception {
    byte[] page = Requests.png(400, 300, Color.WHITE);
    List<byte[]> records = new ArrayList<>();
    records.add(Requests.image("page", Pipelines.PAGE, page));
    records.add(Requests.image("black", Pipelines.PAGE, Requests.png(400, 300, Color.BLACK)));
    records.add(Requests.image("line", Pipelines.LINE, Requests.png(700, 40, Color.WHITE)));
    records.add(Requests.image("garbage", Pipelines.PAGE, new byte[100]));
    records.add("no Avro at all".getBytes(StandardCharsets.UTF_8));
    records.add(null);

    Answers answers = run(records);

    assertThat(answers.results)
        .extracting(InferenceResult::getRequestId, InferenceResult::getText)
        .containsExactlyInAnyOrder(
            tuple("page", "ab\nab"), tuple("black", ""), tuple("line", "ab"));
    assertThat(answers.deadLetters)
        .extracting(DeadLetter::getRequestId, DeadLetter::getStage)
        .containsExactlyInAnyOrder(
            tuple("garbage", "decode-image"),
            tuple("in-0-4", "decode-request"),
            tuple("in-0-5", "decode-request"));
  }

  private record Answers(List<InferenceResult> results, List<DeadLetter> deadLetters) {}

  private static Answers run(List<byte[]> records) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
    List<Packet> packets = new ArrayList<>();
    for (byte[] record : records) {
      packets.add(Packet.ofRecord("in", 0, packets.size(), record));
    }
    OcrTopology.Outputs outputs =
        OcrTopology.build(
            env.fromData(packets, ImmutableTypeInfo.PACKET).rebalance(),
            OcrConfig.of(FakeNetworks.models()),
            new FakeNetworks());
    List<InferenceResult> results = new ArrayList<>();
    List<DeadLetter> deadLetters = new ArrayList<>();
    CloseableIterator<Tuple2<String, byte[]>> good = outputs.results().collectAsync();
    CloseableIterator<Tuple2<String, byte[]>> bad = outputs.deadLetters().collectAsync();
    env.executeAsync();
    good.forEachRemaining(r -> results.add(Wire.results().decode(r.f1, "test")));
    bad.forEachRemaining(d -> deadLetters.add(Wire.deadLetters().decode(d.f1, "test")));
    return new Answers(results, deadLetters);
  }
}
