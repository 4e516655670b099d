package io.sluice.compile;

import io.sluice.optimize.Rewrite;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Moves the stride of 1x1 convolutions upstream. Such a convolution reads every second row and
 * column only; if all that read a value skip the same, the rest need not be computed: the stride
 * becomes 1 and what makes the value is told to skip instead. Activations, roundings and sums pass
 * that on, a 1x1 convolution takes it over in turn, and a larger one or a pool takes a larger
 * stride. Where a sum's other summand is needed whole elsewhere, a strided slice samples it: the
 * {@code fake_downsample} of the guide's profiler tables, whose Figure 37 shows that the compiler
 * does this to Caffe's ResNet-50. Integers come out the same, for no value that is kept changes.
 *
 * <p>It is a step of compiling, not a pass over float graphs, as the published names show: the
 * layer {@code res2c_branch2b_bias} keeps its place and gets a stride that the trained network has
 * not.
 */
final class FakeDownsample {
  /** What every target's convolution engine can do at least, and every depthwise one. */
  private static final int MAX_STRIDE = 4;

  private static final int MAX_DEPTHWISE_STRIDE = 2;

  private static final Set<String> WINDOWS =
      Set.of("conv2d", "depthwise-conv2d", "maxpool2d", "avgpool2d");

  private static final Set<String> ELEMENTWISE =
      Set.of("add", "fix", "hard-sigmoid", "hard-swish", "leaky-relu", "mul", "relu", "relu6");

  private final Graph source;
  private final List<Op> order;
  private final Set<Op> outputs;
  private final Set<Op> whole = new HashSet<>();
  private final Map<Op, Integer> steps = new HashMap<>();

  private FakeDownsample(Graph source) {
    this.source = source;
    this.order = source.topologicalOrder();
    this.outputs = Rewrite.outputs(source);
  }

  /** The graph with strides moved, under the same names, or the graph itself. */
  static Graph apply(Graph graph) {
    FakeDownsample pass = new FakeDownsample(graph);
    pass.findSteps();
    return pass.steps.values().stream().anyMatch(step -> step > 1) ? pass.rebuild() : graph;
  }

  /**
   * Finds for every value of how many rows and columns one is needed. An elementwise op none of
   * whose inputs is computed more sparsely gains nothing and stays whole.
   */
  private void findSteps() {
    boolean changed;
    do {
      steps.clear();
      for (int i = order.size() - 1; i >= 0; i--) {
        Op op = order.get(i);
        steps.put(op, canSkip(op) ? commonDemand(op) : 1);
      }
      changed = false;
      for (Op op : order) {
        boolean idle =
            steps.get(op) > 1
                && ELEMENTWISE.contains(op.type())
                && maps(op).stream().noneMatch(in -> steps.get(in) > 1);
        changed |= idle && whole.add(op);
      }
    } while (changed);
  }

  private boolean canSkip(Op op) {
    if (whole.contains(op) || outputs.contains(op) || Taken.is(op)) {
      return false;
    }
    if (op.output().shape().rank() != 4) {
      return false;
    }
    if (ELEMENTWISE.contains(op.type())) {
      Shape shape = op.output().shape();
      return !FixPositions.isConst(op)
          && maps(op).stream().allMatch(in -> in.output().shape().equals(shape))
          && op.inputs("input").stream().filter(FixPositions::isConst).allMatch(this::isPerChannel);
    }
    Attrs a = op.attrs();
    return WINDOWS.contains(op.type())
        && Set.of("FLOOR", "VALID").contains(a.getString("pad_mode"))
        && !a.getBool("global", false)
        && a.getInts("stride")[0] == a.getInts("stride")[1];
  }

  private boolean isPerChannel(Op constant) {
    Shape shape = constant.output().shape();
    return shape.elements() == 1 || shape.elements() == shape.dim(-1);
  }

  private int commonDemand(Op op) {
    int common = 0;
    for (Op reader : op.fanOut()) {
      int demand = demand(reader, op);
      if (common != 0 && demand != common) {
        return 1;
      }
      common = demand;
    }
    int limit = op.type().equals("depthwise-conv2d") ? MAX_DEPTHWISE_STRIDE : MAX_STRIDE;
    boolean fits =
        !WINDOWS.contains(op.type()) || op.attrs().getInts("stride")[0] * common <= limit;
    return common > 1 && fits ? common : 1;
  }

  /** Of how many rows and columns of an op's value a reader looks at one. */
  private int demand(Op reader, Op op) {
    if (Taken.is(reader)) {
      return 1;
    }
    if (isPointwise(reader) && reader.input() == op) {
      return reader.attrs().getInts("stride")[0] * steps.get(reader);
    }
    return ELEMENTWISE.contains(reader.type()) ? steps.get(reader) : 1;
  }

  private static boolean isPointwise(Op op) {
    if (!op.type().equals("conv2d")) {
      return false;
    }
    int[] kernel = op.attrs().getInts("kernel");
    int[] stride = op.attrs().getInts("stride");
    boolean padded = false;
    for (int pad : op.attrs().getInts("pad", 0, 0, 0, 0)) {
      padded |= pad != 0;
    }
    return kernel[0] == 1 && kernel[1] == 1 && stride[0] == stride[1] && !padded;
  }

  private static List<Op> maps(Op op) {
    return op.inputs("input").stream().filter(in -> !FixPositions.isConst(in)).toList();
  }

  private Graph rebuild() {
    Graph target = new Graph(source.name(), source.library());
    target.setAttrs(source.attrs());
    Map<Op, Op> images = new HashMap<>();
    Map<List<Object>, Op> sampled = new HashMap<>();
    for (Op op : order) {
      Map<String, List<Op>> inputs = new LinkedHashMap<>();
      op.inputs()
          .forEach(
              (arg, from) -> {
                List<Op> to = new ArrayList<>();
                for (Op in : from) {
                  boolean samples =
                      ELEMENTWISE.contains(op.type())
                          && !FixPositions.isConst(in)
                          && steps.get(op) > steps.get(in);
                  to.add(
                      samples
                          ? sampled.computeIfAbsent(
                              List.of(in, steps.get(op)),
                              key -> slice(target, in, images.get(in), steps.get(op)))
                          : images.get(in));
                }
                inputs.put(arg, to);
              });
      int step = steps.get(op);
      Attrs attrs = op.attrs();
      if (WINDOWS.contains(op.type())) {
        int done = isPointwise(op) ? steps.get(op.input()) : 1;
        int stride = attrs.getInts("stride")[0] * step / done;
        attrs = step == done ? attrs : attrs.with("stride", new int[] {stride, stride});
      }
      Tensor old = op.output();
      Tensor output =
          step == 1
              ? old
              : new Tensor(old.name(), old.type(), every(step, old.shape()), old.attrs());
      images.put(op, target.add(op.name(), op.type(), attrs, inputs, output));
    }
    return target;
  }

  private Op slice(Graph target, Op op, Op image, int step) {
    String name = op.name() + "_fake_downsample";
    while (source.has(name) || source.producer(name) != null || target.has(name)) {
      name += "_";
    }
    Attrs attrs =
        Attrs.EMPTY
            .with("begin", new int[4])
            .with("end", op.output().shape().toArray())
            .with("strides", new int[] {1, step, step, 1});
    return target.add(name, "strided_slice", attrs, image);
  }

  private static Shape every(int step, Shape shape) {
    return Shape.of(
        shape.dim(0),
        (shape.dim(1) + step - 1) / step,
        (shape.dim(2) + step - 1) / step,
        shape.dim(3));
  }
}
