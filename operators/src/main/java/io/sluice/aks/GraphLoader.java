package io.sluice.aks;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Makes a graph that can run of one that is written, or says what is wrong with it. */
final class GraphLoader {
  private final KernelFiles kernels;
  private final KernelContext context;
  private final ModelSource models;

  GraphLoader(KernelFiles kernels, KernelContext context, ModelSource models) {
    this.kernels = kernels;
    this.context = context;
    this.models = models;
  }

  AksGraph load(GraphFile file) {
    file.nodes().forEach(this::requireKernel);
    GraphShape shape = GraphShape.of(file);
    Map<String, Integer> indices = new HashMap<>();
    for (int i = 0; i < file.nodes().size(); i++) {
      indices.put(file.nodes().get(i).name(), i);
    }
    AksNode[] done = new AksNode[file.nodes().size()];
    for (int index : shape.order()) {
      done[index] = node(index, file.nodes().get(index), shape.parents().get(index), done, indices);
    }
    List<AksNode> nodes = List.of(done);
    for (AksNode node : nodes) {
      if (node.children().isEmpty() && !node.givesWhole()) {
        throw file.nodes()
            .get(node.index())
            .at()
            .bad(
                ErrorCode.SLUICE_GRAPH_SPLIT,
                "the last node '" + node.name() + "' gives parts of jobs",
                "put a joining kernel at the end");
      }
    }
    return new AksGraph(
        file.name(), nodes, shape.order(), file.options(), outputs(file, nodes, indices));
  }

  private void requireKernel(GraphFile.Node node) {
    if (kernels.provider(node.kernel()).isEmpty()) {
      JsonAt at = node.at().require("node_params");
      throw at.bad(
          ErrorCode.SLUICE_GRAPH_KERNEL_UNKNOWN,
          kernels.spec(node.kernel()).isPresent()
              ? "kernel '" + node.kernel() + "' has a kernel file but is not installed"
              : "no kernel '" + node.kernel() + "'",
          "use one of " + kernels.names() + ", or put the jar of the kernel on the class path");
    }
  }

  private AksNode node(
      int index,
      GraphFile.Node node,
      List<Integer> parents,
      AksNode[] done,
      Map<String, Integer> indices) {
    KernelSpec spec = kernels.spec(node.kernel()).orElseThrow();
    KernelProvider provider = kernels.provider(node.kernel()).orElseThrow();
    NodeParams params = params(node, spec);
    List<InputRef> inputs = inputs(node, parents, done, indices);
    int split = split(node, parents, done);
    Kernel kernel = at(node, () -> provider.create(params, context));
    if (node.options().dpu().isPresent() && !(kernel instanceof DpuKernel)) {
      throw node.at()
          .require("sluice")
          .bad(
              ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
              "'dpu' for kernel '" + spec.name() + "'",
              "give it to DPU nodes only");
    }
    Optional<List<TensorSpec>> taken = taken(inputs, done);
    List<ModelSource.Known> known = new ArrayList<>();
    Optional<List<TensorSpec>> given;
    if (kernel instanceof DpuKernel dpu) {
      dpu.modelFiles().forEach(name -> known.add(models.read(name, node.params())));
      requireInput(node, known, taken);
      given = Optional.of(dpuOutputs(node, known));
    } else {
      given = taken.flatMap(specs -> at(node, () -> provider.outputs(params, specs)));
    }
    AksNode made =
        new AksNode(
            index,
            node.name(),
            spec,
            kernel,
            node.options(),
            List.copyOf(parents),
            inputs,
            node.next(),
            split,
            given,
            List.copyOf(known));
    requireSplit(node, made);
    return made;
  }

  /** What a provider throws, with the place in the file. */
  private static <T> T at(GraphFile.Node node, Supplier<T> call) {
    try {
      return call.get();
    } catch (SluiceException e) {
      throw new SluiceException(
          e.code(),
          e.thing(),
          node.params().file() + ", " + node.params().path() + " (node '" + node.name() + "')",
          e.remedy(),
          e);
    }
  }

  private static NodeParams params(GraphFile.Node node, KernelSpec spec) {
    Map<String, ParamValue> values = new TreeMap<>();
    for (String key : node.params().keys()) {
      ParamSpec param =
          spec.param(key)
              .orElseThrow(
                  () ->
                      node.params()
                          .bad(
                              ErrorCode.SLUICE_GRAPH_PARAM_UNKNOWN,
                              "kernel '" + spec.name() + "' has no parameter '" + key + "'",
                              "give it those it has: "
                                  + spec.params().stream().map(ParamSpec::name).toList()));
      node.params()
          .find(key)
          .ifPresent(value -> values.put(key, ParamReader.read(value, param.type())));
    }
    for (ParamSpec param : spec.params()) {
      if (!values.containsKey(param.name())) {
        if (param.required()) {
          throw node.params()
              .bad(
                  ErrorCode.SLUICE_GRAPH_PARAM_MISSING,
                  "no parameter '" + param.name() + "', which kernel '" + spec.name() + "' needs",
                  "give it a value of type " + param.type().id());
        }
        param.defaultValue().ifPresent(value -> values.put(param.name(), value));
      }
    }
    return new NodeParams(node.name(), values);
  }

