package io.sluice.aks;

import io.sluice.dpu.timing.ModelProfile;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.dpu.DpuModel;
import io.sluice.vart.ModelRef;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Tensor;
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
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * Finds the model files of a graph below the folder that AKS calls AKS_XMODEL_ROOT, else below the
 * graph file's own, or else as the graph names them, and reads what the checks need.
 */
final class ModelFiles implements ModelSource {
  private final Path root;
  private final Path graphFolder;

  /** For a graph that lies in no folder. */
  ModelFiles(Path root) {
    this(root, root);
  }

  /**
   * @param root the folder; an empty path for the working directory
   * @param graphFolder where the graph file lies
   */
  ModelFiles(Path root, Path graphFolder) {
    this.root = root;
    this.graphFolder = graphFolder;
  }

  /**
   * @throws SluiceException SLUICE_GRAPH_MODEL_FILE if there is no such file, it is no XMODEL, or
   *     has not one input
   */
  @Override
  public Known read(String name, JsonAt at) {
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
      ModelRef ref = new ModelRef(file.toAbsolutePath().toUri().toString(), sha256);
      Tensor input = inputs.get(0).output();
      Integer position =
          input.type().equals(DataType.XINT8) ? input.attrs().getInt("fix_point") : null;
      return new Known(
          ref,
          spec(inputs.get(0)),
          graph.outputs().stream()
              .sorted(Comparator.comparing(op -> op.output().name()))
              .map(ModelFiles::spec)
              .toList(),
          position,
          compiled(ref, graph, position));
    } catch (IOException | NoSuchAlgorithmException e) {
      throw bad(at, file + " cannot be read (" + e + ")", "check the file", e);
    } catch (SluiceException e) {
      if (e.code() == ErrorCode.SLUICE_GRAPH_MODEL_FILE) {
        throw e;
      }
      throw bad(at, file + " is no model: " + e.thing(), e.remedy(), e);
    }
  }

  /** A model that is not compiled can run on this machine's processor all the same. */
  private static DpuModel compiled(ModelRef ref, Graph graph, Integer position) {
    try {
      return new DpuModel(ref, ModelProfile.of(graph), position);
    } catch (SluiceException e) {
      return null;
    }
  }

  /** Any type: floats are brought to the fix position of a network that takes integers. */
  private static TensorSpec spec(Op op) {
    return TensorSpec.shaped(op.output().shape().toArray());
  }

  private Path find(String name, JsonAt at) {
    try {
      String relative = name.startsWith("/") ? name.substring(1) : name;
      for (Path file :
          List.of(root.resolve(relative), graphFolder.resolve(relative), Path.of(name))) {
        if (Files.isRegularFile(file)) {
          return file;
        }
      }
    } catch (InvalidPathException e) {
      throw bad(at, "'" + name + "' is no path", "name an XMODEL file", e);
    }
    throw bad(
        at,
        "no file '" + name + "' below '" + root + "' or beside the graph, nor as it is named",
        "compile the model there, or name the folder of the models",
        null);
  }

  private static SluiceException bad(JsonAt at, String thing, String remedy, Throwable cause) {
    return new SluiceException(
        ErrorCode.SLUICE_GRAPH_MODEL_FILE, thing, at.file() + ", " + at.path(), remedy, cause);
  }
}
