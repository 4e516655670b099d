package io.sluice.zoo;

/** Inception-v3 (Szegedy et al., 2016) without its auxiliary classifier; images of 75 and more. */
final class InceptionV3 {
  private static final Kernel POINT = Kernel.same(1, 1);

  private final NetBuilder net;

  private InceptionV3(NetBuilder net) {
    this.net = net;
  }

  static byte[] build(ZooConfig config) {
    return new InceptionV3(new NetBuilder("inception_v3", config)).build();
  }

  private byte[] build() {
    Feature x = conv(net.image(), 32, Kernel.valid(3, 2));
    x = conv(x, 32, Kernel.valid(3, 1));
    x = conv(x, 64, Kernel.same(3, 1));
    x = net.maxPool(x, Kernel.valid(3, 2), false);
    x = conv(x, 80, POINT);
    x = conv(x, 192, Kernel.valid(3, 1));
    x = net.maxPool(x, Kernel.valid(3, 2), false);
    x = five(five(five(x, 32), 64), 64);
    x = toSix(x);
    for (int channels : new int[] {128, 160, 160, 192}) {
      x = six(x, channels);
    }
    return net.classified(seven(seven(toSeven(x))));
  }

  private Feature conv(Feature x, int channels, Kernel k) {
    return net.convNormRelu(x, net.scaled(channels), k);
  }

  private Feature pooled(Feature x, int channels) {
    return conv(net.averagePool(x, Kernel.same(3, 1)), channels, POINT);
  }

  private Feature five(Feature x, int project) {
    Feature b = conv(conv(x, 48, POINT), 64, Kernel.same(5, 1));
    Feature c = conv(conv(conv(x, 64, POINT), 96, Kernel.same(3, 1)), 96, Kernel.same(3, 1));
    return net.concat(conv(x, 64, POINT), b, c, pooled(x, project));
  }

  private Feature toSix(Feature x) {
    Feature b = conv(conv(conv(x, 64, POINT), 96, Kernel.same(3, 1)), 96, Kernel.valid(3, 2));
    Feature c = net.maxPool(x, Kernel.valid(3, 2), false);
    return net.concat(conv(x, 384, Kernel.valid(3, 2)), b, c);
  }

  private Feature six(Feature x, int channels) {
    Kernel row = Kernel.flat(1, 7);
    Kernel column = Kernel.flat(7, 1);
    Feature b = conv(conv(conv(x, channels, POINT), channels, row), 192, column);
    Feature c = conv(conv(conv(x, channels, POINT), channels, column), channels, row);
    c = conv(conv(c, channels, column), 192, row);
    return net.concat(conv(x, 192, POINT), b, c, pooled(x, 192));
  }

  private Feature toSeven(Feature x) {
    Feature a = conv(conv(x, 192, POINT), 320, Kernel.valid(3, 2));
    Feature b = conv(conv(conv(x, 192, POINT), 192, Kernel.flat(1, 7)), 192, Kernel.flat(7, 1));
    b = conv(b, 192, Kernel.valid(3, 2));
    return net.concat(a, b, net.maxPool(x, Kernel.valid(3, 2), false));
  }

  private Feature seven(Feature x) {
    Feature b = forked(conv(x, 384, POINT));
    Feature c = forked(conv(conv(x, 448, POINT), 384, Kernel.same(3, 1)));
    return net.concat(conv(x, 320, POINT), b, c, pooled(x, 192));
  }

  private Feature forked(Feature x) {
    return net.concat(conv(x, 384, Kernel.flat(1, 3)), conv(x, 384, Kernel.flat(3, 1)));
  }
}
