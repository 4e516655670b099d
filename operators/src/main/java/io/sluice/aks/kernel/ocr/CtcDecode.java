package io.sluice.aks.kernel.ocr;

import io.sluice.aks.JobParams;
import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamType;
import io.sluice.aks.ParamValue;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.CtcDecoder;
import io.sluice.aks.kernel.KernelInputs;
import io.sluice.aks.kernel.KernelParams;
import io.sluice.aks.kernel.RecognizedText;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What a CTC network read, see {@link CtcDecoder}: from FLOAT32 [1, T, K] probabilities to FLOAT32
 * [1], the confidence; the job's {@code text} and {@code confidence} are set. {@code alphabet} is a
 * file with a character on each line; the blank before them and the space after them are added.
 */
public final class CtcDecode implements KernelProvider {
  private static final int MAX_BYTES = 4 << 20;

  @Override
  public KernelSpec spec() {
    return KernelSpec.of("CtcDecode", "characters of a CTC network's probabilities")
        .requires("alphabet", ParamType.STRING)
        .defaults("space_thresh", ParamValue.of(CtcDecoder.SPACE_THRESHOLD));
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return Optional.of(List.of(TensorSpec.of(DataType.FLOAT32, 1)));
  }

  @Override
  public Kernel create(NodeParams nodeParams, KernelContext context) {
    KernelParams params = new KernelParams(this, nodeParams);
    return new Work(params.string("alphabet"), params.number("space_thresh", 0, 1), context);
  }

  private static final class Work implements Kernel {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final float spaceThreshold;
    private final KernelContext context;
    private transient CtcDecoder decoder;

    Work(String file, float spaceThreshold, KernelContext context) {
      this.file = file;
      this.spaceThreshold = spaceThreshold;
      this.context = context;
    }

    @Override
    public void open() {
      String keys = new String(context.readFile(file, MAX_BYTES), StandardCharsets.UTF_8);
      decoder = new CtcDecoder(CtcDecoder.alphabet(List.of(keys.split("\r?\n"))), spaceThreshold);
    }

    @Override
    public List<TensorData> apply(List<TensorData> inputs, JobParams job) {
      TensorData probabilities = KernelInputs.only(inputs);
      for (float value : KernelInputs.floats(probabilities, 1, -1, -1)) {
        if (Float.isNaN(value)) {
          throw KernelInputs.unusable("a probability is NaN");
        }
      }
      RecognizedText text = decoder.decode(probabilities);
      job.putString("text", text.text());
      job.putFloat("confidence", text.confidence());
      return List.of(TensorData.ofFloats(Shape.of(1), text.confidence()));
    }
  }
}
