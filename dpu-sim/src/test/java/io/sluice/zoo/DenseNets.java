package io.sluice.zoo;

import java.util.ArrayList;
import java.util.List;

/** Networks that answer for every place of an image: YOLOv3-tiny and a U-Net. */
final class DenseNets {
  private static final float DARKNET_SLOPE = 0.1f;

  private DenseNets() {}

  /** Two outputs of 3 x (classes + 5) channels; the size is a multiple of 32. */
  static byte[] yoloV3Tiny(ZooConfig config) {
    NetBuilder net = new NetBuilder("yolov3_tiny", config);
    int out = 3 * (config.classes() + 5);
    Feature x = net.image();
    for (int channels : new int[] {16, 32, 64, 128}) {
      x = net.maxPool(leaky(net, x, channels, 3), Kernel.valid(2, 2), false);
    }
    Feature fine = leaky(net, x, 256, 3);
    x = net.maxPool(fine, Kernel.valid(2, 2), false);
    x = net.padFar(leaky(net, x, 512, 3));
    x = net.maxPool(x, Kernel.valid(2, 1), false);
    x = leaky(net, leaky(net, x, 1024, 3), 256, 1);
    Feature coarseHead = net.conv(leaky(net, x, 512, 3), out, Kernel.same(1, 1));
    Feature up = net.upsampleNearest2(leaky(net, x, 128, 1));
    Feature fineHead = leaky(net, net.concat(up, fine), 256, 3);
    return net.build(coarseHead, net.conv(fineHead, out, Kernel.same(1, 1)));
  }

  private static Feature leaky(NetBuilder net, Feature x, int channels, int kernel) {
    Feature y = net.convNorm(x, net.scaled(channels), Kernel.same(kernel, 1));
    return net.leakyRelu(y, DARKNET_SLOPE);
  }

  /** Ronneberger et al., 2015, with padding and batch norm; the size is a multiple of 16. */
  static byte[] uNet(ZooConfig config) {
    NetBuilder net = new NetBuilder("unet", config);
    List<Feature> skips = new ArrayList<>();
    Feature x = net.image();
    for (int channels : new int[] {64, 128, 256, 512}) {
      Feature level = twice(net, x, channels);
      skips.add(level);
      x = net.maxPool(level, Kernel.valid(2, 2), false);
    }
    x = twice(net, x, 1024);
    for (int channels : new int[] {512, 256, 128, 64}) {
      Feature up = net.convTranspose2(x, net.scaled(channels));
      x = twice(net, net.concat(skips.remove(skips.size() - 1), up), channels);
    }
    return net.build(net.conv(x, 2, Kernel.same(1, 1)));
  }

  private static Feature twice(NetBuilder net, Feature x, int channels) {
    return NetBuilder.repeat(
        2, x, y -> net.convNormRelu(y, net.scaled(channels), Kernel.same(3, 1)));
  }
}
