package io.sluice.aks.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.aks.InstalledKernels;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.ParamSpec;
import io.sluice.aks.ParamType;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernels of AKS 3.5 by name, subtasks and parameters, as its kernel files declare them. */
class ZooTest {
  private static final InstalledKernels INSTALLED = InstalledKernels.find();

  @ParameterizedTest
  @CsvSource({
    "Add, 1, adder:int",
    "ClassificationAccuracy, 1, ground_truth:string",
    "ClassificationImreadPreProcess, 8, net_w:int net_h:int net_c:int th1:int th2:float mean:float_array output_layout:string",
    "ClassificationImreadResizeCCrop, 20, net_w:int net_h:int net_c:int mean:float_array output_layout:string",
    "classificationPostProcess, 1, in_width:int in_height:int",
    "ClassificationPreProcess, 1, net_w:int net_h:int net_c:int th1:int th2:float mean:float_array output_layout:string",
    "DetectionImreadPreProcess, 4, net_w:int net_h:int net_c:int output_layout:string",
    "DetectionPreProcess, 2, net_w:int net_h:int net_c:int output_layout:string",
    "FaceDetectImreadPreProcess, 8, net_w:int net_h:int net_c:int mean:float_array output_layout:string",
    "FaceDetectPostProcess, 2, stride:int gs_tiling:int",
    "FaceDetectPreProcess, 4, net_w:int net_h:int net_c:int mean:float_array output_layout:string",
    "ImageRead, 8, image_path:string",
    "MeanSubtract, 1, net_h:int net_w:int net_c:int mean:float_array output_layout:string",
    "OpticalFlowDenseNonPyrLK, 1, xclbin:string of_w:int of_h:int lk_kName:string",
    "SaveBoxesDarknetFormat, 1, output_dir:string",
    "YoloPostProcess, 1, yolo_version:int net_h:int net_w:int num_classes:int anchor_cnt:int conf_thresh:float iou_thresh:float input_layout:string biases:float_array",
    "DPURunner, 8, model_file:string num_runners:int",
  })
  void aKernelOfAksTakesWhatItsKernelFileDeclares(String name, int numCu, String params) {
    KernelSpec spec = INSTALLED.byName(name).orElseThrow().spec();
    assertThat(spec.numCu()).isEqualTo(numCu);
    Map<String, ParamType> taken =
        spec.params().stream().collect(Collectors.toMap(ParamSpec::name, ParamSpec::type));
    for (String param : params.split(" ")) {
      String[] parts = param.split(":");
      assertThat(taken.get(parts[0])).as(param).isNotNull();
      assertThat(taken.get(parts[0]).id()).as(param).isEqualTo(parts[1]);
    }
  }

  @Test
  void everyKernelSaysWhatItIsFor() {
    assertThat(INSTALLED.all().values())
        .allSatisfy(provider -> assertThat(provider.spec().description()).isNotBlank());
  }
}
