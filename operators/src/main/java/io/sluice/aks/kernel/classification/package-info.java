/** Kernels after a classification network: the best classes of its scores, and their accuracy. */
package io.sluice.aks.kernel.classification;
