/**
 * Typed failures: one exception type that carries an error id of the Vitis AI tool chain, the
 * thing, the place and the remedy, and the catalogue of all ids. Nothing here logs or decides what
 * to do about a failure.
 */
package io.sluice.error;
