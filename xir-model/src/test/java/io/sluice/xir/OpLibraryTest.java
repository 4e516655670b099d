package io.sluice.xir;

import static io.sluice.xir.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.sluice.error.ErrorCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpLibraryTest {
  private static final Attrs CONV =
      Attrs.EMPTY
          .with("kernel", new int[] {3, 3})
          .with("stride", new int[] {1, 1})
          .with("pad_mode", "FLOOR");

  private final Graph graph = new Graph("g");

  private Op data(String name, int... shape) {
    return graph.add(name, "data", Attrs.EMPTY.with("shape", shape).with("data_type", "FLOAT32"));
  }

  @Test
  void thereAre106BuiltInOps() {
    assertThat(OpLibrary.builtIn().definitions()).hasSize(106);
    assertThat(OpLibrary.builtIn().customDefinitions()).isEmpty();
  }

  @Test
  void customOpsOfOneLibraryAreUnknownToAnother() {
    OpLibrary library = OpLibrary.builtIn();
    library.register(new OpDef("mine", List.of(), declared(), null, ""));
    assertThat(library.has("mine")).isTrue();
    assertThat(OpLibrary.builtIn().has("mine")).isFalse();
    assertFails(ErrorCode.XIR_UNREGISTERED_OP, "'mine'", () -> OpLibrary.builtIn().get("mine"));
  }

  @Test
  void aTypeIsRegisteredOnce() {
    assertFails(
        ErrorCode.XIR_MULTI_REGISTERED_OP,
        "'relu'",
        () -> OpLibrary.builtIn().register(new OpDef("relu", List.of(), declared(), null, "")));
  }

  @Test
  void aDefinitionWithoutInputsDeclaresItsOutput() {
    assertFails(
        ErrorCode.XIR_OP_DEF_SHAPE_HINT_MISSING,
        "'mine'",
        () -> OpLibrary.builtIn().register(new OpDef("mine", List.of(), List.of(), null, "")));
  }

  private static List<OpDef.AttrDef> declared() {
    return List.of(
        new OpDef.AttrDef("shape", AttrType.INT32_VEC, true, null, 0, ""),
        new OpDef.AttrDef("data_type", AttrType.STRING, true, null, 1, ""));
  }

  @Test
  void anUnknownTypeBecomesACustomOpThatSaysItsOwnOutput() {
    Op x = data("x", 1, 4);
    Op y =
        graph.add(
            "y",
            "my-op",
            Attrs.EMPTY.with("shape", new int[] {2, 3}).with("data_type", "INT8").with("k", 7),
            x,
            x);
    assertThat(y.output().shape()).isEqualTo(Shape.of(2, 3));
    assertThat(y.output().type()).isEqualTo(DataType.INT8);
    assertThat(graph.library().customDefinitions())
        .extracting(OpDef::type)
        .containsExactly("my-op");
  }

  @Test
  void aRefusedCustomOpIsNotRegistered() {
    Op x = data("x", 1, 4);
    assertFails(
        ErrorCode.XIR_UNDEFINED_ATTR, "'shape'", () -> graph.add("y", "my-op", Attrs.EMPTY, x));
    assertThat(graph.library().has("my-op")).isFalse();
  }

  @Test
  void unknownArgumentsAreRefused() {
    Op x = data("x", 1, 4);
    assertFails(
        ErrorCode.XIR_UNREGISTERED_ARG,
        "'weight'",
        () ->
            graph.add("y", "relu", Attrs.EMPTY, Map.of("input", List.of(x), "weight", List.of(x))));
  }

  @Test
  void aRequiredArgumentOccursOnce() {
    Op x = data("x", 1, 4);
    assertFails(
        ErrorCode.XIR_UNDEFINED_INPUT_ARG, "'input'", () -> graph.add("y", "relu", Attrs.EMPTY));
    assertFails(
        ErrorCode.XIR_INVALID_ARG_OCCUR,
        "has 2 ops",
        () -> graph.add("y", "relu", Attrs.EMPTY, x, x));
  }

  @Test
  void anOptionalArgumentOccursAtMostOnce() {
    Op x = data("x", 1, 8, 8, 3);
    Op w = data("w", 4, 3, 3, 3);
    Op b = data("b", 4);
    assertFails(
        ErrorCode.XIR_INVALID_ARG_OCCUR,
        "'bias' has 2 ops",
        () ->
            graph.add(
                "y",
                "conv2d",
                CONV,
                Map.of("input", List.of(x), "weights", List.of(w), "bias", List.of(b, b))));
  }

  @Test
  void aRequiredAttributeMustBeThere() {
    Op x = data("x", 1, 4);
    assertFails(
        ErrorCode.XIR_UNDEFINED_ATTR,
        "'alpha'",
        () -> graph.add("y", "leaky-relu", Attrs.EMPTY, x));
  }

  @Test
  void anAttributeHasTheDeclaredTypeExactly() {
    Op x = data("x", 1, 4);
    assertFails(
        ErrorCode.XIR_VALUE_UNMATCH,
        "'alpha' is DOUBLE",
        () -> graph.add("y", "leaky-relu", Attrs.EMPTY.with("alpha", 0.1), x));
    assertFails(
        ErrorCode.XIR_VALUE_UNMATCH,
        "'axis' is UINT32",
        () ->
            graph.add(
                "y", "softmax", Attrs.EMPTY.with("axis", new AttrValue(AttrType.UINT32, 1)), x));
  }

  @Test
  void aListHasTheDeclaredLength() {
    Op x = data("x", 1, 8, 8, 3);
    Op w = data("w", 4, 3, 3, 3);
    assertFails(
        ErrorCode.XIR_INVALID_ATTR_OCCUR,
        "'stride' has 3 elements",
        () ->
            graph.add(
                "y",
                "conv2d",
                CONV.with("stride", new int[] {1, 1, 1}),
                Map.of("input", List.of(x), "weights", List.of(w))));
  }

  @Test
  void undeclaredAttributesAreLetThrough() {
    Op y = graph.add("y", "relu", Attrs.EMPTY.with("workload_on_arch", 3), data("x", 1, 4));
    assertThat(y.attrs().getInt("workload_on_arch")).isEqualTo(3);
  }

  @Test
  void effectiveAttributesHaveDefaultsOfAbsentOptionalOnes() {
    Op x = data("x", 1, 8, 8, 3);
    Op w = data("w", 4, 3, 3, 3);
    Op y = graph.add("y", "conv2d", CONV, Map.of("input", List.of(x), "weights", List.of(w)));
    assertThat(y.attrs().has("dilation")).isFalse();
    assertThat(y.effectiveAttrs().getInts("dilation")).containsExactly(1, 1);
    assertThat(y.effectiveAttrs().getInts("kernel")).containsExactly(3, 3);
    assertThat(y.effectiveAttrs().getInt("group")).isEqualTo(1);
  }

  @Test
  void aConstantHasExactlyTheBytesOfItsShape() {
    Attrs attrs = Attrs.EMPTY.with("shape", new int[] {2}).with("data_type", "FLOAT32");
    for (int size : new int[] {0, 7, 9}) {
      AttrValue bytes = AttrValue.of(ByteString.copyFrom(new byte[size]));
      assertFails(
          ErrorCode.XIR_SHAPE_UNMATCH,
          size + " bytes",
          () -> graph.add("c", "const", attrs.with("data", bytes)));
    }
    Op c = graph.addConst("c", TensorData.ofFloats(Shape.of(2), 1f, 2f));
    assertThat(c.constData().toFloats()).containsExactly(1f, 2f);
  }

  @Test
  void aFixedPointConstantMayHaveBeenEmptiedByACompiler() {
    Op c =
        graph.add(
            "c",
            "const-fix",
            Attrs.EMPTY
                .with("shape", new int[] {2})
                .with("data_type", "XINT8")
                .with("data", AttrValue.of(ByteString.EMPTY)));
    assertThat(c.output().shape()).isEqualTo(Shape.of(2));
    assertFails(ErrorCode.XIR_UNEXPECTED_VALUE, "empty", c::constData);
  }
}
