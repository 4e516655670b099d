package io.sluice.aks.kernel;

import io.sluice.aks.kernel.image.Resize;
import io.sluice.aks.kernel.tensor.Softmax;
import io.sluice.aks.kernel.tensor.TopK;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Whether ND4J is the better tool for the arithmetic of the kernels: each of it in a plain loop and
 * in ND4J, from and to Java arrays as kernels hand them on, and in ND4J alone with its arrays made
 * before. What is expected: a plain loop touches each value once; ND4J has a price of some
 * microseconds for each operation and a pass over memory for each, so it can win only where one
 * operation is a matrix product. Medians of runs after a warm-up; both must agree, else it fails.
 */
public final class NdArraySpeed {
  private static final int WARM_UP = 30;
  private static final int RUNS = 41;

  private NdArraySpeed() {}

  public static void main(String[] args) {
    System.out.printf(
        Locale.ROOT, "%-34s %12s %12s %12s%n", "", "plain us", "ND4J us", "ND4J alone");
    softmaxTopK();
    meanSubtract(224);
    meanSubtract(640);
    resize(500, 375, 224);
    resize(1280, 720, 640);
    iou(1000);
    scores();
  }

  private static void softmaxTopK() {
    float[] values = random(1000, 1);
    INDArray made = Nd4j.create(values, 1, 1000);
    row(
        "softmax + top 5 of 1000",
        () -> {
          float[] copy = values.clone();
          Softmax.inPlace(copy, 0, copy.length);
          int[] best = TopK.indices(copy, 0, copy.length, 5);
          float[] top = new float[5];
          for (int i = 0; i < 5; i++) {
            top[i] = copy[best[i]];
          }
          return top;
        },
        () -> topOf(Transforms.softmax(Nd4j.create(values, 1, 1000), true)).toFloatVector(),
        () -> topOf(Transforms.softmax(made, true)));
  }

  private static INDArray topOf(INDArray probabilities) {
    INDArray sorted = Nd4j.sort(probabilities, 1, false);
    return sorted.get(
        org.nd4j.linalg.indexing.NDArrayIndex.point(0),
        org.nd4j.linalg.indexing.NDArrayIndex.interval(0, 5));
  }

  private static void meanSubtract(int side) {
    float[] image = random(side * side * 3, 2);
    float[] mean = {104, 107, 123};
    INDArray means = Nd4j.create(mean, 1, 3);
    INDArray made = Nd4j.create(image, side * side, 3);
    row(
        "mean subtract " + side + "x" + side + "x3",
        () -> {
          float[] out = new float[image.length];
          for (int i = 0; i < image.length; i += 3) {
            out[i] = image[i] - mean[0];
            out[i + 1] = image[i + 1] - mean[1];
            out[i + 2] = image[i + 2] - mean[2];
          }
          return out;
        },
        () -> Nd4j.create(image, side * side, 3).subiRowVector(means).data().asFloat(),
        () -> made.subRowVector(means));
  }

  private static void resize(int width, int height, int net) {
    byte[] bytes = new byte[width * height * 3];
    new Random(3).nextBytes(bytes);
    TensorData image = TensorData.wrap(DataType.UINT8, Shape.of(height, width, 3), bytes);
    INDArray down = NdResize.matrix(height, net);
    INDArray across = NdResize.matrix(width, net);
    INDArray made = NdResize.planes(bytes, width, height);
    row(
        "resize " + width + "x" + height + " to " + net + "x" + net,
        () -> {
          TensorData out = Resize.bilinear(image, net, net);
          float[] values = new float[net * net * 3];
          for (int i = 0; i < values.length; i++) {
            values[i] = out.getByte(i) & 0xff;
          }
          return values;
        },
        () ->
            NdResize.interleaved(
                NdResize.resize(NdResize.planes(bytes, width, height), down, across)),
        () -> NdResize.resize(made, down, across));
  }

