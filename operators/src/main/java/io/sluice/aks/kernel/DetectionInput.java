package io.sluice.aks.kernel;

import io.sluice.xir.TensorData;

/**
 * A page made ready for text detection.
 *
 * @param tensor FLOAT32 [1, S, S, 3], BGR, normalised; the page in the upper left corner
 * @param bucket S, the side of the network's input in pixels
 * @param scale network pixels per image pixel
 * @param imageWidth width of the page in pixels
 * @param imageHeight height of the page in pixels
 */
public record DetectionInput(
    TensorData tensor, int bucket, float scale, int imageWidth, int imageHeight) {}
