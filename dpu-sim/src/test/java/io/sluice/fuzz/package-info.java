/**
 * Damaged files: mutations of real ones, by bytes, by text and by the messages that they hold,
 * given to every reader. A reader answers or fails with a typed error, in bounded time and memory.
 */
package io.sluice.fuzz;
