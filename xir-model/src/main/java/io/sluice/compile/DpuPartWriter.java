package io.sluice.compile;

import io.sluice.target.DpuTarget;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes one DPU part: uploads, fixed-point ops with their constants, downloads, superlayers. */
final class DpuPartWriter {
  private static final Map<String, String> RUNNERS =
      Map.of(
          "ref", "libvart-cpu-runner.so",
          "run", "libvart-dpu-runner.so",
          "sim", "libvart-sim-runner.so");

  private final GraphWriter writer;
  private final NodeGraph nodes;
  private final Borders borders;
  private final DpuTarget target;
  private final Map<Op, Op> here = new HashMap<>();
  private final List<Op> ops = new ArrayList<>();

  DpuPartWriter(GraphWriter writer, NodeGraph nodes, Borders borders, DpuTarget target) {
    this.writer = writer;
    this.nodes = nodes;
    this.borders = borders;
    this.target = target;
  }

  SubgraphSpec write(Partitioner.Part part) {
    for (Node node : part.nodes()) {
      Op last = null;
      int steps = node.steps().size();
      for (int i = 0; i < steps; i++) {
        Step step = node.steps().get(i);
        last = write(step, last, i == steps - 1 ? tensorName(node) : step.name());
      }
      here.put(node.result(), last);
    }
    for (Node node : part.nodes()) {
      if (borders.leavesDpu(node.result())) {
        download(node);
      }
    }
    return describe();
  }

  private String tensorName(Node node) {
    String name = node.result().output().name();
    return borders.leavesDpu(node.result()) ? name + "_download_0" : name;
  }

  private Op write(Step step, Op previous, String tensor) {
    List<Op> operands = new ArrayList<>();
    for (Step.Operand operand : step.inputs()) {
      operands.add(operand.value() == null ? previous : read(nodes.value(operand.value())));
    }
    Map<String, List<Op>> inputs = new LinkedHashMap<>();
    inputs.put("input", operands);
    if (step.weights() != null) {
      inputs.put("weights", List.of(own(writer.constant(step.weights()))));
    }
    if (step.bias() != null) {
      inputs.put("bias", List.of(own(writer.constant(step.bias()))));
    }
    Attrs attrs = step.attrs();
    if (augmentsChannels(step, operands.get(0))) {
      attrs = attrs.with("channel_augmentation", 1);
    }
    Op op =
        own(
            writer.fixed(
                step.name(),
                step.type(),
                attrs,
                inputs,
                tensor,
                step.shape(),
                step.position(),
                Device.DPU));
    Workload workload = Workload.of(op, target);
    if (workload.nominal() > 0) {
      op.setAttrs(withWorkload(op.attrs(), workload));
    }
    return op;
  }

  /** A first layer of few channels packs kernel columns and channels together. */
  private boolean augmentsChannels(Step step, Op input) {
    int channels = step.input().shape().dim(-1);
    return step.type().equals("conv2d-fix")
        && input.type().equals("upload")
        && channels < target.conv().inputChannelParallel()
        && step.attrs().getInts("kernel")[0] * channels <= target.conv().channelAugmentation();
  }

  private Op read(Op value) {
    return here.computeIfAbsent(
        value,
        v -> {
          Op source = borders.fixed(v);
          return own(
              writer.fixed(
                  source.name() + "_upload_0",
                  "upload",
                  Attrs.EMPTY,
                  Map.of("input", List.of(source)),
                  source.output().name() + "_upload_0",
                  source.output().shape(),
                  source.output().attrs().getInt("fix_point"),
                  Device.DPU));
        });
  }

  private void download(Node node) {
    Op source = here.get(node.result());
    boolean isResult = node.readers().stream().anyMatch(Node::isExit);
    String name = node.result().output().name();
    Op op =
        own(
            writer.fixed(
                source.name() + "_download_0",
                "download",
                Attrs.EMPTY,
                Map.of("input", List.of(source)),
                isResult ? name + "_fixed" : name,
                source.output().shape(),
                source.output().attrs().getInt("fix_point"),
                Device.DPU));
    borders.offerFixed(node.result(), op);
  }

  private Op own(Op op) {
    ops.add(op);
    return op;
  }

  private SubgraphSpec describe() {
    List<SubgraphSpec> children = new ArrayList<>();
    String first = null;
    Workload total = Workload.NONE;
    for (Superlayers.Superlayer superlayer : Superlayers.of(ops)) {
      Workload workload = Workload.NONE;
      for (Op op : superlayer.ops()) {
        workload = workload.plus(Workload.of(op, target));
      }
      String type = superlayer.head().type();
      Attrs attrs = withWorkload(Attrs.EMPTY, workload);
      if (Superlayers.skipsCode(type)) {
        attrs = attrs.with("skip_code_gen", true);
      }
      String name = "subgraph_" + superlayer.head().name();
      children.add(SubgraphSpec.leaf(name, Device.DPU, superlayer.ops(), attrs));
      if (first == null && !type.equals("upload") && !type.equals("download")) {
        first = name;
      }
      total = total.plus(workload);
    }
    Attrs attrs =
        withWorkload(Attrs.EMPTY, total)
            .with("device", Device.DPU.name())
            .with("dpu_name", target.name())
            .with("dpu_fingerprint", AttrValue.ofUnsigned(target.fingerprint().value()))
            .with("if_prefetch", false)
            .with("runner", AttrValue.ofStringMap(RUNNERS));
    return new SubgraphSpec(first, Device.DPU, ops, children, attrs);
  }

  static Attrs withWorkload(Attrs attrs, Workload workload) {
    return attrs
        .with("workload", AttrValue.ofUnsigned(workload.nominal()))
        .with("workload_on_arch", AttrValue.ofUnsigned(workload.onArch()));
  }
}
