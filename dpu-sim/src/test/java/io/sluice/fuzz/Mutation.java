package io.sluice.fuzz;

import java.util.Random;

/** Damages a file; the same state of the source of randomness gives the same damage. */
interface Mutation {
  byte[] apply(byte[] file, Random random);
}
