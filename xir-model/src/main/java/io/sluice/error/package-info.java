/**
 * Typed failures: one exception type that carries an error id of the Vitis AI tool chain, the
 * thing, the place and the remedy. Nothing here logs or decides what to do about a failure.
 */
package io.sluice.error;
