package io.sluice.aks.kernel;

import io.sluice.aks.JobParams;
import io.sluice.aks.Kernel;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamValue;
import io.sluice.aks.kernel.image.ClassificationImreadPreProcess;
import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.TensorDataSerializer;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.accumulators.LongMaximum;
import org.apache.flink.api.common.accumulators.LongMinimum;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * What the engine costs: images a second of decoding a JPEG, resizing and subtracting the mean, in
 * a plain loop of some threads and in a Flink job with as many subtasks of the kernel, in one run.
 *
 * <p>What is expected: an image takes milliseconds, handing its 40 kB or so to another subtask
 * takes some 50 us, so the job should reach more than nine tenths of the loop while there is a core
 * for each subtask. The sum of all outputs must be the same both ways, else it fails. The rate of a
 * job is taken from its first image to its last, without its start. {@code -Dimages} sets how many,
 * {@code -Drounds} how many rounds, of which the medians count; every other round begins with the
 * job.
 */
public final class PreprocessRate {
  private static final int IMAGES = Integer.getInteger("images", 1200);
  private static final int ROUNDS = Integer.getInteger("rounds", 5);
  private static final TypeInformation<TensorData> TENSOR =
      ImmutableTypeInfo.of(TensorData.class, TensorDataSerializer.INSTANCE);

  private PreprocessRate() {}

  /** A rate and what shows that the work was done. */
  private record Run(double imagesPerSecond, long sum) {}

  public static void main(String[] args) throws Exception {
    List<TensorData> files = files();
    System.out.printf(
        Locale.ROOT,
        "%d JPEGs of 500 x 375, %d bytes on average, to FLOAT32 [1, 224, 224, 3]%n",
        files.size(),
        files.stream().mapToInt(f -> f.array().length).sum() / files.size());
    loop(files, 1);
    job(files, 1);
    for (int parallelism = 1; parallelism <= 2; parallelism++) {
      double[] loops = new double[ROUNDS];
      double[] jobs = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        Run first = round % 2 == 0 ? loop(files, parallelism) : job(files, parallelism);
        Run second = round % 2 == 0 ? job(files, parallelism) : loop(files, parallelism);
        Run loop = round % 2 == 0 ? first : second;
        Run job = round % 2 == 0 ? second : first;
        if (loop.sum != job.sum) {
          throw new IllegalStateException("sums " + loop.sum + " and " + job.sum);
        }
        loops[round] = loop.imagesPerSecond;
        jobs[round] = job.imagesPerSecond;
      }
      Arrays.sort(loops);
      Arrays.sort(jobs);
      System.out.printf(
          Locale.ROOT,
          "parallelism %d: plain loop %.1f images/s, Flink %.1f images/s, ratio %.3f"
              + " (medians of %d rounds)%n",
          parallelism,
          loops[ROUNDS / 2],
          jobs[ROUNDS / 2],
          jobs[ROUNDS / 2] / loops[ROUNDS / 2],
          ROUNDS);
    }
  }

  private static Run loop(List<TensorData> files, int threads) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Long>> shares = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int first = t;
        shares.add(
            () -> {
              Kernel kernel = kernel();
              long sum = 0;
              for (int i = first; i < IMAGES; i += threads) {
                sum += sum(kernel.apply(List.of(file(files, i)), JobParams.empty()));
              }
              return sum;
            });
      }
      long begun = System.nanoTime();
      long sum = 0;
      for (Future<Long> share : pool.invokeAll(shares)) {
        sum += share.get();
      }
      return new Run(IMAGES * 1e9 / (System.nanoTime() - begun), sum);
    } finally {
      pool.shutdown();
    }
  }

  private static Run job(List<TensorData> files, int parallelism) throws Exception {
    byte[][] jpegs = files.stream().map(TensorData::array).toArray(byte[][]::new);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(parallelism, new Configuration());
    env.fromSequence(0, IMAGES - 1)
        .setParallelism(1)
        .map(i -> encoded(jpegs[(int) (i % jpegs.length)]))
        .returns(TENSOR)
        .setParallelism(1)
        .rebalance()
        .map(new Preprocessing())
        .returns(TENSOR)
        .setParallelism(parallelism)
        .map(tensor -> 1)
        .returns(Types.INT)
        .sinkTo(new DiscardingSink<>());
    JobExecutionResult result = env.execute();
    long begun = result.getAccumulatorResult("begun");
    long ended = result.getAccumulatorResult("ended");
    long sum = result.getAccumulatorResult("sum");
    return new Run(IMAGES * 1e9 / (ended - begun), sum);
  }

  /** The kernel as an operator, with the times of its first and last image. */
  private static final class Preprocessing extends RichMapFunction<TensorData, TensorData> {
    private static final long serialVersionUID = 1L;

    private final Kernel kernel = kernel();
    private final LongMinimum begun = new LongMinimum();
    private final LongMaximum ended = new LongMaximum();
    private final LongCounter sum = new LongCounter();

    @Override
    public void open(OpenContext context) throws IOException {
      kernel.open();
      getRuntimeContext().addAccumulator("begun", begun);
      getRuntimeContext().addAccumulator("ended", ended);
      getRuntimeContext().addAccumulator("sum", sum);
    }

    @Override
    public TensorData map(TensorData encoded) throws IOException {
      begun.add(System.nanoTime());
      List<TensorData> outputs = kernel.apply(List.of(encoded), JobParams.empty());
      sum.add(PreprocessRate.sum(outputs));
      ended.add(System.nanoTime());
      return outputs.get(0);
    }
  }

  private static Kernel kernel() {
    return new ClassificationImreadPreProcess()
        .create(
            new NodeParams(
                "preproc",
                Map.of(
                    "net_w", ParamValue.of(224),
                    "net_h", ParamValue.of(224),
                    "net_c", ParamValue.of(3),
                    "mean", ParamValue.ofFloats(List.of(104f, 107f, 123f)),
                    "output_layout", ParamValue.of("NHWC"))),
            null);
  }

  /** Every hundredth value: enough to show a difference, too little to count. */
  private static long sum(List<TensorData> outputs) {
    TensorData tensor = outputs.get(0);
    long sum = 0;
    for (int i = 0; i < tensor.shape().elements(); i += 100) {
      sum += (long) (tensor.getFloat(i) * (i + 1));
    }
    return sum;
  }

  private static TensorData file(List<TensorData> files, int index) {
    return files.get(index % files.size());
  }

  /** Gradients with some noise: about as long as photographs are. */
  private static List<TensorData> files() {
    List<TensorData> files = new ArrayList<>();
    Random random = new Random(7);
    for (int n = 0; n < 16; n++) {
      BufferedImage image = new BufferedImage(500, 375, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < 375; y++) {
        for (int x = 0; x < 500; x++) {
          int noise = random.nextInt(24);
          int red = (x + y * n / 4) % 220 + noise;
          int green = (x * n / 8 + y) % 220 + noise;
          int blue = (x + y) / 4 % 220 + noise;
          image.setRGB(x, y, red << 16 | green << 8 | blue);
        }
      }
      byte[] jpeg = Images.encode(image, "jpeg");
      files.add(encoded(jpeg));
    }
    return files;
  }

  private static TensorData encoded(byte[] jpeg) {
    return TensorData.wrap(DataType.UINT8, Shape.of(jpeg.length), jpeg);
  }
}
