package io.sluice.zoo;

/** GoogLeNet (Szegedy et al., 2015) with batch norm and without its auxiliary classifiers. */
final class InceptionV1 {
  private InceptionV1() {}

  static byte[] build(ZooConfig config) {
    NetBuilder net = new NetBuilder("googlenet", config);
    Kernel pool = Kernel.valid(3, 2);
    Feature x = net.convNormRelu(net.image(), net.scaled(64), Kernel.same(7, 2));
    x = net.maxPool(x, pool, true);
    x = net.convNormRelu(x, net.scaled(64), Kernel.same(1, 1));
    x = net.convNormRelu(x, net.scaled(192), Kernel.same(3, 1));
    x = net.maxPool(x, pool, true);
    x = module(net, x, 64, 96, 128, 16, 32, 32);
    x = module(net, x, 128, 128, 192, 32, 96, 64);
    x = net.maxPool(x, pool, true);
    x = module(net, x, 192, 96, 208, 16, 48, 64);
    x = module(net, x, 160, 112, 224, 24, 64, 64);
    x = module(net, x, 128, 128, 256, 24, 64, 64);
    x = module(net, x, 112, 144, 288, 32, 64, 64);
    x = module(net, x, 256, 160, 320, 32, 128, 128);
    x = net.maxPool(x, Kernel.valid(2, 2), true);
    x = module(net, x, 256, 160, 320, 32, 128, 128);
    x = module(net, x, 384, 192, 384, 48, 128, 128);
    return net.classified(x);
  }

  private static Feature module(
      NetBuilder net, Feature x, int one, int red3, int three, int red5, int five, int project) {
    Kernel point = Kernel.same(1, 1);
    Feature a = net.convNormRelu(x, net.scaled(one), point);
    Feature b = net.convNormRelu(x, net.scaled(red3), point);
    b = net.convNormRelu(b, net.scaled(three), Kernel.same(3, 1));
    Feature c = net.convNormRelu(x, net.scaled(red5), point);
    c = net.convNormRelu(c, net.scaled(five), Kernel.same(5, 1));
    Feature d = net.maxPool(x, Kernel.same(3, 1), true);
    return net.concat(a, b, c, net.convNormRelu(d, net.scaled(project), point));
  }
}
