package io.sluice.quantize;

import java.util.List;

/**
 * What one calibration sample says about every observed tensor.
 *
 * @param sample the index of the sample in the calibration data, from 0
 * @param tensors in the order of {@link QuantizationPlan#observed()}
 */
record SampleStatistics(long sample, List<TensorStatistics> tensors) {
  SampleStatistics {
    tensors = List.copyOf(tensors);
  }
}
