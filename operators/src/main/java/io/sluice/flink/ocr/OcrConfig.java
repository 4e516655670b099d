package io.sluice.flink.ocr;

import io.sluice.aks.kernel.ImageLimits;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.request.DecodeRequest;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What an OCR job is told.
 *
 * @param models the networks
 * @param limits what an image may cost
 * @param maxRecordBytes longest record that is decoded
 * @param imageRoots folders, as URIs, below which a request may name an image; none refuses names
 * @param requestSchemas Avro schemas, as JSON, of other versions of the request that senders use
 * @param parallelism subtasks of a stage, where it is not the job's
 */
public record OcrConfig(
    OcrModels models,
    ImageLimits limits,
    int maxRecordBytes,
    List<String> imageRoots,
    List<String> requestSchemas,
    Map<OcrStage, Integer> parallelism)
    implements Serializable {

  /** A record may be this long when nothing else is said: 20 MiB. */
  public static final int DEFAULT_MAX_RECORD_BYTES = DecodeRequest.DEFAULT_MAX_RECORD_BYTES;

  public OcrConfig {
    imageRoots = List.copyOf(imageRoots);
    requestSchemas = List.copyOf(requestSchemas);
    Map<OcrStage, Integer> copy = new EnumMap<>(OcrStage.class);
    copy.putAll(parallelism);
    parallelism = copy;
    if (maxRecordBytes < 1 || copy.values().stream().anyMatch(p -> p < 1)) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          "record bytes " + maxRecordBytes + ", parallelism " + copy,
          "configuration of the OCR job",
          "give numbers of at least 1");
    }
  }

  /** The standard limits, no image by reference, every stage as parallel as the job. */
  public static OcrConfig of(OcrModels models) {
    return new OcrConfig(
        models, ImageLimits.standard(), DEFAULT_MAX_RECORD_BYTES, List.of(), List.of(), Map.of());
  }

  /** This configuration with other folders of images. */
  public OcrConfig withImageRoots(List<String> roots) {
    return new OcrConfig(models, limits, maxRecordBytes, roots, requestSchemas, parallelism);
  }

  /** This configuration with other versions of the request's schema. */
  public OcrConfig withRequestSchemas(List<String> schemas) {
    return new OcrConfig(models, limits, maxRecordBytes, imageRoots, schemas, parallelism);
  }
}
