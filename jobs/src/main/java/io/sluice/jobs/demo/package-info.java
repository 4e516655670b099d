/**
 * The demo: an embedded Kafka node, the shipped pages, the OCR job between them, and the files that
 * a run leaves behind.
 */
package io.sluice.jobs.demo;
