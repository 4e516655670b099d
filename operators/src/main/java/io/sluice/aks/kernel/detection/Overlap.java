package io.sluice.aks.kernel.detection;

/** How much two boxes cover the same place, 0 to 1. Boxes without an area overlap with nothing. */
enum Overlap {
  /** Intersection over union. */
  IOU {
    @Override
    double of(Box a, Box b) {
      double shared = shared(a, b, 0);
      return shared == 0 ? 0 : shared / (a.area() + b.area() - shared);
    }
  },

  /** Intersection over the smaller box: 1 for a part of an object within the whole. */
  SMALLER {
    @Override
    double of(Box a, Box b) {
      double shared = shared(a, b, 0);
      return shared == 0 ? 0 : shared / Math.min(a.area(), b.area());
    }
  },

  /** Intersection over union of pixels: a box of one column is one pixel wide, as DenseBox does. */
  PIXELS {
    @Override
    double of(Box a, Box b) {
      double shared = shared(a, b, 1);
      return shared == 0 ? 0 : shared / (pixels(a) + pixels(b) - shared);
    }

    private double pixels(Box box) {
      return Math.max(0, (double) box.right() - box.left() + 1)
          * Math.max(0, (double) box.bottom() - box.top() + 1);
    }
  };

  abstract double of(Box a, Box b);

  private static double shared(Box a, Box b, int pixel) {
    double width = (double) Math.min(a.right(), b.right()) - Math.max(a.left(), b.left()) + pixel;
    double height = (double) Math.min(a.bottom(), b.bottom()) - Math.max(a.top(), b.top()) + pixel;
    return width <= 0 || height <= 0 ? 0 : width * height;
  }
}
