package io.sluice.compile;

import io.sluice.xir.Graph;
import io.sluice.xir.Op;

/**
 * The float form of the guide's custom-op sample, with the fix positions that AMD's tools found.
 */
final class CustomOpNetwork {
  private CustomOpNetwork() {}

  static Graph graph() {
    QuantizedNet net = new QuantizedNet("custom_op");
    Op in = net.fix(net.data("input_1", 1, 28, 28, 1), -2);
    Op a = net.fix(net.valid("conv2d", in, 32, 7, 14, 7), 5);
    Op b = net.fix(net.valid("conv2d_1", a, 32, 7, 12, 8), 4);
    Op pooled = net.fix(net.pool("max_pooling2d", "maxpool2d", b, 2, 2), 4);
    Op c = net.fix(net.valid("conv2d_2", pooled, 64, 5, 10, 13), 3);
    Op small = net.fix(net.pool("max_pooling2d_1", "maxpool2d", c, 2, 2), 3);
    Op custom = net.fix(net.custom("custom_layer", small), 3);
    Op dense = net.fix(net.valid("dense", custom, 10, 2, 9, 13), 2);
    Op sigmoid = net.fix(net.op("dense_sigmoid", "hard-sigmoid", dense), 7);
    net.fix(net.reshape("flat", sigmoid, 1, 10), 7);
    return net.graph();
  }
}
