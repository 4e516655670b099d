package io.sluice.vart;

import java.io.IOException;
import java.io.InputStream;

/** Opens the file that a model's URI names; a cluster passes its own file systems. */
@FunctionalInterface
public interface ModelOpener {
  /** The bytes from their beginning; whoever asks closes the stream. */
  InputStream open(String uri) throws IOException;
}
