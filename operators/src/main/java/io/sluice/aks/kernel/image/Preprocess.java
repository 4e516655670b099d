package io.sluice.aks.kernel.image;

import io.sluice.aks.JobParams;
import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamType;
import io.sluice.aks.ParamValue;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.KernelParams;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Optional;

/**
 * The seven kernels that make a network's input of images differ in where the images come from, how
 * they are fitted, and how values are mapped; the rest is here.
 *
 * <p>Output: one FLOAT32 tensor [N, net_h, net_w, 3] or [N, 3, net_h, net_w], N the number of
 * images. The resized image is rounded to bytes before the mean is subtracted, as with OpenCV.
 */
abstract class Preprocess implements KernelProvider {
  /** A job parameter: channels, height and width of each image, one after the other. */
  public static final String IMG_DIMS = "img_dims";

  private static final float[] NO_MEAN = new float[3];

  /** Where the images come from. */
  enum Source {
    /** The job: encoded, decoded, or named by paths. */
    READ,
    /** The node before: decoded. */
    BUFFERS
  }

  private final KernelSpec spec;
  private final Source source;
  private final Fit fit;
  private final boolean reversed;

  /**
   * @param spec without the parameters that all of these kernels have
   * @param reversed whether the network takes BGR
   */
  Preprocess(KernelSpec spec, Source source, Fit fit, boolean reversed) {
    this.spec =
        spec.requires("net_w", ParamType.INT)
            .requires("net_h", ParamType.INT)
            .defaults("net_c", ParamValue.of(3))
            .defaults("output_layout", ParamValue.of("NCHW"));
    this.source = source;
    this.fit = fit;
    this.reversed = reversed;
  }

  @Override
  public final KernelSpec spec() {
    return spec;
  }

  @Override
  public final Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    NetworkInput.Format format = format(params);
    return Optional.of(List.of(format.layout().spec(format.height(), format.width())));
  }

  @Override
  public final Kernel create(NodeParams params, KernelContext context) {
    return new Work(format(params), fit, source == Source.READ ? new JobImages(context) : null);
  }

  private NetworkInput.Format format(NodeParams nodeParams) {
    KernelParams params = new KernelParams(this, nodeParams);
    params.integer("net_c", 3, 3);
    boolean scaled = fit == Fit.LETTERBOX;
    return new NetworkInput.Format(
        params.side("net_w"),
        params.side("net_h"),
        Layout.of(params, "output_layout"),
        reversed,
        scaled ? NO_MEAN : params.numbers("mean", 3),
        scaled ? 1 / 255.0 : 1,
        scaled ? 0.5f : 0);
  }

  private record Work(NetworkInput.Format format, Fit fit, JobImages reader) implements Kernel {
    @Override
    public List<TensorData> apply(List<TensorData> inputs, JobParams job) {
      List<TensorData> images =
          reader == null ? Rasters.images(inputs) : reader.read(inputs, job, List.of());
      NetworkInput input = new NetworkInput(images.size(), format);
      int[] dims = new int[3 * images.size()];
      for (int i = 0; i < images.size(); i++) {
        TensorData image = images.get(i);
        fit.put(image, format.width(), format.height(), input, i);
        dims[3 * i] = Rasters.channels(image);
        dims[3 * i + 1] = Rasters.height(image);
        dims[3 * i + 2] = Rasters.width(image);
      }
      job.putInts(IMG_DIMS, dims);
      return List.of(input.tensor());
    }
  }
}
