package io.sluice.jobs.demo;

/** Is told how far the demo is. */
public interface Progress {
  /** Tells nobody. */
  Progress NONE =
      new Progress() {
        @Override
        public void step(String what) {}

        @Override
        public void answered(int pages, int of) {}
      };

  /** Something begins. */
  void step(String what);

  /** So many of the pages are answered. */
  void answered(int pages, int of);
}