  private static void iou(int count) {
    float[][] sides = new float[4][count];
    Random random = new Random(4);
    for (int i = 0; i < count; i++) {
      sides[0][i] = random.nextFloat() * 500;
      sides[1][i] = random.nextFloat() * 500;
      sides[2][i] = sides[0][i] + 1 + random.nextFloat() * 100;
      sides[3][i] = sides[1][i] + 1 + random.nextFloat() * 100;
    }
    INDArray[] made =
        Arrays.stream(sides).map(s -> Nd4j.create(s, 1, count)).toArray(INDArray[]::new);
    row(
        "IoU of " + count + " x " + count + " boxes",
        () -> {
          float[] out = new float[count * count];
          for (int i = 0; i < count; i++) {
            float area = (sides[2][i] - sides[0][i]) * (sides[3][i] - sides[1][i]);
            for (int j = 0; j < count; j++) {
              float w = Math.min(sides[2][i], sides[2][j]) - Math.max(sides[0][i], sides[0][j]);
              float h = Math.min(sides[3][i], sides[3][j]) - Math.max(sides[1][i], sides[1][j]);
              float both = Math.max(0, w) * Math.max(0, h);
              float other = (sides[2][j] - sides[0][j]) * (sides[3][j] - sides[1][j]);
              out[i * count + j] = both / (area + other - both);
            }
          }
          return out;
        },
        () ->
            NdIou.matrix(
                    Arrays.stream(sides)
                        .map(s -> Nd4j.create(s, 1, count))
                        .toArray(INDArray[]::new))
                .data()
                .asFloat(),
        () -> NdIou.matrix(made));
  }

  /** The best class of each YOLO box: objectness times class, both through the sigmoid. */
  private static void scores() {
    int boxes = 10_647;
    float[] values = random(boxes * 85, 5);
    INDArray made = Nd4j.create(values, boxes, 85);
    row(
        "best class of 10,647 x 85",
        () -> {
          float[] out = new float[boxes];
          for (int i = 0; i < boxes; i++) {
            // The sigmoid is monotonic: only the largest is needed.
            float max = Float.NEGATIVE_INFINITY;
            for (int k = 5; k < 85; k++) {
              max = Math.max(max, values[i * 85 + k]);
            }
            out[i] = Softmax.sigmoid(values[i * 85 + 4]) * Softmax.sigmoid(max);
          }
          return out;
        },
        () -> bestClass(Nd4j.create(values, boxes, 85)).data().asFloat(),
        () -> bestClass(made));
  }

  private static INDArray bestClass(INDArray values) {
    INDArray classes =
        values.get(
            org.nd4j.linalg.indexing.NDArrayIndex.all(),
            org.nd4j.linalg.indexing.NDArrayIndex.interval(5, 85));
    INDArray objectness = Transforms.sigmoid(values.getColumn(4), true);
    return Transforms.sigmoid(classes.max(1), false).muli(objectness);
  }

  private static void row(
      String name, Supplier<float[]> plain, Supplier<float[]> nd, Supplier<INDArray> alone) {
    float[] a = plain.get();
    float[] b = nd.get();
    for (int i = 0; i < a.length; i++) {
      float tolerance = name.startsWith("resize") ? 0.63f : 1e-4f;
      if (a.length != b.length || Math.abs(a[i] - b[i]) > tolerance) {
        throw new IllegalStateException(name + ": " + a[i] + " and " + b[i] + " at " + i);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%-34s %12.1f %12.1f %12.1f%n",
        name,
        medianUs(plain),
        medianUs(nd),
        medianUs(alone));
  }

  private static double medianUs(Supplier<?> work) {
    for (int i = 0; i < WARM_UP; i++) {
      sink = work.get();
    }
    long[] times = new long[RUNS];
    for (int i = 0; i < RUNS; i++) {
      long begun = System.nanoTime();
      sink = work.get();
      times[i] = System.nanoTime() - begun;
    }
    Arrays.sort(times);
    return times[RUNS / 2] / 1e3;
  }

  /** So that no work is left out. */
  @SuppressWarnings("unused")
  private static volatile Object sink;

  private static float[] random(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * 3;
    }
    return values;
  }
}
