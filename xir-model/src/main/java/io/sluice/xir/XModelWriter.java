package io.sluice.xir;

import com.google.protobuf.CodedOutputStream;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.proto.XirProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A graph to the bytes of its file. The same graph gives the same bytes. */
final class XModelWriter {
  /** A message of Protocol Buffers is smaller than 2 GiB; this leaves room for all but the data. */
  private static final long MAX_DATA_BYTES = Integer.MAX_VALUE - (64L << 20);

  private XModelWriter() {}

  static byte[] write(Graph graph) {
    List<Op> order = graph.topologicalOrder();
    checkSize(graph, order);
    XirProto.Graph.Builder out =
        XirProto.Graph.newBuilder()
            .setGraphName(graph.name())
            .setSubgRoot(subgraph(graph.root()))
            .putAllGraphAttr(AttrCodec.write(graph.attrs()));
    order.forEach(op -> out.addOpNode(op(op)));
    graph.library().definitions().forEach(def -> out.addOpDefs(OpDefCodec.write(def)));
    XirProto.Graph message = out.build();
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream stream = CodedOutputStream.newInstance(bytes);
    stream.useDeterministicSerialization();
    try {
      message.writeTo(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    stream.checkNoSpaceLeft();
    return bytes;
  }

  private static void checkSize(Graph graph, List<Op> order) {
    long data = 0;
    for (Op op : order) {
      data += op.isConst() ? op.attrs().getBytes("data").size() : 0;
    }
    if (data > MAX_DATA_BYTES) {
      throw new SluiceException(
          ErrorCode.XIR_WRITE_PB_FAILURE,
          "constants of " + data + " bytes",
          "graph '" + graph.name() + "'",
          "an XMODEL holds less than 2 GiB; split the model");
    }
  }

  private static XirProto.OpNode op(Op op) {
    XirProto.OpNode.Builder out =
        XirProto.OpNode.newBuilder()
            .setOpName(op.name())
            .setOpType(op.type())
            .putAllOpAttr(AttrCodec.write(op.attrs()))
            .setOutputTensor(tensor(op.output()));
    op.inputs()
        .forEach(
            (arg, inputs) ->
                out.addArgs(
                    XirProto.OpArg.newBuilder()
                        .setArgName(arg)
                        .addAllArgOps(inputs.stream().map(Op::name).toList())));
    return out.build();
  }

  private static XirProto.Tensor tensor(Tensor tensor) {
    XirProto.Tensor.Builder out =
        XirProto.Tensor.newBuilder()
            .setTensorName(tensor.name())
            .setDataType(tensor.type().kind().ordinal())
            .setTensorBitWidth(tensor.type().bits())
            .putAllTensorAttr(AttrCodec.write(tensor.attrs()));
    for (int dim : tensor.shape().toArray()) {
      out.addTensorDim(dim);
    }
    return out.build();
  }

  private static XirProto.SubGraph subgraph(Subgraph node) {
    XirProto.SubGraph.Builder out =
        XirProto.SubGraph.newBuilder()
            .setSubgraphName(node.name())
            .putAllSubgAttr(AttrCodec.write(node.attrs()));
    if (node.isLeaf()) {
      node.ops().forEach(op -> out.addOpName(op.name()));
    } else {
      node.children().forEach(child -> out.addSubgChild(subgraph(child)));
    }
    return out.build();
  }
}
