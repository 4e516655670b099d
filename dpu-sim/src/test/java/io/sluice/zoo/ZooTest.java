package io.sluice.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sluice.onnx.proto.ModelProto;
import io.sluice.onnx.proto.NodeProto;
import io.sluice.onnx.proto.TensorShapeProto;
import io.sluice.onnx.proto.ValueInfoProto;
import io.sluice.ort.OrtModel;
import io.sluice.vart.GraphRunner;
import io.sluice.vart.RunnerOptions;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The generated files are sound ONNX models, and importing them keeps what they compute. */
class ZooTest {
  private static final long SEED = 3;

  private static List<Tensor> tensors(List<ValueInfoProto> infos) {
    List<Tensor> tensors = new ArrayList<>();
    for (ValueInfoProto info : infos) {
      TensorShapeProto shape = info.getType().getTensorType().getShape();
      int[] dims = shape.getDimList().stream().mapToInt(d -> (int) d.getDimValue()).toArray();
      tensors.add(new Tensor(info.getName(), DataType.FLOAT32, Shape.of(dims)));
    }
    return tensors;
  }

  private static Map<String, TensorData> run(byte[] onnx, TensorData image) throws Exception {
    ModelProto model = ModelProto.parseFrom(onnx);
    List<Tensor> inputs = tensors(model.getGraph().getInputList());
    List<Tensor> outputs = tensors(model.getGraph().getOutputList());
    try (OrtModel ort = new OrtModel(onnx, inputs, outputs, "zoo", 1)) {
      return ort.run(Map.of(inputs.get(0).name(), image));
    }
  }

  /** NHWC to NCHW and back, by how the dimensions are to be ordered. */
  private static TensorData turned(TensorData from, int... order) {
    Shape s = from.shape();
    int[] dims = IntStream.of(order).map(s::dim).toArray();
    float[] in = from.toFloats();
    float[] out = new float[in.length];
    int[] strides = {s.dim(1) * s.dim(2) * s.dim(3), s.dim(2) * s.dim(3), s.dim(3), 1};
    int at = 0;
    for (int a = 0; a < dims[1]; a++) {
      for (int b = 0; b < dims[2]; b++) {
        for (int c = 0; c < dims[3]; c++) {
          out[at++] = in[a * strides[order[1]] + b * strides[order[2]] + c * strides[order[3]]];
        }
      }
    }
    return TensorData.ofFloats(Shape.of(dims), out);
  }

  @ParameterizedTest
  @EnumSource
  void anImportedNetworkComputesWhatItsFileComputes(Zoo zoo) throws Exception {
    byte[] onnx = zoo.onnx(zoo.small());
    TensorData image = Network.noise(Shape.of(1, 3, zoo.small().size(), zoo.small().size()), SEED);
    Map<String, TensorData> wanted = run(onnx, image);
    Graph graph = Network.of(zoo, zoo.small()).imported();
    try (GraphRunner runner = GraphRunner.create(graph, RunnerOptions.standard())) {
      Map<String, TensorData> given = runner.execute(Map.of("input", turned(image, 0, 2, 3, 1)));
      assertThat(given).hasSameSizeAs(wanted);
      wanted.forEach(
          (name, values) -> {
            float[] expected =
                values.shape().rank() == 4
                    ? turned(values, 0, 2, 3, 1).toFloats()
                    : values.toFloats();
            float[] actual = given.get(name).toFloats();
            double scale = deviation(expected);
            assertThat(scale).as("deviation of %s", name).isBetween(0.01, 30.0);
            assertThat(actual).hasSameSizeAs(expected);
            for (int i = 0; i < expected.length; i++) {
              assertThat((double) Math.abs(actual[i] - expected[i])).isLessThan(1e-3 * scale);
            }
          });
    }
  }

  private static double deviation(float[] values) {
    double mean = IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElse(0);
    return Math.sqrt(
        IntStream.range(0, values.length)
            .mapToDouble(i -> Math.pow(values[i] - mean, 2))
            .average()
            .orElse(0));
  }

  @Test
  void theSameConfigurationGivesTheSameFileAndAnotherSeedOtherWeights() {
    ZooConfig config = Zoo.RESNET18.small();
    byte[] once = Zoo.RESNET18.onnx(config);
    byte[] again = Zoo.RESNET18.onnx(Zoo.RESNET18.small());
    assertThat(again).isEqualTo(once);
    ZooConfig other = new ZooConfig(config.size(), config.width(), 16, false, config.seed() + 1);
    assertThat(Zoo.RESNET18.onnx(other)).isNotEqualTo(once);
  }

  @Test
  void networksHaveTheLayersOfTheirPapers() throws Exception {
    assertThat(nodes(Zoo.RESNET50)).containsEntry("Conv", 53).containsEntry("Add", 16);
    assertThat(nodes(Zoo.MOBILENET_V1)).containsEntry("Conv", 27);
    assertThat(nodes(Zoo.MOBILENET_V2)).containsEntry("Conv", 52).containsEntry("Clip", 35);
    assertThat(nodes(Zoo.VGG16)).containsEntry("Conv", 13).containsEntry("Gemm", 3);
    assertThat(nodes(Zoo.SQUEEZENET)).containsEntry("Conv", 26);
    assertThat(nodes(Zoo.INCEPTION_V1)).containsEntry("Conv", 57).containsEntry("Concat", 9);
    assertThat(nodes(Zoo.INCEPTION_V3)).containsEntry("Conv", 94);
    assertThat(nodes(Zoo.YOLOV3_TINY)).containsEntry("Conv", 13).containsEntry("Resize", 1);
    assertThat(nodes(Zoo.UNET)).containsEntry("Conv", 19).containsEntry("ConvTranspose", 4);
  }

  private static Map<String, Integer> nodes(Zoo zoo) throws InvalidProtocolBufferException {
    Map<String, Integer> counts = new TreeMap<>();
    for (NodeProto node : ModelProto.parseFrom(zoo.onnx(zoo.small())).getGraph().getNodeList()) {
      counts.merge(node.getOpType(), 1, Integer::sum);
    }
    return counts;
  }
}
