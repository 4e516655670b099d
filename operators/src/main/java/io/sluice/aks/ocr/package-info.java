/**
 * The kernel that makes the OCR pipeline's record of what the kernels of {@code
 * io.sluice.aks.kernel.ocr} read, which know no records.
 */
package io.sluice.aks.ocr;
