package io.sluice.xir;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The XMODEL file: a graph as one message of Protocol Buffers, without header or checksum, in the
 * layout of AMD's tools. What they write opens here.
 */
public final class XModel {
  /** Files larger than this are refused by {@link #read(Path)}. */
  public static final long MAX_BYTES = 1L << 30;

  private XModel() {}

  /**
   * Reads a file.
   *
   * @throws SluiceException XIR_FILE_NOT_EXIST, SLUICE_LIMIT if it is over {@link #MAX_BYTES},
   *     XIR_READ_PB_FAILURE if it cannot be read or is no XMODEL, XIR_UNDEFINED_OP if it names an
   *     op that is not there, and what {@link Graph#add} and {@link Subgraph#createChildren} throw
   *     when its ops or subgraphs do not fit together
   */
  public static Graph read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      checkSize(Files.size(file), file.toString(), MAX_BYTES);
      return read(in, file.toString(), MAX_BYTES);
    } catch (NoSuchFileException e) {
      throw new SluiceException(
          ErrorCode.XIR_FILE_NOT_EXIST,
          "there is no such file",
          file.toString(),
          "check the path",
          e);
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  /**
   * Reads a stream to its end; the caller closes it.
   *
   * @param name what to call it in a failure
   * @param maxBytes refused if it is longer
   */
  public static Graph read(InputStream in, String name, long maxBytes) {
    byte[] bytes;
    long limit = Math.min(maxBytes, Shape.MAX_ELEMENTS - 1);
    try {
      bytes = in.readNBytes((int) limit + 1);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
    checkSize(bytes.length, name, limit);
    return XModelReader.read(bytes, name);
  }

  /** The bytes of a graph's file; the same graph always gives the same ones. */
  public static byte[] toBytes(Graph graph) {
    return XModelWriter.write(graph);
  }

  /**
   * Writes a file. It is replaced at once when everything has been written, so a reader never sees
   * half of it. Attributes whose names begin with two underscores are left out.
   *
   * @throws SluiceException XIR_WRITE_PB_FAILURE if it cannot be written
   */
  public static void write(Graph graph, Path file) {
    byte[] bytes = toBytes(graph);
    try {
      WholeFile.write(file, bytes);
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.XIR_WRITE_PB_FAILURE,
          "cannot write " + bytes.length + " bytes (" + e + ")",
          file.toString(),
          "check that the folder exists, may be written and has room",
          e);
    }
  }

  private static void checkSize(long size, String name, long maxBytes) {
    if (size > maxBytes) {
      throw new SluiceException(
          ErrorCode.SLUICE_LIMIT,
          "the model is larger than " + maxBytes + " bytes",
          name,
          "check that it is an XMODEL");
    }
  }

  private static SluiceException unreadable(String name, IOException cause) {
    return new SluiceException(
        ErrorCode.XIR_READ_PB_FAILURE,
        "cannot be read (" + cause + ")",
        name,
        "check the path and the rights on it",
        cause);
  }
}
