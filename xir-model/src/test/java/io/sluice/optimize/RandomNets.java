package io.sluice.optimize;

import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Seeded graphs made of the patterns that passes look for, with some values read twice. */
final class RandomNets {
  private final Random random;
  private final Net net;
  private final List<Op> values = new ArrayList<>();

  private RandomNets(long seed) {
    this.random = new Random(seed);
    this.net = new Net(seed);
  }

  static Graph of(long seed) {
    return new RandomNets(seed).graph();
  }

  private Graph graph() {
    values.add(net.input(1, 4, 4, 4));
    for (int i = 3 + random.nextInt(8); i > 0; i--) {
      Op last = values.get(values.size() - 1);
      Op from = random.nextInt(4) > 0 ? last : values.get(random.nextInt(values.size()));
      values.add(steps().get(random.nextInt(steps().size())).apply(from));
    }
    List<Op> outputs = new ArrayList<>();
    outputs.add(values.get(values.size() - 1));
    if (random.nextBoolean()) {
      outputs.add(values.get(1 + random.nextInt(values.size() - 1)));
    }
    return net.returning(outputs.stream().distinct().toArray(Op[]::new));
  }

  /** All keep the shape [1, 4, 4, 4]. */
  private List<UnaryOperator<Op>> steps() {
    return List.of(
        x -> net.conv(x, 4, random.nextBoolean() ? 1 : 3),
        x -> net.depthwise(x, 3),
        net::batchNorm,
        x -> net.op("mul", net.random(0.5f, 1, 4), x),
        x -> net.op("add", x, net.random(4)),
        x -> net.op("sub", x, net.op("neg", net.random(1))),
        x -> net.op("identity", x),
        x -> net.op("relu", net.op("relu6", x)),
        x -> net.op("min", net.op("max", x, net.scalar(0)), net.scalar(6)),
        this::hardSigmoid,
        x -> net.op("mul", x, hardSigmoid(x)),
        x -> net.op("min", net.op("max", line(x), net.scalar(0)), net.scalar(1)),
        x -> net.op("max", net.op("mul", x, net.scalar(0.1)), x),
        x -> net.transpose(net.op("relu", net.transpose(x, 0, 3, 1, 2)), 0, 2, 3, 1),
        x -> net.reshape(net.op("relu", net.reshape(x, 1, 16, 4)), 1, 4, 4, 4),
        this::paddedConv,
        this::normalised,
        this::layerNorm,
        x -> net.op("mul", x, mean(x, 1, 2)),
        x -> net.op("add", x, values.get(random.nextInt(values.size()))),
        x -> net.op("add", net.matmul(x, net.random(4, 4)), net.random(4)),
        x -> net.op("pixel-shuffle", Attrs.EMPTY.with("scale", 2).with("upscale", true), wide(x)),
        net::opaque);
  }

  /** [1, 2, 2, 16] by a convolution. */
  private Op wide(Op x) {
    Map<String, Op> weights = Map.of("weights", net.random(16, 2, 2, 4));
    return net.with("conv2d", Net.window(2, 2, 0), x, weights);
  }

  private Op hardSigmoid(Op x) {
    return net.op("div", net.op("relu6", net.op("add", x, net.scalar(3))), net.scalar(6));
  }

  private Op line(Op x) {
    return net.op("add", net.op("mul", x, net.scalar(0.2)), net.scalar(0.5));
  }

  private Op paddedConv(Op x) {
    Attrs pad =
        Attrs.EMPTY.with("paddings", new int[] {0, 0, 1, 1, 1, 1, 0, 0}).with("mode", "CONSTANT");
    Map<String, Op> weights = Map.of("weights", net.random(4, 3, 3, 4));
    return net.with("conv2d", Net.window(3, 1, 0), net.op("pad", pad, x), weights);
  }

  private Op reduced(String type, Op x, int... axes) {
    return net.op(type, Attrs.EMPTY.with("axis", axes).with("keep_dims", true), x);
  }

  private Op mean(Op x, int... axes) {
    return reduced("reduction_mean", x, axes);
  }

  private Op root(Op x) {
    Shape shape = x.output().shape();
    Attrs attrs = Attrs.EMPTY.with("shape", shape.toArray()).with("data_type", "FLOAT32");
    return net.op("onnx::Sqrt", attrs, x);
  }

  private Op normalised(Op x) {
    Op sum = reduced("reduction_sum", net.op("mul", x, x), 3);
    return net.op("div", x, root(net.op("max", sum, net.scalar(0.01))));
  }

  private Op layerNorm(Op x) {
    Op centred = net.op("sub", x, mean(x, 3));
    Op variance = mean(net.op("mul", centred, centred), 3);
    Op norm = net.op("div", centred, root(net.op("add", variance, net.scalar(0.1))));
    return net.op("add", net.op("mul", norm, net.random(0.5f, 1, 4)), net.random(4));
  }
}
