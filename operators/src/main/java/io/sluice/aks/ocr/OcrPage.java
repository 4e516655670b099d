package io.sluice.aks.ocr;

import io.sluice.aks.JobInfo;
import io.sluice.aks.JobParams;
import io.sluice.aks.JobPart;
import io.sluice.aks.JoiningKernel;
import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.TensorSpec;
import io.sluice.flink.ocr.PageAnswer;
import io.sluice.flink.wire.Wire;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The lines of a page, each its box, whether it was turned and its confidence, to one encoded
 * InferenceResult: UINT8 [n]. Reads the page's {@code img_dims} and the {@code text} of each line.
 */
public final class OcrPage implements KernelProvider {
  private static final String TEXT = "text";
  private static final String IMG_DIMS = "img_dims";

  @Override
  public KernelSpec spec() {
    return KernelSpec.of("OcrPage", "Makes the answer of a page's lines");
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return Optional.of(List.of(TensorSpec.of(DataType.UINT8, TensorSpec.ANY)));
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    return new Joiner();
  }

  private static final class Joiner implements JoiningKernel {
    private static final long serialVersionUID = 1L;

    @Override
    public List<TensorData> join(List<JobPart> parts, JobParams job) {
      List<PageAnswer.Line> lines = new ArrayList<>();
      for (JobPart part : parts) {
        lines.add(
            new PageAnswer.Line(
                part.tensors().get(0).toFloats(),
                part.tensors().get(1).getByte(0) != 0,
                part.job().getString(TEXT),
                part.tensors().get(2).getFloat(0)));
      }
      JobInfo info = job.info();
      int[] size = job.getInts(IMG_DIMS);
      byte[] record =
          Wire.results()
              .encode(
                  PageAnswer.builder(lines, size[1], size[2])
                      .setRequestId(info.requestId())
                      .setPipeline(info.pipeline())
                      .setCreatedAtMillis(info.createdAtMillis())
                      .setAttributes(info.attributes())
                      .setModelledDpuNs(
                          info.modelledNs().values().stream().mapToLong(Long::longValue).sum())
                      .setModelledFinishNs(info.finishNs())
                      .build());
      return List.of(TensorData.wrap(DataType.UINT8, Shape.of(record.length), record));
    }
  }
}
