package io.sluice.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sluice.error.SluiceException;
import io.sluice.xir.Graph;
import io.sluice.xir.XModel;
import io.sluice.xir.proto.XirProto;
import io.sluice.zoo.ZooFiles;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a damaged file of a real network says that cannot be, and the code that it is refused with.
 */
class HostileXmodelTest {
  private static final byte[] WHOLE = ZooFiles.compiled().get("ResNet-18, compiled");

  private static String code(Consumer<XirProto.Graph.Builder> change) {
    byte[] file;
    try {
      XirProto.Graph.Builder message = XirProto.Graph.parseFrom(WHOLE).toBuilder();
      change.accept(message);
      file = message.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    SluiceException refusal = catchThrowableOfType(SluiceException.class, () -> read(file));
    assertThat(refusal).isNotNull();
    return refusal.code().toString();
  }

  private static Graph read(byte[] file) {
    return XModel.read(new ByteArrayInputStream(file), "hostile", file.length);
  }

  private static XirProto.OpNode.Builder first(XirProto.Graph.Builder graph, String type) {
    int at =
        IntStream.range(0, graph.getOpNodeCount())
            .filter(i -> graph.getOpNode(i).getOpType().equals(type))
            .findFirst()
            .orElseThrow();
    return graph.getOpNodeBuilder(at);
  }

  private static XirProto.AttrValue ints(int... values) {
    XirProto.Int32Vec.Builder list = XirProto.Int32Vec.newBuilder();
    IntStream.of(values).forEach(list::addValue);
    return XirProto.AttrValue.newBuilder().setInt32VecValue(list).build();
  }

  @Test
  void theWholeFileIsRead() {
    assertThat(read(WHOLE).ops()).isNotEmpty();
  }

  @Test
  void anOpThatReadsOneBelowIt() {
    assertThat(
            code(
                g -> {
                  String last = g.getOpNode(g.getOpNodeCount() - 1).getOpName();
                  first(g, "conv2d-fix").getArgsBuilder(0).setArgOps(0, last);
                }))
        .isEqualTo("XIR_UNDEFINED_OP");
  }

  @Test
  void namesThatOccurTwice() {
    assertThat(code(g -> g.addOpNode(g.getOpNode(0)))).isEqualTo("XIR_MULTI_DEFINED_OP");
    assertThat(
            code(
                g -> {
                  String taken = g.getOpNode(0).getOutputTensor().getTensorName();
                  g.getOpNodeBuilder(1).getOutputTensorBuilder().setTensorName(taken);
                }))
        .isEqualTo("XIR_MULTI_DEFINED_TENSOR");
  }

  @Test
  void aConstantOfAnotherSizeThanItSays() {
    assertThat(
            code(
                g -> {
                  XirProto.OpNode.Builder op = first(g, "const-fix");
                  XirProto.AttrValue.Builder data = op.getOpAttrOrThrow("data").toBuilder();
                  XirProto.Bytes.Builder bytes = data.getBytesValueBuilder();
                  bytes.setValue(bytes.getValue().substring(1));
                  op.putOpAttr("data", data.build());
                }))
        .isEqualTo("XIR_SHAPE_UNMATCH");
  }

  @Test
  void shapesThatOverflow() {
    assertThat(
            code(
                g ->
                    first(g, "data-fix")
                        .getOutputTensorBuilder()
                        .clearTensorDim()
                        .addAllTensorDim(List.of(1, 1 << 16, 1 << 16, 3))))
        .isEqualTo("XIR_OUT_OF_RANGE");
    assertThat(code(g -> first(g, "data-fix").putOpAttr("shape", ints(1, -1, 8, 3))))
        .isEqualTo("XIR_OUT_OF_RANGE");
  }

  @Test
  void paddingAndStridesBelowTheLeast() {
    assertThat(code(g -> first(g, "conv2d-fix").putOpAttr("pad", ints(-1, 0, 0, 0))))
        .isEqualTo("XIR_OUT_OF_RANGE");
    assertThat(code(g -> first(g, "conv2d-fix").putOpAttr("stride", ints(0, 1))))
        .isEqualTo("XIR_OUT_OF_RANGE");
  }

  @Test
  void subgraphsThatOverlap() {
    assertThat(
            code(
                g -> {
                  XirProto.SubGraph.Builder root = g.getSubgRootBuilder();
                  String input = root.getSubgChild(0).getOpName(0);
                  root.getSubgChildBuilder(root.getSubgChildCount() - 1).addOpName(input);
                }))
        .isEqualTo("XIR_VALUE_UNMATCH");
  }

  @Test
  void subgraphsThatNeedEachOther() {
    assertThat(
            code(
                g -> {
                  XirProto.SubGraph.Builder root = g.getSubgRootBuilder();
                  int last = root.getSubgChildCount() - 1;
                  root.getSubgChildBuilder(0).addAllOpName(root.getSubgChild(last).getOpNameList());
                  root.removeSubgChild(last);
                }))
        .isEqualTo("XIR_SUBGRAPH_HAS_CYCLE");
  }
}