  private static List<InputRef> inputs(
      GraphFile.Node node, List<Integer> parents, AksNode[] done, Map<String, Integer> indices) {
    if (node.options().inputs().isEmpty()) {
      return parents.stream().map(parent -> new InputRef(parent, InputRef.ALL)).toList();
    }
    List<InputRef> inputs = new ArrayList<>();
    JsonAt at = node.at().require("sluice").require("inputs");
    for (String text : node.options().inputs()) {
      InputRef ref = InputRef.parse(text, indices, at);
      if (!parents.contains(ref.node())) {
        throw at.bad(
            ErrorCode.SLUICE_GRAPH_INPUT_UNKNOWN,
            "'" + text + "' is of no parent",
            "name outputs of nodes that have '" + node.name() + "' as next_node");
      }
      requireOutput(ref, done[ref.node()], text, at);
      inputs.add(ref);
    }
    return List.copyOf(inputs);
  }

  private static void requireOutput(InputRef ref, AksNode node, String text, JsonAt at) {
    int count = node.outputs().map(List::size).orElse(Integer.MAX_VALUE);
    if (ref.output() >= count) {
      throw at.bad(
          ErrorCode.SLUICE_GRAPH_INPUT_UNKNOWN,
          "'" + text + "': the node has " + count + " outputs",
          "count them from 0");
    }
  }

  /** What is known of the tensors that come; empty if not even their number is. */
  private static Optional<List<TensorSpec>> taken(List<InputRef> inputs, AksNode[] done) {
    List<TensorSpec> taken = new ArrayList<>();
    for (InputRef ref : inputs) {
      Optional<List<TensorSpec>> given = done[ref.node()].outputs();
      if (ref.output() != InputRef.ALL) {
        taken.add(given.map(specs -> specs.get(ref.output())).orElse(TensorSpec.ANYTHING));
      } else if (given.isEmpty()) {
        return Optional.empty();
      } else {
        taken.addAll(given.get());
      }
    }
    return Optional.of(taken);
  }

  private static void requireInput(
      GraphFile.Node node, List<ModelSource.Known> models, Optional<List<TensorSpec>> taken) {
    boolean fits =
        taken.isEmpty()
            || node.options().inputs().isEmpty() && taken.get().isEmpty()
            || taken.get().size() == 1
                && models.stream().anyMatch(model -> model.input().meets(taken.get().get(0)));
    if (!fits) {
      throw node.at()
          .bad(
              ErrorCode.SLUICE_GRAPH_SHAPE,
              "node '"
                  + node.name()
                  + "' gets "
                  + taken.get()
                  + ", its model takes "
                  + models.stream().map(ModelSource.Known::input).toList(),
              "set net_w and net_h, and the layout NHWC, before it; take one tensor by"
                  + " sluice.inputs if there are more");
    }
  }

  /** All outputs of the network; in several widths only their number is known. */
  private static List<TensorSpec> dpuOutputs(GraphFile.Node node, List<ModelSource.Known> models) {
    List<Integer> counts = models.stream().map(model -> model.outputs().size()).distinct().toList();
    if (counts.size() > 1) {
      throw node.params()
          .bad(
              ErrorCode.SLUICE_GRAPH_MODEL_FILE,
              "models with " + counts + " outputs",
              "name one network in several widths");
    }
    return models.size() == 1
        ? models.get(0).outputs()
        : Collections.nCopies(counts.get(0), TensorSpec.ANYTHING);
  }

  private static int split(GraphFile.Node node, List<Integer> parents, AksNode[] done) {
    List<Integer> splits =
        parents.stream()
            .map(
                parent ->
                    done[parent].splits()
                        ? parent
                        : done[parent].givesWhole() ? AksNode.WHOLE : done[parent].split())
            .distinct()
            .toList();
    if (splits.size() > 1) {
      throw node.at()
          .bad(
              ErrorCode.SLUICE_GRAPH_SPLIT,
              "node '" + node.name() + "' gets whole jobs and parts, or parts of two splits",
              "join the parts before");
    }
    return splits.isEmpty() ? AksNode.WHOLE : splits.get(0);
  }

  private static void requireSplit(GraphFile.Node node, AksNode made) {
    boolean inParts = made.split() != AksNode.WHOLE;
    if (made.joins() && !inParts || made.splits() && inParts) {
      throw node.at()
          .bad(
              ErrorCode.SLUICE_GRAPH_SPLIT,
              "kernel '" + made.spec().name() + "' " + (inParts ? "splits parts" : "has no parts"),
              inParts ? "join the parts before they are split" : "put a splitting kernel before");
    }
  }

  private static Map<String, InputRef> outputs(
      GraphFile file, List<AksNode> nodes, Map<String, Integer> indices) {
    Map<String, InputRef> outputs = new LinkedHashMap<>();
    file.options()
        .outputs()
        .forEach(
            (name, text) -> {
              JsonAt at = file.at().require("sluice").require("outputs").require(name);
              InputRef ref = InputRef.parse(text, indices, at);
              AksNode node = nodes.get(ref.node());
              if (!node.children().isEmpty() || ref.output() == InputRef.ALL) {
                throw at.bad(
                    ErrorCode.SLUICE_GRAPH_INPUT_UNKNOWN,
                    "'" + text + "' is no single output of a last node",
                    "write 'node:0' for a node without next_node");
              }
              requireOutput(ref, node, text, at);
              outputs.put(name, ref);
            });
    return outputs;
  }
}
