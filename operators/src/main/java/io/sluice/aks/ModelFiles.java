package io.sluice.aks;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.vart.ModelRef;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.XModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Finds the model files of a graph below the folder that AKS calls AKS_XMODEL_ROOT, or else as the
 * graph names them, and reads what the checks need.
 */
final class ModelFiles {
  private final Path root;

  /**
   * @param root the folder; an empty path for the working directory
   */
  ModelFiles(Path root) {
    this.root = root;
  }

  /**
   * A model as the checks know it.
   *
   * @param ref where it lies and what it is
   * @param input what its one input takes
   * @param output what its first output gives
   */
  record Known(ModelRef ref, TensorSpec input, TensorSpec output) {
    int width() {
      return input.rank().orElse(0) < 3 ? -1 : input.dim(2);
    }
  }

  /**
   * @throws SluiceException SLUICE_GRAPH_MODEL_FILE if there is no such file, it is no XMODEL, or
   *     has not one input
   */
  Known read(String name, JsonAt at) {
    Path file = find(name, at);
    try (InputStream in = Files.newInputStream(file)) {
      DigestInputStream digested = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
      Graph graph = XModel.read(digested, file.toString(), XModel.MAX_BYTES);
      digested.transferTo(OutputStream.nullOutputStream());
      String sha256 = HexFormat.of().formatHex(digested.getMessageDigest().digest());
      List<Op> inputs = graph.inputs();
      if (inputs.size() != 1 || graph.outputs().isEmpty()) {
        throw bad(at, file + " has " + inputs.size() + " inputs", "name a model with one", null);
      }
      return new Known(
          new ModelRef(file.toAbsolutePath().toUri().toString(), sha256),
          spec(inputs.get(0)),
          spec(graph.outputs().get(0)));
    } catch (IOException | NoSuchAlgorithmException e) {
      throw bad(at, file + " cannot be read (" + e + ")", "check the file", e);
    } catch (SluiceException e) {
      if (e.code() == ErrorCode.SLUICE_GRAPH_MODEL_FILE) {
        throw e;
      }
      throw bad(at, file + " is no model: " + e.thing(), e.remedy(), e);
    }
  }

  /** Any type: floats are brought to the fix position of a network that takes integers. */
  private static TensorSpec spec(Op op) {
    return TensorSpec.shaped(op.output().shape().toArray());
  }

  private Path find(String name, JsonAt at) {
    try {
      Path below = root.resolve(name.startsWith("/") ? name.substring(1) : name);
      for (Path file : List.of(below, Path.of(name))) {
        if (Files.isRegularFile(file)) {
          return file;
        }
      }
    } catch (InvalidPathException e) {
      throw bad(at, "'" + name + "' is no path", "name an XMODEL file", e);
    }
    throw bad(
        at,
        "no file '" + name + "' below '" + root + "', nor as it is named",
        "compile the model there, or name the folder of the models",
        null);
  }

  private static SluiceException bad(JsonAt at, String thing, String remedy, Throwable cause) {
    return new SluiceException(
        ErrorCode.SLUICE_GRAPH_MODEL_FILE, thing, at.file() + ", " + at.path(), remedy, cause);
  }
}
