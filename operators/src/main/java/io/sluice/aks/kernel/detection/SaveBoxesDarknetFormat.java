package io.sluice.aks.kernel.detection;

import io.sluice.aks.JobParams;
import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamValue;
import io.sluice.aks.kernel.KernelInputs;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Boxes as Darknet's evaluation wants them: FLOAT32 [n, 7] rows of batch, label, score, centre x,
 * centre y, width, height, the last four relative to the image. As in Darknet and AKS the centre is
 * a pixel up and left of the middle, pixels being counted from 1 there.
 *
 * <p>With {@code output_dir} each image's boxes are also written to a file of its name with {@code
 * .txt} for the extension, a line "label score x y w h" for each, six digits. A job without image
 * paths gives the file its request id.
 */
public final class SaveBoxesDarknetFormat extends BoxKernel {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of("SaveBoxesDarknetFormat", "boxes for Darknet's evaluation, also as files")
        .defaults("output_dir", ParamValue.of(""));
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    String folder = params.getString("output_dir");
    return (inputs, job) -> {
      List<Box> boxes = Box.list(KernelInputs.only(inputs));
      int images = 0;
      for (Box box : boxes) {
        if (box.batch() < 0) {
          throw KernelInputs.unusable("a box of image " + box.batch());
        }
        images = Math.max(images, box.batch() + 1);
      }
      images = Math.max(images, job.getInts("img_dims").length / 3);
      float[] rows = rows(boxes, ImageSizes.of(job, images));
      if (!folder.isEmpty()) {
        write(context.outputFolder(folder), rows, job, images);
      }
      return List.of(TensorData.ofFloats(Shape.of(boxes.size(), Box.ROW), rows));
    };
  }

  private static float[] rows(List<Box> boxes, ImageSizes sizes) {
    float[] rows = new float[boxes.size() * Box.ROW];
    int i = 0;
    for (Box box : boxes) {
      float width = sizes.width(box.batch());
      float height = sizes.height(box.batch());
      rows[i++] = box.batch();
      rows[i++] = box.label();
      rows[i++] = box.score();
      rows[i++] = ((box.left() + box.right()) / 2 - 1) / width;
      rows[i++] = ((box.top() + box.bottom()) / 2 - 1) / height;
      rows[i++] = (box.right() - box.left()) / width;
      rows[i++] = (box.bottom() - box.top()) / height;
    }
    return rows;
  }

  private static void write(Path folder, float[] rows, JobParams job, int images)
      throws IOException {
    for (int image = 0; image < images; image++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < rows.length; i += Box.ROW) {
        if ((int) rows[i] == image) {
          for (int j = 1; j < Box.ROW; j++) {
            text.append(sixDigits(rows[i + j])).append(j + 1 < Box.ROW ? ' ' : '\n');
          }
        }
      }
      Files.writeString(folder.resolve(fileName(job, image)), text);
    }
  }

  private static String sixDigits(float value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(6));
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /** Never leads out of the folder. */
  private static String fileName(JobParams job, int image) {
    List<String> paths = job.imagePaths();
    String name =
        image < paths.size()
            ? paths.get(image).substring(paths.get(image).lastIndexOf('/') + 1)
            : job.info().requestId() + "-" + image;
    int dot = name.lastIndexOf('.');
    String stem = image < paths.size() && dot > 0 ? name.substring(0, dot) : name;
    return stem.replaceAll("[^A-Za-z0-9._-]", "_") + ".txt";
  }
}
