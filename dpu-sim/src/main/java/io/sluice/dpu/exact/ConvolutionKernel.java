package io.sluice.dpu.exact;

import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import java.util.List;

/**
 * Convolutions, plain and transposed, dense, grouped and depthwise.
 *
 * <p>acc = sum over taps and channels of w * x, padding counting 0; y = activation((acc + bias *
 * 2^shift_bias) / 2^shift_cut) with {@link Activation#apply}. A negative shift_bias is no fraction
 * here: both sides move to the grid 2^-shift_bias times finer.
 */
record ConvolutionKernel(Convolution conv) implements FixKernel {

  static ConvolutionKernel of(Op op) {
    return new ConvolutionKernel(Convolution.of(op));
  }

  @Override
  public TensorData run(List<TensorData> inputs) {
    byte[] in = inputs.get(0).array();
    WindowAxis y = conv.y();
    WindowAxis x = conv.x();
    int[] sourcesY = conv.transposed() ? y.transposedSources() : y.sources();
    int[] sourcesX = conv.transposed() ? x.transposedSources() : x.sources();
    byte[] out = new byte[conv.outputShape().elements()];
    int outChannels = conv.outChannels();
    int finer = conv.biasBits();
    int at = 0;
    for (int n = 0; n < conv.batch(); n++) {
      for (int oy = 0; oy < y.out(); oy++) {
        for (int ox = 0; ox < x.out(); ox++) {
          for (int oc = 0; oc < outChannels; oc++) {
            long acc = accumulate(in, n, sourcesY, oy, sourcesX, ox, oc);
            long bias = (long) conv.bias()[oc] << Math.max(0, conv.shiftBias());
            out[at++] = conv.activation().apply((acc << finer) + bias, conv.shiftCut() + finer);
          }
        }
      }
    }
    return TensorData.wrap(DataType.XINT8, conv.outputShape(), out);
  }

  private int accumulate(byte[] in, int n, int[] sourcesY, int oy, int[] sourcesX, int ox, int oc) {
    int kernelH = conv.y().kernel();
    int kernelW = conv.x().kernel();
    int width = conv.x().in();
    int channels = conv.inChannels();
    int groupChannels = channels / conv.groups();
    int firstChannel = oc / (conv.outChannels() / conv.groups()) * groupChannels;
    byte[] weights = conv.weights();
    int acc = 0;
    for (int ky = 0; ky < kernelH; ky++) {
      int iy = sourcesY[oy * kernelH + ky];
      if (iy < 0) {
        continue;
      }
      for (int kx = 0; kx < kernelW; kx++) {
        int ix = sourcesX[ox * kernelW + kx];
        if (ix < 0) {
          continue;
        }
        int from = ((n * conv.y().in() + iy) * width + ix) * channels + firstChannel;
        int weight = ((oc * kernelH + ky) * kernelW + kx) * groupChannels;
        for (int c = 0; c < groupChannels; c++) {
          acc += weights[weight + c] * in[from + c];
        }
      }
    }
    return acc;
  }
}
