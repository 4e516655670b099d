package io.sluice.flink.ocr;

import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.Packet;
import io.sluice.flink.metrics.StageMeters;
import io.sluice.flink.request.DeadLetters;
import io.sluice.flink.wire.Wire;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.InferenceResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * The end of every request: collects its lines, keyed by the position of its record, and makes one
 * answer of them, an encoded result or, on the side, an encoded dead letter. When several lines
 * failed the first of them in reading order gives the reason, whichever came first. The state of a
 * request is its lines' texts and boxes and is freed with the answer.
 */
final class JoinPage extends KeyedProcessFunction<String, Packet, Tuple2<String, byte[]>> {
  /** Dead letters: request id and encoded record. */
  static final OutputTag<Tuple2<String, byte[]>> DEAD_LETTERS =
      new OutputTag<>("dead-letters", Types.TUPLE(Types.STRING, Types.PRIMITIVE_ARRAY(Types.BYTE)));

  private static final long serialVersionUID = 1L;

  private final boolean isVirtual;
  private transient ListState<Packet> lines;
  private transient ValueState<Integer> arrived;
  private transient ValueState<Long> latestNs;
  private transient StageMeters meters;
  private transient Wire<InferenceResult> results;
  private transient Wire<DeadLetter> deadLetters;

  /**
   * @param isVirtual whether the timestamps of the packets are virtual time, in nanoseconds
   */
  JoinPage(boolean isVirtual) {
    this.isVirtual = isVirtual;
  }

  @Override
  public void open(OpenContext context) {
    lines =
        getRuntimeContext()
            .getListState(new ListStateDescriptor<>("lines", ImmutableTypeInfo.PACKET));
    arrived = getRuntimeContext().getState(new ValueStateDescriptor<>("arrived", Types.INT));
    latestNs = getRuntimeContext().getState(new ValueStateDescriptor<>("latest", Types.LONG));
    meters = StageMeters.of(OcrStage.JOIN_PAGE.id(), getRuntimeContext());
    results = Wire.results();
    deadLetters = Wire.deadLetters();
  }

  @Override
  public void processElement(Packet packet, Context context, Collector<Tuple2<String, byte[]>> out)
      throws Exception {
    long begunNs = System.nanoTime();
    long finishNs = latest(context);
    Optional<List<Packet>> complete = collect(packet);
    if (complete.isEmpty()) {
      meters.done(System.nanoTime() - begunNs);
      return;
    }
    List<Packet> parts = complete.get();
    String id = packet.origin().requestId();
    Optional<Packet> failed = parts.stream().filter(Packet::failed).findFirst();
    Tuple2<String, byte[]> answer =
        Tuple2.of(
            id,
            failed.isPresent()
                ? deadLetters.encode(DeadLetters.of(failed.get(), ""))
                : results.encode(Answers.result(parts, finishNs)));
    meters.done(System.nanoTime() - begunNs);
    if (failed.isPresent()) {
      context.output(DEAD_LETTERS, answer);
    } else {
      out.collect(answer);
    }
  }

  /** The latest time of the parts that have come, in virtual time; 0 in other time. */
  private long latest(Context context) throws IOException {
    if (!isVirtual) {
      return 0;
    }
    long latest = Math.max(context.timestamp(), Optional.ofNullable(latestNs.value()).orElse(0L));
    latestNs.update(latest);
    return latest;
  }

  /** All parts of the request in their order, if this one was the last to come. */
  private Optional<List<Packet>> collect(Packet packet) throws Exception {
    if (packet.isWhole() || packet.parts() == 1) {
      latestNs.clear();
      return Optional.of(List.of(packet));
    }
    int count = Optional.ofNullable(arrived.value()).orElse(0) + 1;
    lines.add(packet);
    if (count < packet.parts()) {
      arrived.update(count);
      return Optional.empty();
    }
    List<Packet> all = new ArrayList<>(count);
    lines.get().forEach(all::add);
    all.sort(Comparator.comparingInt(Packet::part));
    lines.clear();
    arrived.clear();
    latestNs.clear();
    return Optional.of(all);
  }

  @Override
  public void close() {
    if (meters != null) {
      meters.close();
    }
  }
}
