package io.sluice.onnx;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.Value.Known;
import io.sluice.onnx.Value.Live;
import io.sluice.onnx.proto.GraphProto;
import io.sluice.onnx.proto.ModelProto;
import io.sluice.onnx.proto.NodeProto;
import io.sluice.onnx.proto.TensorProto;
import io.sluice.onnx.proto.ValueInfoProto;
import io.sluice.optimize.FloatPasses;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a float ONNX model of opset 7 to 21 as an XIR graph with fixed shapes.
 *
 * <p>Whatever follows from constants and from the fixed shapes is evaluated, so the graph has no
 * arithmetic on shapes left. Inputs and outputs of four dimensions are NCHW in the model and NHWC
 * in the graph; all others keep their order. Ops are named after the ONNX tensors that they give,
 * and the tensors of the outputs have exactly the model's names; the graph attribute {@code
 * return_ops} lists the output ops in the model's order. {@link FloatPasses} then recognises
 * activations that are spelled out and folds batch norm and constant factors into convolutions.
 */
public final class OnnxImporter {
  private static final Map<String, NodeRule> RULES = rules();

  private final ModelProto model;
  private final String name;
  private final ExternalData external;
  private final ConstantFolder folder = new ConstantFolder();

  private OnnxImporter(ModelProto model, String name, Path directory) {
    this.model = model;
    this.name = name;
    this.external = new ExternalData(directory);
  }

  private static Map<String, NodeRule> rules() {
    Map<String, NodeRule> rules = new HashMap<>();
    ConvRules.register(rules);
    PoolRules.register(rules);
    ElementwiseRules.register(rules);
    ShapeRules.register(rules);
    SliceRules.register(rules);
    MatrixRules.register(rules);
    ResizeRules.register(rules);
    LayerRules.register(rules);
    return Map.copyOf(rules);
  }

  /**
   * Reads a model file; external data are read from its folder.
   *
   * @param inputShapes the shape of each input whose shape the model leaves open, in the order of
   *     the model (NCHW)
   * @return a float graph, NHWC, all shapes fixed
   * @throws SluiceException ONNX_READ_FAILURE, ONNX_INVALID_MODEL, ONNX_CYCLE, ONNX_DUPLICATE_NAME,
   *     ONNX_CONST_SIZE, ONNX_SHAPE_OVERFLOW, ONNX_NEGATIVE_PAD, ONNX_UNSUPPORTED_OP,
   *     ONNX_EXTERNAL_DATA_REFUSED, ONNX_DYNAMIC_SHAPE, SLUICE_LIMIT
   */
  public static Graph importModel(Path onnx, Map<String, int[]> inputShapes) {
    String name = onnx.toString();
    Path absolute = onnx.toAbsolutePath();
    ModelProto model = OnnxFile.parse(OnnxFile.bytes(onnx), name);
    return new OnnxImporter(model, name, absolute.getParent()).run(inputShapes);
  }

  /**
   * Reads a model from memory; it can have no external data.
   *
   * @param name what to call the model in errors
   * @see #importModel(Path, Map)
   */
  public static Graph importModel(byte[] model, String name, Map<String, int[]> inputShapes) {
    return new OnnxImporter(OnnxFile.parse(model, name), name, null).run(inputShapes);
  }

  private Graph run(Map<String, int[]> inputShapes) {
    try {
      return convert(inputShapes);
    } catch (IndexOutOfBoundsException | ArithmeticException | IllegalArgumentException e) {
      throw new SluiceException(
          ErrorCode.ONNX_INVALID_MODEL,
          "an inconsistent model: " + e,
          name,
          "check it with onnx.checker, and export it again",
          e);
    }
  }

  private Graph convert(Map<String, int[]> inputShapes) {
    int opset = OnnxFile.opset(model, name);
    GraphProto proto = model.getGraph();
    Map<String, TensorProto> initializers = new LinkedHashMap<>();
    for (TensorProto tensor : proto.getInitializerList()) {
      if (initializers.put(tensor.getName(), tensor) != null) {
        throw new SluiceException(
            ErrorCode.ONNX_DUPLICATE_NAME,
            "a second constant '" + tensor.getName() + "'",
            name,
            "give each constant a name of its own");
      }
    }
    Map<String, ValueInfoProto> inputs = new LinkedHashMap<>();
    for (ValueInfoProto input : proto.getInputList()) {
      if (!initializers.containsKey(input.getName())) {
        inputs.put(input.getName(), input);
      }
    }
    List<String> outputs = proto.getOutputList().stream().map(ValueInfoProto::getName).toList();
    if (outputs.isEmpty()) {
      throw invalid("a model without outputs");
    }
    Set<String> defined = new HashSet<>(initializers.keySet());
    defined.addAll(inputs.keySet());
    List<OnnxNode> nodes = NodeOrder.of(proto.getNodeList(), defined, outputs, opset, name);

    Graph graph = new Graph(proto.getName().isEmpty() ? "onnx" : proto.getName());
    ImportState state = new ImportState(graph, tensorNames(proto, defined));
    addInputs(state, inputs, new InputShapes(inputShapes, name));
    Set<String> read = new HashSet<>(outputs);
    nodes.forEach(n -> read.addAll(n.proto().getInputList()));
    for (TensorProto tensor : initializers.values()) {
      if (read.contains(tensor.getName())) {
        state.put(
            tensor.getName(), folder.brought(Tensors.read(tensor, tensor.getName(), external)));
      }
    }
    nodes.forEach(node -> convert(node, state));
    List<String> returned = new ArrayList<>();
    outputs.forEach(output -> returned.add(state.finish(output).name()));
    graph.setAttrs(
        graph.attrs().with("origin", "onnx").with("return_ops", AttrValue.ofStrings(returned)));
    return FloatPasses.apply(graph);
  }

