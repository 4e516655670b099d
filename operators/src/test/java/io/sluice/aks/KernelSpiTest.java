package io.sluice.aks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class KernelSpiTest {
  private record Named(String name) implements KernelProvider {
    @Override
    public KernelSpec spec() {
      return KernelSpec.of(name, "for the test");
    }

    @Override
    public Kernel create(NodeParams params, KernelContext context) {
      return (inputs, job) -> inputs;
    }
  }

  @Test
  void twoKernelsOfOneNameAreRefused() {
    assertThatThrownBy(() -> InstalledKernels.of(List.of(new Named("Add"), new Named("Add"))))
        .asInstanceOf(InstanceOfAssertFactories.type(SluiceException.class))
        .extracting(SluiceException::code)
        .isEqualTo(ErrorCode.SLUICE_KERNEL_DUPLICATE);
  }

  @Test
  void kernelsAreFoundByName() {
    InstalledKernels kernels = InstalledKernels.of(List.of(new Named("B"), new Named("A")));
    assertThat(kernels.all().keySet()).containsExactly("A", "B");
    assertThat(kernels.byName("a")).isEmpty();
  }

  @Test
  void aParameterOfAnotherTypeIsNotRead() {
    NodeParams params = new NodeParams("n", Map.of("k", ParamValue.of(5)));
    assertThat(params.getInt("k")).isEqualTo(5);
    assertThatThrownBy(() -> params.getString("k")).hasMessageContaining("SLUICE_GRAPH_PARAM_TYPE");
    assertThatThrownBy(() -> params.getInt("l")).hasMessageContaining("SLUICE_GRAPH_PARAM_MISSING");
    assertThatThrownBy(() -> params.getInt("k", 6, 9)).hasMessageContaining("6 to 9");
  }

  @Test
  void tensorSpecsMeetWhereNeitherForbidsTheOther() {
    TensorSpec image = TensorSpec.of(DataType.UINT8, TensorSpec.ANY, TensorSpec.ANY, 3);
    assertThat(image.meets(TensorSpec.shaped(480, TensorSpec.ANY, 3))).isTrue();
    assertThat(image.meets(TensorSpec.ANYTHING)).isTrue();
    assertThat(image.meets(TensorSpec.shaped(480, 640, 1))).isFalse();
    assertThat(image.meets(TensorSpec.shaped(1, 480, 640, 3))).isFalse();
    assertThat(image.meets(TensorSpec.of(DataType.FLOAT32, 480, 640, 3))).isFalse();
    assertThat(image.allows(TensorData.wrap(DataType.UINT8, Shape.of(1, 2, 3), new byte[6])))
        .isTrue();
    assertThat(image.allows(TensorData.wrap(DataType.INT8, Shape.of(1, 2, 3), new byte[6])))
        .isFalse();
  }

  @Test
  void aJobsParametersRememberWhatWasSetOnThisCopy() {
    JobParams job = new JobParams(JobInfo.named("j"), Map.of("old", ParamValue.of(1f)));
    job.putInts("img_dims", 480, 640, 3);
    assertThat(job.getInts("img_dims")).containsExactly(480, 640, 3);
    assertThat(job.getFloat("old")).isEqualTo(1f);
    assertThat(job.changed()).containsOnlyKeys("img_dims");
    assertThatThrownBy(() -> job.getInt("old")).hasMessageContaining("float, not int");
  }
}
