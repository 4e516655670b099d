/**
 * The command line: the root command, one class per sub-command, and how a failure is printed. What
 * a command does lives in the rooms that it calls.
 */
package io.sluice.cli;
