package io.sluice.zoo;

/** ResNets (He et al., 2016) with the stride in the 3x3 convolution, as torchvision has them. */
final class ResNets {
  private static final int[] STAGES = {64, 128, 256, 512};

  private ResNets() {}

  static byte[] resnet18(ZooConfig config) {
    NetBuilder net = new NetBuilder("resnet18", config);
    Feature x = stem(net);
    for (int stage = 0; stage < STAGES.length; stage++) {
      for (int block = 0; block < 2; block++) {
        x = basic(net, x, net.scaled(STAGES[stage]), stage > 0 && block == 0 ? 2 : 1);
      }
    }
    return net.classified(x);
  }

  static byte[] resnet50(ZooConfig config) {
    NetBuilder net = new NetBuilder("resnet50", config);
    int[] blocks = {3, 4, 6, 3};
    Feature x = stem(net);
    for (int stage = 0; stage < STAGES.length; stage++) {
      for (int block = 0; block < blocks[stage]; block++) {
        x = bottleneck(net, x, net.scaled(STAGES[stage]), stage > 0 && block == 0 ? 2 : 1);
      }
    }
    return net.classified(x);
  }

  private static Feature stem(NetBuilder net) {
    Feature x = net.convNormRelu(net.image(), net.scaled(64), Kernel.same(7, 2));
    return net.maxPool(x, Kernel.same(3, 2), false);
  }

  private static Feature basic(NetBuilder net, Feature x, int channels, int stride) {
    Feature y = net.convNormRelu(x, channels, Kernel.same(3, stride));
    y = net.convNorm(y, channels, Kernel.same(3, 1), 1, 0.4);
    return net.relu(net.add(y, shortcut(net, x, channels, stride)));
  }

  private static Feature bottleneck(NetBuilder net, Feature x, int channels, int stride) {
    Feature y = net.convNormRelu(x, channels, Kernel.same(1, 1));
    y = net.convNormRelu(y, channels, Kernel.same(3, stride));
    y = net.convNorm(y, 4 * channels, Kernel.same(1, 1), 1, 0.4);
    return net.relu(net.add(y, shortcut(net, x, 4 * channels, stride)));
  }

  private static Feature shortcut(NetBuilder net, Feature x, int channels, int stride) {
    return stride == 1 && x.channels() == channels
        ? x
        : net.convNorm(x, channels, Kernel.same(1, stride), 1, 0.7);
  }
}
