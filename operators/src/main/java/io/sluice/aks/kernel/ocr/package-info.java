/**
 * The functions of {@code io.sluice.aks.kernel} that read text as kernels of graphs: boxes of a DB
 * text detector, lines cut out of a page as parts of the job, characters of a CTC network.
 */
package io.sluice.aks.kernel.ocr;
