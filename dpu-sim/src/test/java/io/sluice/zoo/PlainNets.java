package io.sluice.zoo;

/** Networks without batch norm: VGG (Simonyan, 2015) and SqueezeNet 1.1 (Iandola et al., 2016). */
final class PlainNets {
  private PlainNets() {}

  /** The hidden layers have 4096 channels at width 1. */
  static byte[] vgg16(ZooConfig config) {
    NetBuilder net = new NetBuilder("vgg16", config);
    int[][] stages = {{64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}};
    Feature x = net.image();
    for (int[] stage : stages) {
      int channels = net.scaled(stage[0]);
      x = NetBuilder.repeat(stage[1], x, y -> net.convRelu(y, channels, Kernel.same(3, 1)));
      x = net.maxPool(x, Kernel.valid(2, 2), false);
    }
    // What the exporter makes of an adaptive pool to the size that there is.
    x = net.averagePool(x, Kernel.valid(1, 1));
    x = net.relu(net.linear(net.flatten(x), net.scaled(4096)));
    x = net.relu(net.linear(x, net.scaled(4096)));
    return net.build(net.linear(x, config.classes()));
  }

  static byte[] squeezeNet(ZooConfig config) {
    NetBuilder net = new NetBuilder("squeezenet1_1", config);
    Kernel pool = Kernel.valid(3, 2);
    Feature x = net.convRelu(net.image(), net.scaled(64), Kernel.valid(3, 2));
    x = net.maxPool(x, pool, true);
    x = fire(net, fire(net, x, 16, 64), 16, 64);
    x = net.maxPool(x, pool, true);
    x = fire(net, fire(net, x, 32, 128), 32, 128);
    x = net.maxPool(x, pool, true);
    x = fire(net, fire(net, x, 48, 192), 48, 192);
    x = fire(net, fire(net, x, 64, 256), 64, 256);
    x = net.convRelu(x, config.classes(), Kernel.same(1, 1));
    return net.build(net.flatten(net.globalAveragePool(x)));
  }

  private static Feature fire(NetBuilder net, Feature x, int squeeze, int expand) {
    Feature s = net.convRelu(x, net.scaled(squeeze), Kernel.same(1, 1));
    int out = net.scaled(expand);
    return net.concat(
        net.convRelu(s, out, Kernel.same(1, 1)), net.convRelu(s, out, Kernel.same(3, 1)));
  }
}
