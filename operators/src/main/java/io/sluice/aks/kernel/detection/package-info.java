/**
 * Kernels after a detection network: decoders of its outputs (YOLO, SSD, BlazeFace, DenseBox),
 * suppression of boxes that overlap, tiles of large images, and the files that Darknet's evaluation
 * reads. Between kernels boxes are FLOAT32 [n, 7], see {@link io.sluice.aks.kernel.detection.Box}.
 */
package io.sluice.aks.kernel.detection;
