package io.sluice.aks.kernel.classification;

import io.sluice.aks.JobParams;
import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamType;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.KernelInputs;
import io.sluice.xir.DataType;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Counts how often the true class of an image is the first, and one of the first five, of the
 * labels that {@code classificationPostProcess} gives, INT32 [N, K, 1, 1]. Images are known by the
 * names of the job's paths; results beyond the paths fill up a batch and do not count. The tensors
 * are handed on, and the job's {@code true_labels} and {@code top1_correct} are set.
 *
 * <p>The counts are of this run of the job: one that restarts counts anew.
 */
public final class ClassificationAccuracy implements KernelProvider {
  private static final int MAX_BYTES = 64 << 20;

  @Override
  public KernelSpec spec() {
    return KernelSpec.of("ClassificationAccuracy", "top-1 and top-5 accuracy")
        .requires("ground_truth", ParamType.STRING);
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return inputs.isEmpty() ? Optional.empty() : Optional.of(inputs);
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    return new Work(params.getString("ground_truth"), context);
  }

  private static final class Work implements Kernel {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final KernelContext context;
    private transient GroundTruth truth;
    private long images;
    private long first;
    private long firstFive;

    Work(String file, KernelContext context) {
      this.file = file;
      this.context = context;
    }

    @Override
    public void open() {
      truth = new GroundTruth(context.readFile(file, MAX_BYTES), file);
    }

    @Override
    public List<TensorData> apply(List<TensorData> inputs, JobParams job) {
      TensorData labels = labels(inputs);
      List<String> paths = job.imagePaths();
      if (paths.isEmpty() || paths.size() > labels.shape().dim(0)) {
        throw KernelInputs.unusable(
            paths.size() + " image paths for " + labels.shape().dim(0) + " results");
      }
      int k = labels.shape().elements() / labels.shape().dim(0);
      int[] trueLabels = new int[paths.size()];
      int[] hits = new int[paths.size()];
      int hitsOfFive = 0;
      for (int i = 0; i < paths.size(); i++) {
        String path = paths.get(i);
        trueLabels[i] =
            truth
                .of(path)
                .orElseThrow(() -> KernelInputs.unusable("no class for " + path + " in " + file));
        int rank = rank(labels, i * k, k, trueLabels[i]);
        hits[i] = rank == 0 ? 1 : 0;
        hitsOfFive += rank < 5 ? 1 : 0;
      }
      // Nothing is counted of a job that fails.
      for (int hit : hits) {
        first += hit;
      }
      firstFive += hitsOfFive;
      images += paths.size();
      job.putInts("true_labels", trueLabels);
      job.putInts("top1_correct", hits);
      return inputs;
    }

    private static TensorData labels(List<TensorData> inputs) {
      if (inputs.isEmpty()
          || !inputs.get(0).type().equals(DataType.INT32)
          || inputs.get(0).shape().rank() < 2
          || inputs.get(0).shape().elements() == 0) {
        throw KernelInputs.unfit(inputs.toString(), "INT32 [N, K, 1, 1] labels");
      }
      return inputs.get(0);
    }

    /** The place of a label, from 0; the largest int if it is not there. */
    private static int rank(TensorData labels, int offset, int k, int label) {
      int rank = 0;
      while (rank < k && labels.getInt(offset + rank) != label) {
        rank++;
      }
      return rank == k ? Integer.MAX_VALUE : rank;
    }

    @Override
    public String report() {
      return images == 0
          ? "no images"
          : String.format(
              Locale.ROOT,
              "%d images, top-1 %.4f %%, top-5 %.4f %%",
              images,
              100.0 * first / images,
              100.0 * firstFive / images);
    }
  }
}
