/**
 * The functions of {@code io.sluice.aks.kernel} that read text as kernels of graphs: what the
 * networks take of a page and of a line, boxes of a DB text detector, lines cut out of a page as
 * parts of the job and turned upright, characters of a CTC network.
 */
package io.sluice.aks.kernel.ocr;
