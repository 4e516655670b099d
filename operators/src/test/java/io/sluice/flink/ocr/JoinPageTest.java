package io.sluice.flink.ocr;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.Failure;
import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.flink.wire.Wire;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.InferenceResult;
import io.sluice.schemas.TextLine;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JoinPageTest {
  private KeyedOneInputStreamOperatorTestHarness<String, Packet, Tuple2<String, byte[]>> harness;

  @BeforeEach
  void open() throws Exception {
    harness = harness();
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void linesOfTwoPagesInAnyOrderMakeTwoResultsAndLeaveNoState() throws Exception {
    push(line(1, 2, 3), line(2, 1, 2), line(1, 0, 3), line(2, 0, 2), line(1, 1, 3));

    assertThat(results()).extracting(InferenceResult::getRequestId).containsExactly("r2", "r1");
    assertThat(results().get(1).getLines())
        .extracting(TextLine::getText)
        .containsExactly("line 0", "line 1", "line 2");
    assertThat(results().get(1).getText()).isEqualTo("line 0\nline 1\nline 2");
    assertThat(results().get(1).getWidthPixels()).isEqualTo(200);
    assertThat(harness.numKeyedStateEntries()).isZero();
  }

  @Test
  void aPageWithoutLinesAnswersWithEmptyText() throws Exception {
    push(whole(5).with(Fields.IMAGE_SIZE, TensorData.ofInts(Shape.of(2), 100, 200)));

    assertThat(results()).hasSize(1);
    assertThat(results().get(0).getText()).isEmpty();
    assertThat(results().get(0).getLines()).isEmpty();
  }

  @Test
  void severalFailedLinesMakeOneDeadLetterOfTheFirstInOrder() throws Exception {
    push(failed(line(1, 2, 3), "C"), line(1, 1, 3), failed(line(1, 0, 3), "A"));

    assertThat(results()).isEmpty();
    assertThat(deadLetters()).hasSize(1);
    assertThat(deadLetters().get(0).getThing()).isEqualTo("A");
    assertThat(deadLetters().get(0).getRequestId()).isEqualTo("r1");
    assertThat(deadLetters().get(0).getOffset()).isEqualTo(1);
    assertThat(harness.numKeyedStateEntries()).isZero();
  }

  @Test
  void aRecordThatWasNotDecodedKeepsItsFirstKilobyte() throws Exception {
    Packet record = Packet.ofRecord("in", 0, 9, new byte[5000]);
    push(failed(record, "x"), failed(Packet.ofRecord("in", 0, 10, null), "y"));

    assertThat(deadLetters()).extracting(DeadLetter::getRequestId).contains("in-0-9", "in-0-10");
    assertThat(deadLetters().get(0).getRecordHead().remaining()).isEqualTo(1024);
    assertThat(deadLetters().get(1).getRecordHead().remaining()).isZero();
  }

  @Test
  void linesThatArrivedBeforeARestartCount() throws Exception {
    push(line(1, 0, 2));
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    harness = harness();
    harness.initializeState(state);
    harness.open();

    push(line(1, 1, 2));

    assertThat(results()).hasSize(1);
    assertThat(results().get(0).getLines()).hasSize(2);
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, Packet, Tuple2<String, byte[]>>
      harness() throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new KeyedProcessOperator<>(new JoinPage(false)),
        packet -> packet.origin().position(),
        Types.STRING);
  }

  private void push(Packet... packets) throws Exception {
    for (Packet packet : packets) {
      harness.processElement(new StreamRecord<>(packet));
    }
  }

  private List<InferenceResult> results() {
    return harness.extractOutputValues().stream()
        .map(answer -> Wire.results().decode(answer.f1, "test"))
        .toList();
  }

  private List<DeadLetter> deadLetters() {
    Queue<StreamRecord<Tuple2<String, byte[]>>> side = harness.getSideOutput(JoinPage.DEAD_LETTERS);
    return side.stream()
        .map(answer -> Wire.deadLetters().decode(answer.getValue().f1, "test"))
        .toList();
  }

  private static Packet whole(int request) {
    return Packet.of(new Origin("in", 0, request, "r" + request, Pipelines.PAGE, 0, Map.of()));
  }

  private static Packet failed(Packet packet, String thing) {
    return packet.failed(new Failure("recognize", "SLUICE_STAGE_FAILED", thing, "", ""));
  }

  private static Packet line(int request, int part, int parts) {
    float y = 20 * part;
    return whole(request)
        .asPart(part, parts)
        .with(Fields.IMAGE_SIZE, TensorData.ofInts(Shape.of(2), 100, 200))
        .with(
            Fields.BOX, TensorData.ofFloats(Shape.of(9), 0, y, 90, y, 90, y + 10, 0, y + 10, 0.9f))
        .with(Fields.UPSIDE_DOWN, TensorData.wrap(DataType.UINT8, Shape.of(1), new byte[1]))
        .with(Fields.CONFIDENCE, TensorData.ofFloats(Shape.of(1), 0.8f))
        .withText(Fields.TEXT, "line " + part);
  }
}
