package io.sluice.aks;

import java.io.Serializable;
import java.nio.file.Path;

/**
 * What a kernel may ask of the job that runs it. Serializable: a kernel keeps it and asks in its
 * subtask. Files are opened through Flink's file systems.
 */
public interface KernelContext extends Serializable {
  /**
   * The bytes of an image that a job names.
   *
   * @param path a URI, or a path, below one of the job's image folders
   * @throws io.sluice.error.SluiceException SLUICE_REQUEST_INVALID if it lies in no such folder,
   *     SLUICE_IO if it cannot be read, SLUICE_IMAGE_TOO_LARGE
   */
  byte[] readImage(String path);

  /**
   * The bytes of a file that a parameter of the node names, e.g. labels.
   *
   * @param path as the graph says; a relative one counts from the graph file's folder, then from
   *     the working directory
   * @param maxBytes refused above this
   * @throws io.sluice.error.SluiceException SLUICE_IO, SLUICE_LIMIT
   */
  byte[] readFile(String path, int maxBytes);

  /**
   * The folder that a parameter of the node names for results, made if there is none.
   *
   * @param path as in {@link #readFile}, but relative to the job's output folder
   * @throws io.sluice.error.SluiceException SLUICE_USAGE if the job has no output folder or the
   *     path leads out of it
   */
  Path outputFolder(String path);
}
