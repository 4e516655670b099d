package io.sluice.aks;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Small kernels for tests, made of lambdas. */
final class TestKernels {
  private TestKernels() {}

  /** A kernel that a lambda makes. */
  interface Maker extends Function<NodeParams, Kernel>, Serializable {}

  static KernelProvider provider(KernelSpec spec, Maker maker) {
    return provider(spec, maker, null);
  }

  static KernelProvider provider(KernelSpec spec, Maker maker, List<TensorSpec> outputs) {
    return new KernelProvider() {
      @Override
      public KernelSpec spec() {
        return spec;
      }

      @Override
      public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
        return Optional.ofNullable(outputs);
      }

      @Override
      public Kernel create(NodeParams params, KernelContext context) {
        return maker.apply(params);
      }
    };
  }

  /** Hands on what comes. */
  static KernelProvider pass() {
    return provider(KernelSpec.of("Pass", "hands on"), params -> (inputs, job) -> inputs);
  }

  /** Adds {@code adder} to the one INT32 [1] that comes, or counts from 0 if nothing comes. */
  static KernelProvider add() {
    return provider(
        KernelSpec.of("Add", "adds").requires("adder", ParamType.INT),
        params -> {
          int adder = params.getInt("adder");
          return (inputs, job) ->
              List.of(
                  ints(
                      adder
                          + inputs.stream()
                              .filter(input -> input.type().equals(DataType.INT32))
                              .mapToInt(input -> input.getInt(0))
                              .sum()));
        },
        List.of(TensorSpec.of(DataType.INT32, 1)));
  }

  /** Makes FLOAT32 [1, net_h, net_w, 3] of anything. */
  static KernelProvider image() {
    return new KernelProvider() {
      @Override
      public KernelSpec spec() {
        return KernelSpec.of("Image", "an image of one colour")
            .withNumCu(2)
            .requires("net_w", ParamType.INT)
            .requires("net_h", ParamType.INT)
            .allows("mean", ParamType.FLOAT_ARRAY)
            .allows("names", ParamType.STRING_ARRAY)
            .allows("sizes", ParamType.INT_ARRAY)
            .defaults("output_layout", ParamValue.of("NHWC"))
            .defaults("scale", ParamValue.of(1f));
      }

      @Override
      public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
        int height = params.getInt("net_h");
        int width = params.getInt("net_w");
        return Optional.of(
            List.of(
                params.getString("output_layout").equals("NHWC")
                    ? TensorSpec.of(DataType.FLOAT32, 1, height, width, 3)
                    : TensorSpec.of(DataType.FLOAT32, 1, 3, height, width)));
      }

      @Override
      public Kernel create(NodeParams params, KernelContext context) {
        int height = params.getInt("net_h", 1, 4096);
        int width = params.getInt("net_w", 1, 4096);
        if (!List.of("NHWC", "NCHW").contains(params.getString("output_layout"))) {
          throw params.invalid(
              "output_layout", params.getString("output_layout"), "write NHWC or NCHW");
        }
        return (inputs, job) -> {
          job.putInts("img_dims", height, width, 3);
          float[] pixels = new float[height * width * 3];
          Arrays.fill(pixels, job.info().requestId().hashCode() % 5);
          return List.of(TensorData.ofFloats(Shape.of(1, height, width, 3), pixels));
        };
      }
    };
  }

  /** Takes FLOAT32 [1, k] only. */
  static KernelProvider scores() {
    return new KernelProvider() {
      @Override
      public KernelSpec spec() {
        return KernelSpec.of("Scores", "takes scores");
      }

      @Override
      public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
        if (inputs.size() != 1 || !inputs.get(0).meets(TensorSpec.shaped(1, TensorSpec.ANY))) {
          throw new SluiceException(
              ErrorCode.SLUICE_GRAPH_SHAPE, "scores of " + inputs, "", "give it scores");
        }
        return Optional.of(List.of());
      }

      @Override
      public Kernel create(NodeParams params, KernelContext context) {
        return (inputs, job) -> List.of();
      }
    };
  }

  /** Splits INT32 [1] n into n parts INT32 [1] 0 to n - 1. */
  static KernelProvider split() {
    return provider(KernelSpec.of("Split", "splits"), params -> new Splitter());
  }

  /** Sums the first tensors of all parts. */
  static KernelProvider sum() {
    return provider(KernelSpec.of("Sum", "sums parts"), params -> new Summer());
  }

  private static final class Splitter implements SplittingKernel {
    private static final long serialVersionUID = 1L;

    @Override
    public List<List<TensorData>> split(List<TensorData> inputs, JobParams job) {
      List<List<TensorData>> parts = new ArrayList<>();
      for (int i = 0; i < inputs.get(0).getInt(0); i++) {
        parts.add(List.of(ints(i)));
      }
      return parts;
    }
  }

  private static final class Summer implements JoiningKernel {
    private static final long serialVersionUID = 1L;

    @Override
    public List<TensorData> join(List<JobPart> parts, JobParams job) {
      return List.of(ints(parts.stream().mapToInt(p -> p.tensors().get(0).getInt(0)).sum()));
    }
  }

  /**
   * Hands on its one INT32 [1], n, except that it fails in the way {@code mode} when n mod 100 is
   * {@code when}; without a mode it fails in way n mod 100, if that is one of {@link Fault}.
   */
  static KernelProvider fault() {
    return provider(
        KernelSpec.of("Fault", "fails"),
        params ->
            (inputs, job) -> {
              int way = inputs.get(0).getInt(0) % 100;
              return way < Fault.values().length ? Fault.values()[way].happen() : inputs;
            },
        List.of(TensorSpec.of(DataType.INT32, 1)));
  }

  /** Ways in which a kernel fails. */
  enum Fault {
    THROWS,
    CANNOT_READ,
    OVERFLOWS,
    REFUSES,
    HANGS,
    GIVES_NULL,
    GIVES_ANOTHER_SHAPE,
    GIVES_TOO_MANY;

    List<TensorData> happen() throws IOException {
      return switch (this) {
        case THROWS -> throw new IllegalStateException("broken on purpose");
        case CANNOT_READ -> throw new IOException("unreadable on purpose");
        case OVERFLOWS -> deeper();
        case REFUSES ->
            throw new SluiceException(
                ErrorCode.SLUICE_IMAGE_CORRUPT, "no image", "the job", "send another");
        case HANGS -> hang();
        case GIVES_NULL -> null;
        case GIVES_ANOTHER_SHAPE -> List.of(ints(1, 2));
        case GIVES_TOO_MANY -> List.of(ints(1), ints(2));
      };
    }

    @SuppressWarnings("InfiniteRecursion") // on purpose
    private List<TensorData> deeper() {
      return deeper();
    }

    private static List<TensorData> hang() {
      try {
        Thread.sleep(60_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return List.of();
    }

    String code() {
      return switch (this) {
        case THROWS, CANNOT_READ, OVERFLOWS -> "SLUICE_STAGE_FAILED";
        case REFUSES -> "SLUICE_IMAGE_CORRUPT";
        case HANGS -> "SLUICE_TIMEOUT";
        default -> "SLUICE_KERNEL_OUTPUT";
      };
    }
  }

  /** Gives FLOAT32 [2] with a NaN. */
  static KernelProvider nan() {
    return provider(
        KernelSpec.of("Nan", "gives a NaN"),
        params -> (inputs, job) -> List.of(TensorData.ofFloats(Shape.of(2), 1, Float.NaN)));
  }

  static TensorData ints(int... values) {
    return TensorData.ofInts(Shape.of(values.length), values);
  }

  static List<KernelProvider> all() {
    return List.of(
        pass(), add(), image(), scores(), split(), sum(), fault(), nan(), new DpuRunner());
  }
}
