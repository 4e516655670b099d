package io.sluice.xir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ops that share their inference with a better known one: each gives what its own row says. */
class RemainingShapeTest extends ShapeInference {
  private static final Shape MAP = Shape.of(2, 3, 4, 8);

  private Op map() {
    return data(MAP.toArray());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "celu",
        "download",
        "elu",
        "exp",
        "gelu",
        "hard-sigmoid",
        "hard-sigmoid-fix",
        "hard-swish",
        "hard-tanh",
        "identity",
        "l2_normalize",
        "mish",
        "neg",
        "placeholder",
        "relu6",
        "selu",
        "sigmoid",
        "swish",
        "tanh",
        "upload"
      })
  void valueByValueTheShapeStays(String type) {
    assertThat(infer(type, Attrs.EMPTY, map())).isEqualTo(MAP);
  }

  @Test
  void normalisationsAndParametersKeepTheShape() {
    Attrs affine = Attrs.EMPTY.with("eps", 1e-5f).with("affine", false);
    assertThat(infer("instancenorm", affine, map())).isEqualTo(MAP);
    Attrs groups = affine.with("num_groups", 2).with("num_channels", 8);
    assertThat(infer("groupnorm", groups, map())).isEqualTo(MAP);
    Attrs softmax = Attrs.EMPTY.with("axis", 3).with("type", "poly");
    assertThat(infer("hard-softmax", softmax, map())).isEqualTo(MAP);
    Map<String, List<Op>> slopes = Map.of("input", List.of(map()), "weight", List.of(data(8)));
    assertThat(infer("prelu", Attrs.EMPTY, slopes)).isEqualTo(MAP);
    Map<String, List<Op>> limits = Map.of("input", List.of(map()), "threshold", List.of(data(8)));
    assertThat(infer("threshold", Attrs.EMPTY, limits)).isEqualTo(MAP);
  }

  @ParameterizedTest
  @ValueSource(strings = {"depthwise-fix", "div", "max", "min"})
  void operandsBroadcast(String type) {
    assertThat(infer(type, Attrs.EMPTY, data(2, 1, 4), data(3, 1))).isEqualTo(Shape.of(2, 3, 4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"reduction_max", "reduction_product", "reduction_sum"})
  void reductionsDropOrKeepAxes(String type) {
    Attrs attrs = ints("axis", 1, -1);
    assertThat(infer(type, attrs.with("keep_dims", true), map())).isEqualTo(Shape.of(2, 1, 4, 1));
    assertThat(infer(type, attrs.with("keep_dims", false), map())).isEqualTo(Shape.of(2, 4));
  }

  @Test
  void fixedPointFormsOfMovements() {
    assertThat(infer("argmax-fix", Attrs.EMPTY.with("axis", 3), map()))
        .isEqualTo(Shape.of(2, 3, 4, 1));
    assertThat(infer("concat-fix", Attrs.EMPTY.with("axis", 1), map(), map()))
        .isEqualTo(Shape.of(2, 6, 4, 8));
    Attrs slice =
        ints("begin", 0, 1, 0, 0)
            .with("end", new int[] {2, 3, 4, 8})
            .with("strides", new int[] {1, 1, 2, 1});
    assertThat(infer("strided_slice-fix", slice, map())).isEqualTo(Shape.of(2, 2, 2, 8));
    Attrs pad = ints("paddings", 0, 0, 1, 2, 0, 3, 0, 0).with("mode", "CONSTANT");
    assertThat(infer("pad-fix", pad, map())).isEqualTo(Shape.of(2, 6, 7, 8));
    Attrs shuffle = Attrs.EMPTY.with("scale", 2);
    assertThat(infer("pixel-shuffle", shuffle.with("upscale", true), map()))
        .isEqualTo(Shape.of(2, 6, 8, 2));
    assertThat(infer("pixel-shuffle-fix", shuffle.with("reverse", true), map()))
        .isEqualTo(Shape.of(2, 6, 8, 2));
  }

  /** Kernel 3 wide and 2 high, stride 2 along the width; depthwise ones multiply channels. */
  @ParameterizedTest
  @CsvSource({
    "depthwise-conv2d-fix, 2, 7, 4, 6",
    "transposed-conv2d-fix, 5, 9, 21, 5",
    "transposed-depthwise-conv2d, 1, 9, 21, 3",
    "transposed-depthwise-conv2d-fix, 1, 9, 21, 3",
  })
  void convolutionsOfMaps(String type, int kernels, int height, int width, int channels) {
    Attrs attrs = ints("kernel", 3, 2).with("stride", new int[] {2, 1}).with("pad_mode", "FLOOR");
    assertThat(conv(type, attrs, new int[] {1, 8, 10, 3}, kernels, 2, 3, 3))
        .isEqualTo(Shape.of(1, height, width, channels));
  }

  /** Kernel 3 wide, 2 high and 1 deep, stride 2 along the depth. */
  @ParameterizedTest
  @CsvSource({
    "conv3d-fix, 5, 3, 4, 4, 5",
    "depthwise-conv3d, 1, 3, 4, 4, 3",
    "depthwise-conv3d-fix, 1, 3, 4, 4, 3",
    "transposed-conv3d, 5, 5, 8, 15, 5",
    "transposed-conv3d-fix, 5, 5, 8, 15, 5",
    "transposed-depthwise-conv3d, 1, 5, 8, 15, 3",
    "transposed-depthwise-conv3d-fix, 1, 5, 8, 15, 3",
  })
  void convolutionsOfVolumes(String type, int kernels, int h, int w, int d, int channels) {
    Attrs attrs =
        ints("kernel", 3, 2, 1).with("stride", new int[] {1, 1, 2}).with("pad_mode", "FLOOR");
    assertThat(conv(type, attrs, new int[] {1, 4, 6, 8, 3}, kernels, 2, 3, 1, 3))
        .isEqualTo(Shape.of(1, h, w, d, channels));
  }

  @Test
  void aPoolOfARow() {
    Attrs attrs = ints("kernel", 3).with("stride", new int[] {2}).with("pad_mode", "FLOOR");
    assertThat(infer("maxpool1d", attrs, data(1, 9, 4))).isEqualTo(Shape.of(1, 4, 4));
  }

  @ParameterizedTest
  @CsvSource({
    "correlation1d_elemwise, pad_size",
    "correlation1d_elemwise-fix, pad_size",
    "correlation2d_elemwise, pad_size",
    "correlation2d_elemwise-fix, pad_size",
    "cost_volume, maxdisp",
    "cost_volume-fix, maxdisp",
  })
  void ofMatchingCostsTheShapeIsDeclared(String type, String size) {
    Attrs attrs = ints("shape", 1, 2, 3).with("data_type", "FLOAT32").with(size, 4);
    assertThat(infer(type, attrs, map(), map())).isEqualTo(Shape.of(1, 2, 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"data-fix", "random_standard_normal"})
  void ofSourcesTheShapeIsDeclared(String type) {
    Attrs attrs = ints("shape", 1, 2, 3).with("data_type", "FLOAT32");
    assertThat(infer(type, attrs, Map.of())).isEqualTo(Shape.of(1, 2, 3));
  }
}
