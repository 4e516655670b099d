package io.sluice.flink.ocr;

import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.InferenceKernel;
import io.sluice.flink.Packet;
import io.sluice.flink.PacketKernel;
import io.sluice.flink.RunnerSource;
import io.sluice.flink.StageFunction;
import io.sluice.vart.ModelRef;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The OCR pipelines as a Flink topology: one operator for each {@link OcrStage}, from records to
 * encoded answers. A page passes all of them; a request for a line passes the detection untouched.
 * Stages of the same parallelism are chained and hand packets over by reference.
 */
public final class OcrTopology {
  private final OcrConfig config;
  private final RunnerSource runners;

  private OcrTopology(OcrConfig config, RunnerSource runners) {
    this.config = config;
    this.runners = runners;
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
   * Adds the stages to a stream.
   *
   * @param records what {@link Packet#ofRecord} makes of the records of the request topics
   */
  public static Outputs build(DataStream<Packet> records, OcrConfig config, RunnerSource runners) {
    return new OcrTopology(config, runners).build(records);
  }

  private Outputs build(DataStream<Packet> records) {
    OcrModels models = config.models();
    DataStream<Packet> stream = records;
    stream = add(stream, OcrStage.DECODE_REQUEST, new DecodeRequest(config));
    stream = add(stream, OcrStage.DECODE_IMAGE, new DecodeImage(config));
    stream = add(stream, OcrStage.PREPARE_DETECTION, new PrepareDetection());
    stream =
        add(
            stream,
            OcrStage.DETECT,
            inference(models.detection(), Fields.DETECTION_INPUT, Fields.DETECTION_OUTPUT));
    stream = add(stream, OcrStage.FIND_LINES, new FindLines());
    stream = add(stream, OcrStage.PREPARE_ORIENTATION, new PrepareOrientation());
    stream =
        add(
            stream,
            OcrStage.ORIENT,
            inference(models.orientation(), Fields.ORIENTATION_INPUT, Fields.ORIENTATION_OUTPUT));
    stream = add(stream, OcrStage.TURN_LINE, new TurnLine());
    stream = add(stream, OcrStage.PREPARE_RECOGNITION, new PrepareRecognition());
    stream =
        add(
            stream,
            OcrStage.RECOGNIZE,
            inference(models.recognition(), Fields.RECOGNITION_INPUT, Fields.RECOGNITION_OUTPUT));
    stream = add(stream, OcrStage.READ_TEXT, new ReadText(models.alphabet()));
    SingleOutputStreamOperator<Tuple2<String, byte[]>> answers =
        named(
            stream
                .keyBy(packet -> packet.origin().position(), Types.STRING)
                .process(
                    new JoinPage(), Types.TUPLE(Types.STRING, Types.PRIMITIVE_ARRAY(Types.BYTE))),
            OcrStage.JOIN_PAGE);
    return new Outputs(answers, answers.getSideOutput(JoinPage.DEAD_LETTERS));
  }

  private PacketKernel inference(Map<Integer, ModelRef> models, String input, String output) {
    return new InferenceKernel(models, runners, input, output);
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
