package io.sluice.zoo;

import java.util.function.Function;

/** The networks. */
public enum Zoo {
  RESNET18("ResNet-18", 224, 64, 0.25, ResNets::resnet18),
  RESNET50("ResNet-50", 224, 64, 0.25, ResNets::resnet50),
  MOBILENET_V1("MobileNetV1", 224, 64, 0.25, MobileNets::v1),
  MOBILENET_V2("MobileNetV2", 224, 64, 0.25, MobileNets::v2),
  VGG16("VGG-16", 224, 64, 0.125, PlainNets::vgg16),
  SQUEEZENET("SqueezeNet 1.1", 224, 64, 0.25, PlainNets::squeezeNet),
  INCEPTION_V1("Inception-v1", 224, 64, 0.125, InceptionV1::build),
  INCEPTION_V3("Inception-v3", 299, 96, 0.125, InceptionV3::build),
  YOLOV3_TINY("YOLOv3-tiny", 416, 64, 0.125, DenseNets::yoloV3Tiny),
  UNET("U-Net", 256, 48, 0.125, DenseNets::uNet),
  TRANSFORMER("Transformer", 224, 64, 0.25, Transformer::spelledOut);

  private static final int IMAGENET = 1000;
  private static final int COCO = 80;

  private final String title;
  private final int size;
  private final int smallSize;
  private final double smallWidth;
  private final Function<ZooConfig, byte[]> builder;

  Zoo(
      String title,
      int size,
      int smallSize,
      double smallWidth,
      Function<ZooConfig, byte[]> builder) {
    this.title = title;
    this.size = size;
    this.smallSize = smallSize;
    this.smallWidth = smallWidth;
    this.builder = builder;
  }

  String title() {
    return title;
  }

  /** As published. */
  ZooConfig full() {
    return ZooConfig.full(size, this == YOLOV3_TINY ? COCO : IMAGENET);
  }

  /** All of its layers, at a size and width that plain loops compute in a moment. */
  ZooConfig small() {
    return full().sized(smallSize, smallWidth);
  }

  /** The ONNX file. */
  byte[] onnx(ZooConfig config) {
    return builder.apply(config);
  }
}
