/** Arithmetic on tensors that knows of no images, boxes or classes. */
package io.sluice.aks.kernel.tensor;
