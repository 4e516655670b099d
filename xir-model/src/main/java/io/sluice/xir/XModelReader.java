package io.sluice.xir;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.proto.XirProto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The bytes of a file to a graph; everything that they claim is checked. */
final class XModelReader {
  private final Graph graph;

  private XModelReader(Graph graph) {
    this.graph = graph;
  }

  /**
   * @param bytes the whole file; not to be changed any more, as constants refer to it
   */
  static Graph read(byte[] bytes, String file) {
    try {
      return readChecked(bytes, file);
    } catch (SluiceException e) {
      throw e.place().equals(file) ? e : moved(e, e.place() + " of " + file);
    }
  }

  private static Graph readChecked(byte[] bytes, String file) {
    XirProto.Graph in = parse(bytes, file);
    if (in.getOpDefsCount() == 0) {
      throw corrupt("the op definitions at the end are missing: the file was cut off", file, null);
    }
    OpLibrary library = OpLibrary.builtIn();
    for (XirProto.OpDef def : in.getOpDefsList()) {
      if (!library.isBuiltIn(def.getName())) {
        library.register(OpDefCodec.read(def));
      }
    }
    Graph graph = new Graph(in.getGraphName(), library);
    graph.setAttrs(AttrCodec.read(in.getGraphAttrMap(), "graph attributes"));
    XModelReader reader = new XModelReader(graph);
    in.getOpNodeList().forEach(reader::readOp);
    reader.readTree(in.getSubgRoot(), graph.root());
    return graph;
  }

  private static XirProto.Graph parse(byte[] bytes, String file) {
    if (bytes.length == 0) {
      throw corrupt("the file is empty", file, null);
    }
    try {
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      in.enableAliasing(true);
      XirProto.Graph message = XirProto.Graph.parseFrom(in);
      if (!message.getUnknownFields().asMap().isEmpty()) {
        throw corrupt(
            "unknown fields " + message.getUnknownFields().asMap().keySet() + " in the graph",
            file,
            null);
      }
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw corrupt("not an XMODEL, or cut off or damaged (" + e.getMessage() + ")", file, e);
    } catch (IOException e) {
      throw corrupt("cannot be read (" + e.getMessage() + ")", file, e);
    }
  }

  private void readOp(XirProto.OpNode in) {
    String place = "op '" + in.getOpName() + "' (" + in.getOpType() + ")";
    try {
      readOp(in, place);
    } catch (SluiceException e) {
      throw e.place().startsWith(place) ? e : moved(e, e.place() + " of " + place);
    }
  }

  private void readOp(XirProto.OpNode in, String place) {
    if (in.getOpType().isEmpty() || !in.hasOutputTensor()) {
      throw corrupt("an op without a type or an output tensor", place, null);
    }
    Map<String, List<Op>> inputs = new LinkedHashMap<>();
    for (XirProto.OpArg arg : in.getArgsList()) {
      List<Op> feeding = new ArrayList<>();
      for (String name : arg.getArgOpsList()) {
        if (!graph.has(name)) {
          throw new SluiceException(
              ErrorCode.XIR_UNDEFINED_OP,
              "argument '" + arg.getArgName() + "' names op '" + name + "', which is not above it",
              place,
              "write the ops in topological order");
        }
        feeding.add(graph.op(name));
      }
      if (inputs.put(arg.getArgName(), feeding) != null) {
        throw corrupt("argument '" + arg.getArgName() + "' twice", place, null);
      }
    }
    graph.add(
        in.getOpName(),
        in.getOpType(),
        AttrCodec.read(in.getOpAttrMap(), place),
        inputs,
        readTensor(in.getOutputTensor()));
  }

  private Tensor readTensor(XirProto.Tensor in) {
    int kind = in.getDataType();
    if (in.getTensorName().isEmpty() || kind < 0 || kind >= DataType.Kind.values().length) {
      throw corrupt(
          "tensor '" + in.getTensorName() + "' has no name or unknown type " + kind,
          "output tensor",
          null);
    }
    return new Tensor(
        in.getTensorName(),
        new DataType(DataType.Kind.values()[kind], in.getTensorBitWidth()),
        Shape.of(in.getTensorDimList().stream().mapToInt(Integer::intValue).toArray()),
        AttrCodec.read(in.getTensorAttrMap(), "output tensor"));
  }

  /** Gives a node of the tree, whose ops are settled, its name, its attributes and its children. */
  private void readTree(XirProto.SubGraph in, Subgraph node) {
    String place = "subgraph '" + in.getSubgraphName() + "'";
    if (!in.getSubgraphName().isEmpty()) {
      node.setName(in.getSubgraphName());
    }
    node.setAttrs(AttrCodec.read(in.getSubgAttrMap(), place));
    if (in.getSubgChildCount() == 0) {
      if (node.isRoot() && in.getOpNameCount() > 0) {
        List<Op> ops = readOps(in, place);
        if (ops.size() != graph.ops().size() || Set.copyOf(ops).size() != ops.size()) {
          throw corrupt("it does not name every op of the graph once", place, null);
        }
      }
      return;
    }
    List<List<Op>> shares = new ArrayList<>();
    for (XirProto.SubGraph child : in.getSubgChildList()) {
      List<Op> share = new ArrayList<>();
      collect(child, share);
      shares.add(share);
    }
    Map<Op, Subgraph> children = new HashMap<>();
    node.createChildren(shares)
        .forEach(child -> child.ops().forEach(op -> children.put(op, child)));
    for (int i = 0; i < shares.size(); i++) {
      readTree(in.getSubgChild(i), children.get(shares.get(i).get(0)));
    }
  }

  private void collect(XirProto.SubGraph in, List<Op> share) {
    String place = "subgraph '" + in.getSubgraphName() + "'";
    if (in.getSubgChildCount() > 0 && in.getOpNameCount() > 0) {
      throw corrupt("it has both ops and children", place, null);
    }
    share.addAll(readOps(in, place));
    in.getSubgChildList().forEach(child -> collect(child, share));
  }

  private List<Op> readOps(XirProto.SubGraph in, String place) {
    List<Op> ops = new ArrayList<>();
    for (String name : in.getOpNameList()) {
      if (!graph.has(name)) {
        throw new SluiceException(
            ErrorCode.XIR_UNDEFINED_OP,
            "it names op '" + name + "', which the graph does not have",
            place,
            "write the model again with the tool that made it");
      }
      ops.add(graph.op(name));
    }
    return ops;
  }

  private static SluiceException moved(SluiceException e, String place) {
    return new SluiceException(e.code(), e.thing(), place, e.remedy(), e);
  }

  private static SluiceException corrupt(String thing, String place, Throwable cause) {
    return new SluiceException(
        ErrorCode.XIR_READ_PB_FAILURE,
        thing,
        place,
        "copy or download the file again, or write it again with the tool that made it",
        cause);
  }
}
