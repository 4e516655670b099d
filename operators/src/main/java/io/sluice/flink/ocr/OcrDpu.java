package io.sluice.flink.ocr;

import io.sluice.fleet.Fleet;
import io.sluice.flink.dpu.DpuModel;
import io.sluice.flink.dpu.DpuPlan;
import io.sluice.flink.dpu.DpuSettings;
import io.sluice.vart.ModelRef;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The networks of the OCR pipelines as DPU nodes: one for each stage that runs a network. */
public final class OcrDpu {
  private OcrDpu() {}

  /**
   * Reads the compiled models and shares the units of a fleet out to the networks.
   *
   * @param models compiled, for a target that the fleet has
   * @throws io.sluice.error.SluiceException VART_DEVICE_MISMATCH if no unit can run a model, or
   *     what {@link DpuModel#read} throws
   */
  public static DpuPlan plan(OcrModels models, Fleet fleet, DpuSettings settings) {
    return plan(models, fleet, settings, DpuModel::read);
  }

  static DpuPlan plan(
      OcrModels models, Fleet fleet, DpuSettings settings, Function<ModelRef, DpuModel> reader) {
    return DpuPlan.of(
        fleet,
        settings,
        List.of(
            new DpuPlan.Network(
                OcrStage.DETECT.id(),
                Fields.DETECTION_INPUT,
                Fields.DETECTION_OUTPUT,
                read(models.detection(), reader)),
            new DpuPlan.Network(
                OcrStage.ORIENT.id(),
                Fields.ORIENTATION_INPUT,
                Fields.ORIENTATION_OUTPUT,
                read(models.orientation(), reader)),
            new DpuPlan.Network(
                OcrStage.RECOGNIZE.id(),
                Fields.RECOGNITION_INPUT,
                Fields.RECOGNITION_OUTPUT,
                read(models.recognition(), reader))));
  }

  private static Map<Integer, DpuModel> read(
      Map<Integer, ModelRef> refs, Function<ModelRef, DpuModel> reader) {
    Map<Integer, DpuModel> models = new TreeMap<>();
    refs.forEach((width, ref) -> models.put(width, reader.apply(ref)));
    return models;
  }
}
