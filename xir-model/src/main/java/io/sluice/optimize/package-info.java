/**
 * Passes over float graphs. A pass reads one graph and gives another, without what nothing reads
 * any more; the order in which passes run is {@link io.sluice.optimize.FloatPasses}'s. Nothing here
 * knows where a graph came from.
 */
package io.sluice.optimize;
