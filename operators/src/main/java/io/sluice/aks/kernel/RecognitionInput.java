package io.sluice.aks.kernel;

import io.sluice.xir.TensorData;

/**
 * A line made ready for recognition.
 *
 * @param tensor FLOAT32 [1, 48, width, 3], BGR, -1 to 1, padded on the right
 * @param width the bucket, a multiple of 320
 */
public record RecognitionInput(TensorData tensor, int width) {}
