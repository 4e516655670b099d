package io.sluice.aks.ocr;

import io.sluice.aks.JobParams;
import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamType;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.CtcDecoder;
import io.sluice.aks.kernel.RecognizedText;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The recognition network's output to text: the job, or the part, gets {@code text}, and the output
 * is FLOAT32 [1], the mean probability of the characters. The alphabet is a file with a class a
 * line, the blank first.
 */
public final class OcrReadText implements KernelProvider {
  static final String TEXT = "text";
  private static final int MAX_ALPHABET_BYTES = 1 << 20;

  @Override
  public KernelSpec spec() {
    return KernelSpec.of("OcrReadText", "Reads the characters of a line")
        .requires("alphabet", ParamType.STRING);
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return Optional.of(List.of(TensorSpec.of(DataType.FLOAT32, 1)));
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    return new Reader(context, params.getString("alphabet"));
  }

  private static final class Reader implements Kernel {
    private static final long serialVersionUID = 1L;

    private final KernelContext context;
    private final String file;
    private transient CtcDecoder decoder;

    Reader(KernelContext context, String file) {
      this.context = context;
      this.file = file;
    }

    @Override
    public void open() {
      String text = new String(context.readFile(file, MAX_ALPHABET_BYTES), StandardCharsets.UTF_8);
      String whole = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
      decoder = new CtcDecoder(List.of(whole.split("\n", -1)));
    }

    @Override
    public List<TensorData> apply(List<TensorData> inputs, JobParams job) {
      RecognizedText read = decoder.decode(inputs.get(0));
      job.putString(TEXT, read.text());
      return List.of(TensorData.ofFloats(Shape.of(1), read.confidence()));
    }
  }
}
