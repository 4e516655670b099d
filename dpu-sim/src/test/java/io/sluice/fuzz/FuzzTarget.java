package io.sluice.fuzz;

import java.util.List;
import java.util.Random;

/**
 * A reader and the files that are damaged for it.
 *
 * @param name for reports
 * @param files whole files and the ways to damage each; damaged as often as the weight says
 * @param reader reads a file, and may check what it made of it
 */
record FuzzTarget(String name, List<Sample> files, Reader reader) {
  /** A file and the ways to damage it. */
  record Sample(String name, double weight, byte[] file, List<Mutation> mutations) {}

  /** What is given a damaged file. */
  interface Reader {
    void read(byte[] file, Sample sample) throws Exception;
  }

  Sample pick(Random random) {
    double left = random.nextDouble() * files.stream().mapToDouble(Sample::weight).sum();
    for (Sample sample : files) {
      left -= sample.weight();
      if (left < 0) {
        return sample;
      }
    }
    return files.get(files.size() - 1);
  }
}
