package io.sluice.onnx;

import static io.sluice.onnx.OnnxModelBuilder.integer;
import static io.sluice.onnx.OnnxModelBuilder.ints;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.error.SluiceException;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Damaged models end in a typed error or a graph, in bounded time, whatever is damaged. */
class OnnxMutationTest {
  private static final long SEED = 20260101;

  private static byte[] small() {
    return new OnnxModelBuilder(12)
        .input("x", 1, 3, 8, 8)
        .weights("w", 4, 3, 3, 3)
        .weights("gamma", 4)
        .weights("beta", 4)
        .weights("mean", 4)
        .floats("var", 1, 1, 2, 2)
        .weights("up", 4, 2, 2, 2)
        .weights("fc", 2, 3)
        .longs("zero", 0)
        .longs("one", 1)
        .longs("two", 2)
        .floats("none")
        .floats("scales", 1, 1, 2, 2)
        .initializer("three", TensorData.ofFloats(Shape.of(), 3))
        .node("Conv", List.of("x", "w"), "c", ints("pads", 1, 1, 1, 1), ints("strides", 2, 2))
        .node("BatchNormalization", List.of("c", "gamma", "beta", "mean", "var"), "n")
        .node("Add", List.of("n", "three"), "a")
        .node("MaxPool", List.of("a"), "m", ints("kernel_shape", 2, 2), ints("strides", 2, 2))
        .node("ConvTranspose", List.of("m", "up"), "t", ints("strides", 2, 2))
        .node("Resize", List.of("t", "none", "scales"), "r")
        .node("ReduceMean", List.of("r"), "mm", ints("axes", 2, 3), integer("keepdims", 1))
        .node("Shape", List.of("mm"), "s")
        .node("Slice", List.of("s", "zero", "two", "zero", "one"), "to")
        .node("Reshape", List.of("mm", "to"), "f")
        .node("MatMul", List.of("f", "fc"), "p")
        .node("Softmax", List.of("p"), "y", integer("axis", 1))
        .output("y")
        .build();
  }

  private static int survivors(byte[] model, Map<String, int[]> shapes, int mutations) {
    int survivors = 0;
    for (int i = 0; i < mutations; i++) {
      Random random = new Random(SEED + i);
      byte[] damaged = damage(model, random);
      String mutation = "mutation " + i + " of seed " + SEED;
      try {
        Assertions.assertTimeout(
            Duration.ofSeconds(20),
            () -> OnnxImporter.importModel(damaged, mutation, shapes),
            mutation);
        survivors++;
      } catch (SluiceException e) {
        assertThat(e.code()).as(mutation).isNotNull();
      } catch (RuntimeException | Error e) {
        throw new AssertionError(mutation, e);
      }
    }
    return survivors;
  }

  private static byte[] damage(byte[] model, Random random) {
    byte[] bytes = model.clone();
    int kind = random.nextInt(4);
    int hits = 1 + random.nextInt(3);
    for (int i = 0; i < hits; i++) {
      int at = random.nextInt(bytes.length);
      switch (kind) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0x7f : 0xff);
        default -> bytes[at] = (byte) (bytes[at] + random.nextInt(5) - 2);
      }
    }
    return random.nextInt(20) == 0
        ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length))
        : bytes;
  }

  @Test
  @Tag("slow")
  void damagedSmallModelsAreRefusedOrRead() {
    byte[] model = small();
    OnnxImporter.importModel(model, "whole", Map.of());
    int survivors = survivors(model, Map.of(), 1000);
    System.out.println("of 1000 damaged small models " + survivors + " can still be imported");
    assertThat(survivors).isBetween(1, 999);
  }

  @Test
  @Tag("slow")
  void damagedRealModelsAreRefusedOrRead() throws java.io.IOException {
    byte[] model = PpOcrModels.read(PpOcrModels.CLASSIFICATION);
    Map<String, int[]> shapes = Map.of("x", new int[] {1, 3, 48, 192});
    int survivors = survivors(model, shapes, 100);
    System.out.println("of 100 damaged real models " + survivors + " can still be imported");
  }
}
