package io.sluice.flink.ocr;

import io.sluice.flink.Clock;
import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.InferenceKernel;
import io.sluice.flink.Packet;
import io.sluice.flink.PacketKernel;
import io.sluice.flink.RunnerSource;
import io.sluice.flink.StageFunction;
import io.sluice.flink.dpu.DpuPlan;
import io.sluice.flink.dpu.DpuStage;
import io.sluice.flink.request.DecodeRequest;
import io.sluice.flink.xrm.ResourceManager;
import io.sluice.xrm.LeaseUpdate;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The OCR pipelines as a Flink topology: one operator for each {@link OcrStage}, from records to
 * encoded answers. A page passes all of them; a request for a line passes the detection untouched.
 * Stages of the same parallelism are chained and hand packets over by reference.
 */
public final class OcrTopology {
  private final OcrConfig config;
  private final RunnerSource runners;
  private final Optional<DpuPlan> dpu;

  private OcrTopology(OcrConfig config, RunnerSource runners, Optional<DpuPlan> dpu) {
    this.config = config;
    this.runners = runners;
    this.dpu = dpu;
  }

  /**
   * The encoded answers, by request id.
   *
   * @param results encoded InferenceResults
   * @param deadLetters encoded DeadLetters; each request is in one of the two, once
   */
  public record Outputs(
      DataStream<Tuple2<String, byte[]>> results, DataStream<Tuple2<String, byte[]>> deadLetters) {}

  /**
   * Adds the stages to a stream, with the networks on this machine's processor.
   *
   * @param records what {@link Packet#ofRecord} makes of the records of the request topics
   */
  public static Outputs build(DataStream<Packet> records, OcrConfig config, RunnerSource runners) {
    return new OcrTopology(config, runners, Optional.empty()).build(records);
  }

  /**
   * Adds the stages to a stream, with the networks on the units of a fleet.
   *
   * @param records as above; in virtual time with timestamps in nanoseconds and watermarks
   * @param dpu {@link OcrDpu#plan} of the configuration's models
   */
  public static Outputs build(
      DataStream<Packet> records, OcrConfig config, RunnerSource runners, DpuPlan dpu) {
    return new OcrTopology(config, runners, Optional.of(dpu)).build(records);
  }

  private Outputs build(DataStream<Packet> records) {
    StreamExecutionEnvironment env = records.getExecutionEnvironment();
    Optional<DataStream<LeaseUpdate>> leases =
        dpu.map(
            plan ->
                ResourceManager.leases(env, plan.fleet(), plan.demands(), plan.settings().clock()));
    OcrModels models = config.models();
    DataStream<Packet> stream = records;
    stream =
        add(
            stream,
            OcrStage.DECODE_REQUEST,
            new DecodeRequest(
                OcrStage.DECODE_REQUEST.id(),
                Pipelines.NAMES,
                config.maxRecordBytes(),
                config.requestSchemas()));
    stream = add(stream, OcrStage.DECODE_IMAGE, new DecodeImage(config));
    stream = add(stream, OcrStage.PREPARE_DETECTION, new PrepareDetection());
    stream =
        infer(
            stream,
            leases,
            OcrStage.DETECT,
            new InferenceKernel(
                models.detection(), runners, Fields.DETECTION_INPUT, Fields.DETECTION_OUTPUT));
    stream = add(stream, OcrStage.FIND_LINES, new FindLines());
    stream = add(stream, OcrStage.PREPARE_ORIENTATION, new PrepareOrientation());
    stream =
        infer(
            stream,
            leases,
            OcrStage.ORIENT,
            new InferenceKernel(
                models.orientation(),
                runners,
                Fields.ORIENTATION_INPUT,
                Fields.ORIENTATION_OUTPUT));
    stream = add(stream, OcrStage.TURN_LINE, new TurnLine());
    stream = add(stream, OcrStage.PREPARE_RECOGNITION, new PrepareRecognition());
    stream =
        infer(
            stream,
            leases,
            OcrStage.RECOGNIZE,
            new InferenceKernel(
                models.recognition(),
                runners,
                Fields.RECOGNITION_INPUT,
                Fields.RECOGNITION_OUTPUT));
    stream = add(stream, OcrStage.READ_TEXT, new ReadText(models.alphabet()));
    SingleOutputStreamOperator<Tuple2<String, byte[]>> answers =
        named(
            stream
                .keyBy(packet -> packet.origin().position(), Types.STRING)
                .process(
                    new JoinPage(isVirtual()),
                    Types.TUPLE(Types.STRING, Types.PRIMITIVE_ARRAY(Types.BYTE))),
            OcrStage.JOIN_PAGE);
    return new Outputs(answers, answers.getSideOutput(JoinPage.DEAD_LETTERS));
  }

  private DataStream<Packet> infer(
      DataStream<Packet> stream,
      Optional<DataStream<LeaseUpdate>> leases,
      OcrStage stage,
      PacketKernel onThisMachine) {
    if (leases.isEmpty()) {
      return add(stream, stage, onThisMachine);
    }
    DpuPlan plan = dpu.orElseThrow();
    return named(
        DpuStage.add(stream, leases.get(), plan.node(stage.id()), plan.settings(), runners), stage);
  }

  private boolean isVirtual() {
    return dpu.isPresent() && dpu.get().settings().clock() == Clock.VIRTUAL;
  }

  private DataStream<Packet> add(DataStream<Packet> stream, OcrStage stage, PacketKernel kernel) {
    return named(
        stream.flatMap(new StageFunction(stage.id(), kernel), ImmutableTypeInfo.PACKET), stage);
  }

  private <T> SingleOutputStreamOperator<T> named(
      SingleOutputStreamOperator<T> operator, OcrStage stage) {
    operator.name(stage.id()).uid(stage.id());
    Integer parallelism = config.parallelism().get(stage);
    return parallelism == null ? operator : operator.setParallelism(parallelism);
  }
}