  private static Set<String> tensorNames(GraphProto proto, Set<String> defined) {
    Set<String> names = new HashSet<>(defined);
    for (NodeProto node : proto.getNodeList()) {
      names.addAll(node.getOutputList());
    }
    return names;
  }

  private void addInputs(
      ImportState state, Map<String, ValueInfoProto> inputs, InputShapes shapes) {
    shapes.requireKnown(inputs.keySet());
    for (ValueInfoProto input : inputs.values()) {
      DataType type = ElementType.fromOnnx(input.getType().getTensorType().getElemType());
      if (type == null) {
        throw invalid(
            "input '"
                + input.getName()
                + "' of element type "
                + input.getType().getTensorType().getElemType());
      }
      Shape shape = shapes.of(input);
      Layout layout = shape.rank() == 4 ? Layout.channelsLast() : Layout.identity(shape.rank());
      Attrs attrs =
          Attrs.EMPTY
              .with("shape", layout.toStored(shape).toArray())
              .with("data_type", type.toString());
      state.put(
          input.getName(), new Live(state.graph().add(input.getName(), "data", attrs), layout));
    }
  }

  private void convert(OnnxNode node, ImportState state) {
    String domain = node.proto().getDomain();
    if (domain.equals(OnnxExporter.RUNTIME_DOMAIN)) {
      keep(node, state, node.unsupported("op " + node.type() + " of domain '" + domain + "'"));
      return;
    }
    if (!domain.isEmpty() && !domain.equals("ai.onnx")) {
      ForeignNodes.convert(node, state, model.getGraph());
      return;
    }
    if (node.type().equals("Constant")) {
      constant(node, state);
      return;
    }
    boolean known = node.inputCount() > 0;
    for (int i = 0; i < node.inputCount(); i++) {
      known &= !node.hasInput(i) || state.value(node, i) instanceof Known;
    }
    if (known && folder.fold(node, state)) {
      return;
    }
    NodeRule rule = RULES.get(node.type());
    if (rule == null) {
      keep(node, state, node.unsupported("no op of XIR for " + node.type()));
      return;
    }
    try {
      rule.apply(node, state);
    } catch (SluiceException e) {
      if (e.code() != ErrorCode.ONNX_UNSUPPORTED_OP) {
        throw e;
      }
      keep(node, state, e);
    } catch (IndexOutOfBoundsException | ArithmeticException | IllegalArgumentException e) {
      throw node.invalid("is inconsistent: " + e.getMessage());
    }
  }

  /** What XIR cannot express runs on the CPU as the node that it is. */
  private static void keep(OnnxNode node, ImportState state, SluiceException refusal) {
    String problem = KeptNodes.keep(node, state);
    if (problem != null) {
      throw node.unsupported(refusal.thing() + ", and the CPU cannot run it: " + problem);
    }
  }

  private void constant(OnnxNode node, ImportState state) {
    TensorData value;
    if (node.tensor("value") != null) {
      value = Tensors.read(node.tensor("value"), node.output(0), external);
    } else if (node.has("value_float")) {
      value = TensorData.ofFloats(Shape.of(), node.real("value_float", 0f));
    } else if (node.has("value_floats")) {
      float[] floats = node.reals("value_floats");
      value = TensorData.ofFloats(Shape.of(floats.length), floats);
    } else if (node.has("value_int")) {
      value = TensorData.ofLongs(Shape.of(), node.longs("value_int"));
    } else if (node.has("value_ints")) {
      long[] longs = node.longs("value_ints");
      value = TensorData.ofLongs(Shape.of(longs.length), longs);
    } else {
      throw node.unsupported("Constant other than a dense tensor of numbers");
    }
    state.put(node.output(0), folder.brought(value));
  }

  private SluiceException invalid(String what) {
    return new SluiceException(
        ErrorCode.ONNX_INVALID_MODEL,
        what,
        name,
        "check it with onnx.checker, and export it again");
  }
}
