package io.sluice.vart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.xir.TensorData;
import io.sluice.xir.XModel;
import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The store of the process, from an XMODEL's bytes to a result. */
class SharedModelStoreTest {
  private static ModelRef ref(byte[] model) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(model);
    return new ModelRef("memory:sum.xmodel", HexFormat.of().formatHex(digest));
  }

  @Test
  void anXmodelRunsByItsReference() throws Exception {
    byte[] model = XModel.toBytes(TestGraphs.sum());
    Map<String, TensorData> inputs =
        Map.of("x", TestGraphs.constant(3), "y", TestGraphs.constant(1));
    try (ModelStore.Lease lease =
        ModelStore.shared()
            .acquire(
                ref(model), RunnerOptions.standard(), uri -> new ByteArrayInputStream(model))) {
      assertThat(lease.runner().execute(inputs)).isEqualTo(Map.of("sum", TestGraphs.constant(7)));
    }
    assertThat(ModelStore.shared().size()).isZero();
  }

  @Test
  void aTruncatedXmodelIsRefusedAndNotHeld() throws Exception {
    byte[] whole = XModel.toBytes(TestGraphs.sum());
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    assertThatThrownBy(
            () ->
                ModelStore.shared()
                    .acquire(
                        ref(half), RunnerOptions.standard(), uri -> new ByteArrayInputStream(half)))
        .hasMessageStartingWith("XIR_READ_PB_FAILURE: ")
        .hasMessageContaining("sum.xmodel");
    assertThat(ModelStore.shared().size()).isZero();
  }
}
