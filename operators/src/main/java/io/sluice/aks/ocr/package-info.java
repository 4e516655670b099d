/**
 * The stages of the OCR pipelines as kernels of a graph, so that {@code ocr-page.json} reads a page
 * as the OCR job does, to the byte. They wrap {@code io.sluice.aks.kernel}.
 */
package io.sluice.aks.ocr;
