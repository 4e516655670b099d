package io.sluice.xir;

import static io.sluice.xir.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.proto.XirProto;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XModelTest {
  @TempDir private Path folder;

  private static Graph read(byte[] bytes) {
    return XModel.read(new ByteArrayInputStream(bytes), "m.xmodel", 1 << 20);
  }

  /** x -> y (relu) -> z (relu) with a subgraph for x and one for the others. */
  private static Graph small() {
    Graph graph = new Graph("small");
    Op x =
        graph.add(
            "x", "data", Attrs.EMPTY.with("shape", new int[] {1, 4}).with("data_type", "FLOAT32"));
    Op y = graph.add("y", "relu", Attrs.EMPTY, x);
    Op z = graph.add("z", "relu", Attrs.EMPTY, y);
    graph.root().createChildren(List.of(List.of(x), List.of(y, z)));
    return graph;
  }

  /** The small model with something wrong in it. */
  private static byte[] with(Consumer<XirProto.Graph.Builder> change) throws IOException {
    XirProto.Graph.Builder message = XirProto.Graph.parseFrom(XModel.toBytes(small())).toBuilder();
    change.accept(message);
    return message.build().toByteArray();
  }

  private static void assertRefused(
      ErrorCode code, String text, Consumer<XirProto.Graph.Builder> change) throws IOException {
    byte[] bytes = with(change);
    assertFails(code, text, () -> read(bytes));
    assertFails(code, "m.xmodel", () -> read(bytes));
  }

  @Property(tries = 300)
  void whatIsWrittenReadsEqualAndWritesTheSameBytes(@ForAll long seed) {
    Graph graph = RandomGraphs.of(seed);
    byte[] bytes = XModel.toBytes(graph);
    Graph again = read(bytes);
    GraphAssert.assertSame(again, graph);
    assertThat(XModel.toBytes(again)).isEqualTo(bytes);
    assertThat(XModel.toBytes(RandomGraphs.of(seed))).isEqualTo(bytes);
  }

  @Test
  void aFileIsWrittenWholeAndReplacesTheOldOne() throws IOException {
    Path file = folder.resolve("m.xmodel");
    Files.writeString(file, "old");
    XModel.write(small(), file);
    GraphAssert.assertSame(XModel.read(file), small());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aFolderThatIsMissingIsNamed() {
    Path file = folder.resolve("none").resolve("m.xmodel");
    assertFails(ErrorCode.XIR_WRITE_PB_FAILURE, file.toString(), () -> XModel.write(small(), file));
    assertFails(ErrorCode.XIR_FILE_NOT_EXIST, file.toString(), () -> XModel.read(file));
    assertFails(ErrorCode.XIR_READ_PB_FAILURE, folder.toString(), () -> XModel.read(folder));
  }

  @Test
  void privateAttributesStayHere() {
    Graph graph = small();
    graph.setAttrs(Attrs.EMPTY.with("__note", 1).with("_kept", 2));
    Op y = graph.op("y");
    y.setAttrs(Attrs.EMPTY.with("__note", 1));
    y.setOutput(y.output().withAttrs(Attrs.EMPTY.with("__note", 1)));
    graph.root().setAttrs(Attrs.EMPTY.with("__note", 1));
    Graph again = read(XModel.toBytes(graph));
    assertThat(again.attrs()).isEqualTo(Attrs.EMPTY.with("_kept", 2));
    assertThat(again.op("y").attrs().isEmpty()).isTrue();
    assertThat(again.op("y").output().attrs().isEmpty()).isTrue();
    assertThat(again.root().attrs().isEmpty()).isTrue();
  }

  @Test
  void aStreamLongerThanAllowedIsNotReadToItsEnd() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 10;
          }
        };
    assertFails(ErrorCode.SLUICE_LIMIT, "1000 bytes", () -> XModel.read(endless, "endless", 1000));
  }

  @Test
  void whatIsNoXmodelIsRefused() {
    for (byte[] bytes : List.of(new byte[0], "PK\u0003\u0004".getBytes(StandardCharsets.UTF_8))) {
      assertFails(ErrorCode.XIR_READ_PB_FAILURE, "m.xmodel", () -> read(bytes));
    }
  }

  /** Definitions come last; those of built-in ops are known anyway. */
  @Test
  void aTruncatedFileNeverReadsAsASmallerGraph() {
    byte[] bytes = XModel.toBytes(small());
    for (int length = 0; length < bytes.length; length += length < 500 ? 1 : 97) {
      byte[] cut = Arrays.copyOf(bytes, length);
      try {
        GraphAssert.assertSame(read(cut), small());
        assertThat(length).isGreaterThan(189);
      } catch (SluiceException e) {
        assertThat(e.place()).contains("m.xmodel");
      }
    }
  }

  @Test
  void trailingBytesAreRefused() {
    byte[] bytes = XModel.toBytes(small());
    byte[] zeros = Arrays.copyOf(bytes, bytes.length + 16);
    assertFails(ErrorCode.XIR_READ_PB_FAILURE, "m.xmodel", () -> read(zeros));
    byte[] field = Arrays.copyOf(bytes, bytes.length + 2);
    field[bytes.length] = 7 << 3;
    assertFails(ErrorCode.XIR_READ_PB_FAILURE, "unknown fields [7]", () -> read(field));
  }

  @Test
  void opsAreNamedOnce() throws IOException {
    assertRefused(ErrorCode.XIR_MULTI_DEFINED_OP, "'x'", m -> m.addOpNode(m.getOpNode(0)));
  }

  @Test
  void anArgumentNamesAnOpAbove() throws IOException {
    assertRefused(
        ErrorCode.XIR_UNDEFINED_OP,
        "'nobody'",
        m -> m.getOpNodeBuilder(1).getArgsBuilder(0).setArgOps(0, "nobody"));
    assertRefused(
        ErrorCode.XIR_UNDEFINED_OP,
        "'z', which is not above it",
        m -> m.getOpNodeBuilder(1).getArgsBuilder(0).setArgOps(0, "z"));
    assertRefused(
        ErrorCode.XIR_READ_PB_FAILURE,
        "'input' twice",
        m -> m.getOpNodeBuilder(1).addArgs(m.getOpNode(1).getArgs(0)));
  }

  @Test
  void aTensorIsComplete() throws IOException {
    assertRefused(
        ErrorCode.XIR_READ_PB_FAILURE,
        "without a type or an output tensor",
        m -> m.getOpNodeBuilder(1).clearOutputTensor());
    assertRefused(
        ErrorCode.XIR_READ_PB_FAILURE,
        "unknown type 9",
        m -> m.getOpNodeBuilder(1).getOutputTensorBuilder().setDataType(9));
    assertRefused(
        ErrorCode.XIR_INVALID_DATA_TYPE,
        "65 bits",
        m -> m.getOpNodeBuilder(1).getOutputTensorBuilder().setTensorBitWidth(65));
    assertRefused(
        ErrorCode.XIR_OUT_OF_RANGE,
        "op 'y' (relu)",
        m -> m.getOpNodeBuilder(1).getOutputTensorBuilder().setTensorDim(0, -1));
    assertRefused(
        ErrorCode.XIR_SHAPE_UNMATCH,
        "[1, 5]",
        m -> m.getOpNodeBuilder(1).getOutputTensorBuilder().setTensorDim(1, 5));
  }

  @Test
  void anAttributeHasAValue() throws IOException {
    assertRefused(
        ErrorCode.XIR_READ_PB_FAILURE,
        "'shape' has no value",
        m -> m.getOpNodeBuilder(0).putOpAttr("shape", XirProto.AttrValue.getDefaultInstance()));
  }

  @Test
  void everyOpIsInOneSubgraph() throws IOException {
    assertRefused(
        ErrorCode.XIR_UNDEFINED_OP,
        "'nobody'",
        m -> m.getSubgRootBuilder().getSubgChildBuilder(0).setOpName(0, "nobody"));
    assertRefused(
        ErrorCode.XIR_VALUE_UNMATCH,
        "'x' is in two groups",
        m -> m.getSubgRootBuilder().getSubgChildBuilder(1).setOpName(0, "x"));
    assertRefused(
        ErrorCode.XIR_VALUE_UNMATCH,
        "'z' is in no group",
        m -> m.getSubgRootBuilder().setSubgChild(1, XirProto.SubGraph.newBuilder().addOpName("y")));
    assertRefused(
        ErrorCode.XIR_READ_PB_FAILURE,
        "both ops and children",
        m ->
            m.getSubgRootBuilder()
                .getSubgChildBuilder(1)
                .addSubgChild(XirProto.SubGraph.newBuilder().addOpName("z")));
    assertRefused(
        ErrorCode.XIR_READ_PB_FAILURE,
        "every op of the graph once",
        m ->
            m.setSubgRoot(
                XirProto.SubGraph.newBuilder().addOpName("x").addOpName("x").addOpName("y")));
  }

  @Test
  void aFileWithoutATreeHasARootThatCoversAll() throws IOException {
    Graph graph = read(with(XirProto.Graph.Builder::clearSubgRoot));
    assertThat(graph.root().isLeaf()).isTrue();
    assertThat(graph.root().ops()).hasSize(3);
  }

  @Test
  void deepNestingIsRefusedBeforeTheStackEnds() throws IOException {
    XirProto.SubGraph nested = XirProto.SubGraph.newBuilder().addOpName("x").build();
    for (int i = 0; i < 1000; i++) {
      nested = XirProto.SubGraph.newBuilder().addSubgChild(nested).build();
    }
    XirProto.SubGraph root = nested;
    assertRefused(ErrorCode.XIR_READ_PB_FAILURE, "nest", m -> m.setSubgRoot(root));
  }

  @Test
  void aCustomDefinitionOfTheFileIsKept() throws IOException {
    XirProto.OpDef def =
        XirProto.OpDef.newBuilder()
            .setName("mine")
            .addInputArgs(XirProto.OpArgDef.newBuilder().setName("input").setDataType(4))
            .build();
    Graph graph =
        read(
            with(
                m -> {
                  m.addOpDefs(def);
                  m.getOpNodeBuilder(2).setOpType("mine");
                }));
    assertThat(graph.op("z").output().shape()).isEqualTo(Shape.of(1, 4));
    assertThat(graph.library().customDefinitions()).hasSize(1);
    byte[] twice = with(m -> m.addOpDefs(def).addOpDefs(def));
    assertFails(ErrorCode.XIR_MULTI_REGISTERED_OP, "'mine'", () -> read(twice));
  }

  @Test
  void aConstantDoesNotClaimMoreThanItHas() throws IOException {
    Graph graph = small();
    graph.addConst("c", TensorData.ofFloats(Shape.of(4), 1, 2, 3, 4));
    XirProto.Graph.Builder message = XirProto.Graph.parseFrom(XModel.toBytes(graph)).toBuilder();
    XirProto.OpNode.Builder node =
        message.getOpNodeBuilderList().stream()
            .filter(op -> op.getOpName().equals("c"))
            .findFirst()
            .orElseThrow();
    node.getOutputTensorBuilder().setTensorDim(0, 1 << 30);
    node.putOpAttr("shape", AttrCodec.write(AttrValue.ofInts(1 << 30)));
    assertFails(ErrorCode.XIR_SHAPE_UNMATCH, "16 bytes", () -> read(message.build().toByteArray()));
  }

  /** Damaged files end in one clear failure, or in a graph. */
  @Test
  void damagedFilesFailClearly() {
    Random random = new Random(42);
    List<byte[]> files =
        IntStream.range(0, 50).mapToObj(i -> XModel.toBytes(RandomGraphs.of(i))).toList();
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = files.get(i % files.size()).clone();
      mutate(bytes, random);
      assertThatCode(
              () -> {
                try {
                  read(bytes);
                } catch (SluiceException e) {
                  assertThat(e.place()).contains("m.xmodel");
                }
              })
          .as("mutation %d", i)
          .doesNotThrowAnyException();
    }
  }

  /** Leaves the definitions at the end alone, which most of the bytes are. */
  private static void mutate(byte[] bytes, Random random) {
    int reach = Math.min(bytes.length, 2000);
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(reach);
      switch (random.nextInt(3)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        default -> {
          int from = random.nextInt(reach);
          int length = Math.min(random.nextInt(20), reach - Math.max(at, from));
          System.arraycopy(bytes, from, bytes, at, length);
        }
      }
    }
  }
}
