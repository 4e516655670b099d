/**
 * Kernels that make a network's input of images: reading, resizing, cropping, letterboxing, mean
 * subtraction, and dense optical flow. Images are [H, W, C], UINT8 or FLOAT32, RGB between kernels;
 * a kernel turns them to BGR where the networks that its AKS original served want that. All
 * resizing is bilinear between pixel centres, see {@link io.sluice.aks.kernel.image.Resize}.
 */
package io.sluice.aks.kernel.image;
