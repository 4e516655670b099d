/**
 * The kernel zoo of optical character recognition: pure functions over {@link
 * io.sluice.xir.TensorData}, stateless and safe to share between threads. They follow the pre- and
 * postprocessing of PP-OCR, whose networks they surround. No Flink here: operators call these.
 */
package io.sluice.aks.kernel;
