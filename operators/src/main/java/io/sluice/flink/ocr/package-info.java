/**
 * The OCR pipelines: their stages around the kernels of {@code io.sluice.aks.kernel}, the join of a
 * page, and the topology that puts them in a row. Kafka is not known here: records come in and
 * encoded answers go out.
 */
package io.sluice.flink.ocr;
