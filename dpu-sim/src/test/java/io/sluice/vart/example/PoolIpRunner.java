package io.sluice.vart.example;

import io.sluice.vart.DeviceRunner;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.Subgraph;
import io.sluice.xir.TensorData;
import java.util.Map;

/** Pools 2x2 with stride 2; what comes in and what goes out have the same fix position. */
public final class PoolIpRunner implements DeviceRunner.Provider {
  static final String NAME = "libpool-runner.so";

  @Override
  public String runner() {
    return NAME;
  }

  @Override
  public DeviceRunner create(Subgraph subgraph) {
    String input = subgraph.inputTensors().get(0).name();
    Op output = subgraph.outputOps().get(0);
    return given -> Map.of(output.output().name(), pooled(given.get(input), output));
  }

  private static TensorData pooled(TensorData in, Op output) {
    Shape shape = output.output().shape();
    int width = in.shape().dim(2);
    int channels = in.shape().dim(3);
    byte[] out = new byte[shape.elements()];
    for (int i = 0; i < out.length; i++) {
      int c = i % channels;
      int x = i / channels % shape.dim(2);
      int y = i / channels / shape.dim(2);
      int most = Byte.MIN_VALUE;
      for (int k = 0; k < 4; k++) {
        most = Math.max(most, in.getByte(((2 * y + k / 2) * width + 2 * x + k % 2) * channels + c));
      }
      out[i] = (byte) most;
    }
    return TensorData.wrap(output.output().type(), shape, out);
  }
}
