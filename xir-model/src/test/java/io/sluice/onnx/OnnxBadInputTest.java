package io.sluice.onnx;

import static io.sluice.onnx.OnnxModelBuilder.integer;
import static io.sluice.onnx.OnnxModelBuilder.ints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.proto.AttributeProto;
import io.sluice.onnx.proto.ModelProto;
import io.sluice.onnx.proto.NodeProto;
import io.sluice.onnx.proto.StringStringEntryProto;
import io.sluice.onnx.proto.TensorProto;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxBadInputTest {
  @TempDir Path folder;

  private static SluiceException refused(byte[] model, Map<String, int[]> shapes) {
    return catchThrowableOfType(
        SluiceException.class, () -> OnnxImporter.importModel(model, "bad.onnx", shapes));
  }

  private static void requireCode(OnnxModelBuilder model, ErrorCode code, String... words) {
    SluiceException e = refused(model.build(), Map.of());
    assertThat(e).isNotNull();
    assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
    assertThat(e.getMessage()).contains(words);
  }

  private static OnnxModelBuilder relu() {
    return new OnnxModelBuilder(11)
        .input("x", 1, 2, 3, 3)
        .node("Relu", List.of("x"), "y")
        .output("y");
  }

  @Test
  void bytesThatAreNoModel() {
    assertThat(refused(new byte[] {8, 7, 0x3a, 100, 1}, Map.of()).code())
        .isEqualTo(ErrorCode.ONNX_READ_FAILURE);
    byte[] whole = relu().build();
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 3);
    assertThat(refused(cut, Map.of()).code()).isEqualTo(ErrorCode.ONNX_READ_FAILURE);
    assertThat(refused(new byte[0], Map.of()).code()).isEqualTo(ErrorCode.ONNX_INVALID_MODEL);
  }

  @Test
  void aMissingFileAndAFileBeyondTheLimit() throws IOException {
    assertThat(
            catchThrowableOfType(
                    SluiceException.class,
                    () -> OnnxImporter.importModel(folder.resolve("no.onnx"), Map.of()))
                .code())
        .isEqualTo(ErrorCode.ONNX_READ_FAILURE);
    Path large = folder.resolve("large.onnx");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(OnnxFile.MAX_BYTES + 1);
    }
    assertThat(
            catchThrowableOfType(
                    SluiceException.class, () -> OnnxImporter.importModel(large, Map.of()))
                .code())
        .isEqualTo(ErrorCode.SLUICE_LIMIT);
  }

  @Test
  void opsetsOutsideTheRange() {
    for (int opset : new int[] {6, 22}) {
      OnnxModelBuilder model =
          new OnnxModelBuilder(opset).input("x", 1).node("Relu", List.of("x"), "y").output("y");
      requireCode(model, ErrorCode.ONNX_UNSUPPORTED_OPSET, "opset " + opset, "7 to 21");
    }
    ModelProto none = relu().proto().toBuilder().clearOpsetImport().build();
    assertThat(refused(none.toByteArray(), Map.of()).code())
        .isEqualTo(ErrorCode.ONNX_INVALID_MODEL);
  }

  @Test
  void anUnsupportedOpIsNamedWithItsNodeAndOpset() {
    OnnxModelBuilder model =
        new OnnxModelBuilder(13)
            .input("x", 1, 2, 3, 3)
            .node("NonZero", List.of("x"), "y")
            .output("y");
    requireCode(model, ErrorCode.ONNX_UNSUPPORTED_OP, "NonZero", "node 'n0'", "opset 13");
    OnnxModelBuilder foreign =
        new OnnxModelBuilder(13)
            .input("x", 1)
            .node(
                NodeProto.newBuilder()
                    .setOpType("Relu")
                    .setDomain("com.example")
                    .addInput("x")
                    .addOutput("y")
                    .build())
            .output("y");
    requireCode(foreign, ErrorCode.ONNX_UNSUPPORTED_OP, "com.example");
  }

  @Test
  void controlFlowAndRandomNumbersAreUnsupported() {
    AttributeProto.Builder branch =
        AttributeProto.newBuilder()
            .setType(AttributeProto.AttributeType.GRAPH)
            .setG(relu().proto().getGraph());
    requireCode(
        new OnnxModelBuilder(13)
            .input("x", 1)
            .node("Cast", List.of("x"), "c", OnnxModelBuilder.integer("to", 9))
            .node(
                "If",
                List.of("c"),
                "y",
                branch.setName("then_branch").build(),
                branch.setName("else_branch").build())
            .output("y"),
        ErrorCode.ONNX_UNSUPPORTED_OP,
        "If",
        "control flow");
    requireCode(
        new OnnxModelBuilder(13)
            .input("x", 1, 2)
            .node("RandomNormalLike", List.of("x"), "y")
            .output("y"),
        ErrorCode.ONNX_UNSUPPORTED_OP,
        "random");
  }

  @Test
  void aDynamicShapeAsksForTheOption() {
    OnnxModelBuilder model =
        new OnnxModelBuilder(11)
            .input("pixels", -1, 3, -1, -1)
            .node("Relu", List.of("pixels"), "y")
            .output("y");
    requireCode(
        model, ErrorCode.ONNX_DYNAMIC_SHAPE, "'pixels'", "[?, 3, ?, ?]", "--input-shape pixels=");
    for (int[] shape : new int[][] {{1, 4, 8, 8}, {1, 3, 8}, {1, 3, 0, 8}, {-1, 3, 8, 8}}) {
      assertThat(refused(model.build(), Map.of("pixels", shape)).code())
          .isEqualTo(ErrorCode.ONNX_DYNAMIC_SHAPE);
    }
    SluiceException unknown = refused(model.build(), Map.of("image", new int[] {1, 3, 8, 8}));
    assertThat(unknown.getMessage()).contains("'image'", "[pixels]");
  }

  @Test
  void aShapeBeyondTheLimitOfElements() {
    OnnxModelBuilder model =
        new OnnxModelBuilder(11).input("x", -1).node("Relu", List.of("x"), "y").output("y");
    assertThat(refused(model.build(), Map.of("x", new int[] {Integer.MAX_VALUE})).code())
        .isEqualTo(ErrorCode.XIR_OUT_OF_RANGE);
  }

  @Test
  void initializersWhoseBytesDoNotFitTheirShape() {
    TensorProto tensor =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(1)
            .addDims(3)
            .setRawData(ByteString.copyFrom(new byte[8]))
            .build();
    requireCode(withWeights(tensor), ErrorCode.ONNX_CONST_SIZE, "tensor 'w'", "8 bytes");
    requireCode(
        withWeights(tensor.toBuilder().clearRawData().addFloatData(1f).build()),
        ErrorCode.ONNX_CONST_SIZE,
        "1 values");
    requireCode(
        withWeights(tensor.toBuilder().clearDims().addDims(-3).build()),
        ErrorCode.ONNX_INVALID_MODEL,
        "dimensions [-3]");
    requireCode(
        withWeights(tensor.toBuilder().clearDims().addDims(1L << 31).addDims(1L << 31).build()),
        ErrorCode.ONNX_SHAPE_OVERFLOW,
        "dimensions");
    requireCode(
        withWeights(tensor.toBuilder().clearDims().addDims(1 << 30).addDims(1 << 30).build()),
        ErrorCode.ONNX_SHAPE_OVERFLOW,
        "dimensions");
    requireCode(
        withWeights(tensor.toBuilder().setDataType(8).build()),
        ErrorCode.ONNX_INVALID_MODEL,
        "element type 8");
  }

  private static OnnxModelBuilder withWeights(TensorProto weights) {
    return new OnnxModelBuilder(11)
        .input("x", 1, 3)
        .initializer(weights)
        .node("Add", List.of("x", "w"), "y")
        .output("y");
  }

  @Test
  void graphsThatDoNotHangTogether() {
    requireCode(
        relu().node("Relu", List.of("z"), "v").output("v"),
        ErrorCode.ONNX_INVALID_MODEL,
        "tensor 'z'",
        "not defined");
    requireCode(
        relu().node("Add", List.of("x", "q"), "p").node("Relu", List.of("p"), "q").output("q"),
        ErrorCode.ONNX_CYCLE,
        "depends on itself");
    requireCode(
        relu().node("Relu", List.of("x"), "y"), ErrorCode.ONNX_DUPLICATE_NAME, "defined twice");
    requireCode(
        relu().floats("c", 1f).floats("c", 2f), ErrorCode.ONNX_DUPLICATE_NAME, "constant 'c'");
    requireCode(relu().output("none"), ErrorCode.ONNX_INVALID_MODEL, "'none'");
    OnnxModelBuilder noOutput =
        new OnnxModelBuilder(11).input("x", 1).node("Relu", List.of("x"), "y");
    requireCode(noOutput, ErrorCode.ONNX_INVALID_MODEL, "without outputs");
  }

  @Test
  void nodesInAnyOrderAreSorted() {
    OnnxModelBuilder model =
        new OnnxModelBuilder(11)
            .input("x", 1, 3)
            .node("Relu", List.of("n"), "y")
            .node("Neg", List.of("x"), "n")
            .output("y");
    assertThat(OnnxRuns.types(OnnxImporter.importModel(model.build(), "m", Map.of())))
        .containsExactly("neg", "relu");
  }

  @Test
  void attributesThatDoNotFit() {
    requireCode(
        new OnnxModelBuilder(11)
            .input("x", 1, 2, 5, 5)
            .weights("w", 2, 3, 3, 3)
            .node("Conv", List.of("x", "w"), "y")
            .output("y"),
        ErrorCode.ONNX_INVALID_MODEL,
        "[2, 3, 3, 3]");
    requireCode(
        new OnnxModelBuilder(11)
            .input("x", 1, 2, 5, 5)
            .weights("w", 2, 2, 3, 3)
            .node("Conv", List.of("x", "w"), "y", ints("strides", 0, 1))
            .output("y"),
        ErrorCode.ONNX_INVALID_MODEL,
        "strides");
    requireCode(
        new OnnxModelBuilder(11)
            .input("x", 1, 2, 5, 5)
            .weights("w", 2, 2, 3, 3)
            .node("Conv", List.of("x", "w"), "y", ints("pads", 0, -1, 0, 0))
            .output("y"),
        ErrorCode.ONNX_NEGATIVE_PAD,
        "-1");
    requireCode(
        new OnnxModelBuilder(11)
            .input("x", 1, 2, 5, 5)
            .node("Transpose", List.of("x"), "y", ints("perm", 0, 1, 1, 3))
            .output("y"),
        ErrorCode.ONNX_INVALID_MODEL,
        "[0, 1, 1, 3]");
    requireCode(
        new OnnxModelBuilder(11)
            .input("x", 1, 2, 5, 5)
            .longs("to", 7, -1)
            .node("Reshape", List.of("x", "to"), "y")
            .output("y"),
        ErrorCode.ONNX_INVALID_MODEL,
        "[7, -1]");
  }

  @Test
  void constantsThatWouldGrowWithoutBoundAreNotMade() {
    requireCode(
        new OnnxModelBuilder(11)
            .input("x", 1)
            .longs("huge", 1 << 15, 1 << 15)
            .node("ConstantOfShape", List.of("huge"), "c")
            .node("Add", List.of("x", "c"), "y")
            .output("y"),
        ErrorCode.ONNX_INVALID_MODEL,
        "elements");
  }

  @Test
  void manyConstantsThatAreEachAllowedAreNotAllMade() {
    OnnxModelBuilder model = new OnnxModelBuilder(11).input("x", 1).longs("side", 1 << 11, 1 << 12);
    String sum = "x";
    for (int i = 0; i < 40; i++) {
      model.node("ConstantOfShape", List.of("side"), "c" + i);
      model.node("Add", List.of(sum, "c" + i), "sum" + i);
      sum = "sum" + i;
    }
    requireCode(model.output(sum), ErrorCode.ONNX_INVALID_MODEL, "too many others");
  }

  @Test
  void aConstantThatDoublesAgainAndAgainIsComputedWhenTheModelRuns() {
    OnnxModelBuilder model = new OnnxModelBuilder(11).input("x", 1, 1 << 24).weights("c0", 1, 64);
    for (int i = 0; i < 18; i++) {
      model.node("Concat", List.of("c" + i, "c" + i), "c" + (i + 1), integer("axis", 1));
    }
    Graph graph =
        OnnxImporter.importModel(
            model.node("Add", List.of("x", "c18"), "y").output("y").build(), "doubled", Map.of());
    long constants =
        graph.ops().stream()
            .filter(Op::isConst)
            .mapToLong(op -> op.output().shape().elements())
            .sum();
    assertThat(constants).isLessThan(1 << 24);
    assertThat(graph.op("y").output().shape()).isEqualTo(Shape.of(1, 1 << 24));
  }

  private void requireExternal(String location, Long offset, Long length, ErrorCode code)
      throws IOException {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(1)
            .addDims(3)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", location));
    if (offset != null) {
      tensor.addExternalData(entry("offset", offset.toString()));
    }
    if (length != null) {
      tensor.addExternalData(entry("length", length.toString()));
    }
    Path model = folder.resolve("model").resolve("m.onnx");
    Files.createDirectories(model.getParent());
    Files.write(model, withWeights(tensor.build()).build());
    SluiceException e =
        catchThrowableOfType(
            SluiceException.class, () -> OnnxImporter.importModel(model, Map.of()));
    if (code == null) {
      assertThat(e).isNull();
    } else {
      assertThat(e).isNotNull();
      assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
      assertThat(e.getMessage()).contains("tensor 'w'");
    }
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private void writeWeights(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(9).putFloat(1).putFloat(2).putFloat(3);
    Files.write(file, bytes.array());
  }

  @Test
  void externalDataInTheFolderAreRead() throws IOException {
    writeWeights(folder.resolve("model/data/w.bin"));
    requireExternal("data/w.bin", 4L, 12L, null);
    float[] values =
        OnnxImporter.importModel(folder.resolve("model/m.onnx"), Map.of())
            .op("w")
            .constData()
            .toFloats();
    assertThat(values).containsExactly(1, 2, 3);
    requireExternal("data/w.bin", null, null, null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../secret.bin", "data/../../secret.bin", "/etc/hostname", "", " ", "a/..", "\0"})
  void externalPathsThatLeaveTheFolderAreRefused(String location) throws IOException {
    writeWeights(folder.resolve("secret.bin"));
    requireExternal(location, null, null, ErrorCode.ONNX_EXTERNAL_DATA_REFUSED);
  }

  @Test
  void externalLinksThatLeaveTheFolderAreRefused() throws IOException {
    writeWeights(folder.resolve("secret.bin"));
    Files.createDirectories(folder.resolve("model"));
    Files.createSymbolicLink(folder.resolve("model/w.bin"), folder.resolve("secret.bin"));
    requireExternal("w.bin", null, null, ErrorCode.ONNX_EXTERNAL_DATA_REFUSED);
    Files.createSymbolicLink(folder.resolve("model/up"), folder);
    requireExternal("up/secret.bin", null, null, ErrorCode.ONNX_EXTERNAL_DATA_REFUSED);
  }

  @Test
  void externalDataOfAModelInMemoryAreRefused() {
    TensorProto tensor =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(1)
            .addDims(3)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", "w.bin"))
            .build();
    requireCode(withWeights(tensor), ErrorCode.ONNX_EXTERNAL_DATA_REFUSED, "not a file");
  }

  @Test
  void externalDataThatAreMissingOrTooShort() throws IOException {
    requireExternal("none.bin", null, null, ErrorCode.ONNX_READ_FAILURE);
    writeWeights(folder.resolve("model/w.bin"));
    requireExternal("w.bin", 8L, null, ErrorCode.ONNX_INVALID_MODEL);
    requireExternal("w.bin", 0L, 16L, ErrorCode.ONNX_INVALID_MODEL);
    requireExternal("w.bin", -4L, null, ErrorCode.ONNX_INVALID_MODEL);
    requireExternal("w.bin", Long.MAX_VALUE, 12L, ErrorCode.ONNX_INVALID_MODEL);
  }
}
