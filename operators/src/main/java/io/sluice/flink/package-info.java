/**
 * What every pipeline has between its operators: packets of tensors, their byte format, and the
 * operator that runs one kernel of a pipeline and turns what it throws into a failure that travels
 * on. No kernel and no pipeline lives here.
 */
package io.sluice.flink;
