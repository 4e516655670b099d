package io.sluice.xir;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import io.sluice.xir.proto.XirProto;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of AMD's tools open, and nothing of them is lost. */
class XModelSamplesTest {
  private static Graph again(Graph graph) {
    byte[] bytes = XModel.toBytes(graph);
    return XModel.read(new ByteArrayInputStream(bytes), "again", bytes.length);
  }

  static List<Path> samples() {
    return SampleModels.all();
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("samples")
  void whatIsWrittenBackReadsEqual(Path file) {
    Graph graph = XModel.read(file);
    GraphAssert.assertSame(again(graph), graph);
  }

  /** But for the op definitions, whose annotations are our own, and the order of maps. */
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("samples")
  void whatIsWrittenBackHasTheBytesOfTheFile(Path file) throws IOException {
    byte[] original = Files.readAllBytes(file);
    assertThat(XirProto.Graph.parseFrom(original).toByteArray()).isEqualTo(original);
    assertThat(mapsInOrder(XModel.toBytes(XModel.read(file)))).isEqualTo(mapsInOrder(original));
  }

  private static byte[] mapsInOrder(byte[] file) throws IOException {
    XirProto.Graph message = XirProto.Graph.parseFrom(file).toBuilder().clearOpDefs().build();
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    message.writeTo(out);
    return bytes;
  }

  /**
   * Names, types, occurrences, lengths and defaults; our annotations are our own. The third sample
   * is of an older release, whose ops have fewer attributes.
   */
  @ParameterizedTest
  @ValueSource(strings = {SampleModels.V70, SampleModels.ZCU102})
  void definitionsAreThoseOfTheFile(String name) throws IOException {
    byte[] original = Files.readAllBytes(SampleModels.file(name));
    Map<String, XirProto.OpDef> theirs =
        byName(XirProto.Graph.parseFrom(original).getOpDefsList(), XirProto.OpDef::getName);
    Map<String, XirProto.OpDef> ours =
        byName(
            XModel.read(SampleModels.file(name)).library().definitions().stream()
                .map(OpDefCodec::write)
                .toList(),
            XirProto.OpDef::getName);
    assertThat(theirs).hasSize(107);
    SoftAssertions all = new SoftAssertions();
    theirs.forEach(
        (type, def) -> all.assertThat(bare(ours.get(type))).as(type).isEqualTo(bare(def)));
    all.assertAll();
  }

  @Test
  void aCompiledModelHasItsTree() {
    Graph graph = XModel.read(SampleModels.file(SampleModels.ZCU102));
    List<Subgraph> level1 = graph.root().children();
    assertThat(level1)
        .extracting(s -> s.device().orElse(""))
        .containsExactly("USER", "DPU", "CPU", "DPU", "CPU");
    Subgraph dpu = level1.get(1);
    assertThat(dpu.attrs().getLong("dpu_fingerprint")).isEqualTo(0x0101000056010407L);
    assertThat(dpu.attrs().getBytes("mc_code").size()).isEqualTo(3676);
    assertThat(dpu.inputTensors()).hasSize(1);
    assertThat(dpu.inputTensors().get(0).shape()).isEqualTo(Shape.of(1, 28, 28, 1));
    assertThat(dpu.inputTensors().get(0).attrs().getInt("fix_point")).isEqualTo(-2);
    assertThat(dpu.outputTensors().get(0).shape()).isEqualTo(Shape.of(1, 2, 2, 64));
    assertThat(graph.library().customDefinitions()).extracting(OpDef::type).contains("Mylayer");
  }

  @Test
  void aQuantizedModelHasItsConstants() {
    Graph graph = XModel.read(SampleModels.file(SampleModels.QUANTIZED));
    assertThat(graph.ops()).hasSize(166);
    assertThat(graph.root().isLeaf()).isTrue();
    float[] bias = graph.op("VoxelNet__rpn_conv_box_bias").constData().toFloats();
    assertThat(bias).hasSize(42).startsWith(0.0053710938f, -0.02197265625f);
  }

  private static <T> Map<String, T> byName(List<T> messages, Function<T, String> name) {
    Map<String, T> named = new TreeMap<>();
    messages.forEach(message -> named.put(name.apply(message), message));
    assertThat(named).hasSameSizeAs(messages);
    return named;
  }

  private static XirProto.OpDef bare(XirProto.OpDef def) {
    XirProto.OpDef.Builder out = def.toBuilder().clearAnnotation();
    out.getInputArgsBuilderList().forEach(XirProto.OpArgDef.Builder::clearAnnotation);
    out.getAttrsBuilderList().forEach(XirProto.AttrDef.Builder::clearAnnotation);
    return out.build();
  }
}
