package io.sluice.compile;

import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;

/**
 * ResNet-50 as Caffe has it: the first 1x1 convolution of a stage has the stride, the branch with
 * the projection stands before the other, the pool rounds its size up. Quantized by hand, weights
 * random.
 */
final class CaffeResNet50 {
  private static final int[] BLOCKS = {3, 4, 6, 3};

  private final QuantizedNet net = new QuantizedNet("ResNet-50");

  private CaffeResNet50() {}

  /** The graph for images of size x size. */
  static Graph graph(int size) {
    return new CaffeResNet50().build(size);
  }

  private Graph build(int size) {
    Op conv1 = net.convRelu("conv1", net.input(1, size, size, 3), 64, 7, 2);
    Attrs pool =
        Attrs.EMPTY
            .with("kernel", new int[] {3, 3})
            .with("stride", new int[] {2, 2})
            .with("pad_mode", "CEIL");
    Op x = net.fix(net.graph().add("pool1", "maxpool2d", pool, conv1));
    for (int stage = 0; stage < BLOCKS.length; stage++) {
      for (int block = 0; block < BLOCKS[stage]; block++) {
        x = block("res" + (stage + 2) + (char) ('a' + block), x, 64 << stage, block, stage);
      }
    }
    Op pooled = net.global("pool5", x);
    net.fix(net.bareConv("fc1000", "conv2d", pooled, 1000, 1, 1));
    return net.graph();
  }

  private Op block(String name, Op in, int width, int block, int stage) {
    int stride = block == 0 && stage > 0 ? 2 : 1;
    Op shortcut = block == 0 ? net.conv(name + "_branch1", in, 4 * width, 1, stride) : in;
    Op a = net.convRelu(name + "_branch2a", in, width, 1, stride);
    Op b = net.convRelu(name + "_branch2b", a, width, 3, 1);
    Op c = net.conv(name + "_branch2c", b, 4 * width, 1, 1);
    return net.fix(net.op(name + "_relu", "relu", net.op(name, "add", shortcut, c)));
  }
}
