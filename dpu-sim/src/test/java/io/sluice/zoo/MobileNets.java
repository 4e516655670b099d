package io.sluice.zoo;

/** MobileNets of the first two generations (Howard et al., 2017; Sandler et al., 2018). */
final class MobileNets {
  private MobileNets() {}

  static byte[] v1(ZooConfig config) {
    NetBuilder net = new NetBuilder("mobilenet_v1", config);
    int[][] layers = {
      {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1},
      {512, 1}, {512, 1}, {1024, 2}, {1024, 1}
    };
    Feature x = net.convNormRelu(net.image(), net.scaled(32), Kernel.same(3, 2));
    for (int[] layer : layers) {
      x = net.relu(net.depthwiseNorm(x, Kernel.same(3, layer[1])));
      x = net.convNormRelu(x, net.scaled(layer[0]), Kernel.same(1, 1));
    }
    return net.classified(x);
  }

  static byte[] v2(ZooConfig config) {
    NetBuilder net = new NetBuilder("mobilenet_v2", config);
    // expansion, channels, blocks, stride of the first
    int[][] stages = {
      {1, 16, 1, 1},
      {6, 24, 2, 2},
      {6, 32, 3, 2},
      {6, 64, 4, 2},
      {6, 96, 3, 1},
      {6, 160, 3, 2},
      {6, 320, 1, 1}
    };
    Feature x = net.relu6(net.convNorm(net.image(), net.scaled(32), Kernel.same(3, 2)));
    for (int[] stage : stages) {
      for (int block = 0; block < stage[2]; block++) {
        x = inverted(net, x, stage[0], net.scaled(stage[1]), block == 0 ? stage[3] : 1);
      }
    }
    return net.classified(net.relu6(net.convNorm(x, net.scaled(1280), Kernel.same(1, 1))));
  }

  private static Feature inverted(
      NetBuilder net, Feature x, int expansion, int channels, int stride) {
    Feature y = x;
    if (expansion > 1) {
      y = net.relu6(net.convNorm(x, expansion * x.channels(), Kernel.same(1, 1)));
    }
    y = net.relu6(net.depthwiseNorm(y, Kernel.same(3, stride)));
    y = net.convNorm(y, channels, Kernel.same(1, 1), 1, 0.7);
    return stride == 1 && x.channels() == channels ? net.add(x, y) : y;
  }
}
