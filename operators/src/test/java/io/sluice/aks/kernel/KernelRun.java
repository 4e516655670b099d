package io.sluice.aks.kernel;

import io.sluice.aks.JobInfo;
import io.sluice.aks.JobParams;
import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamSpec;
import io.sluice.aks.ParamValue;
import io.sluice.aks.TensorSpec;
import io.sluice.xir.TensorData;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a kernel as the engine does: defaults filled in, serialized, outputs checked as promised.
 */
public final class KernelRun implements AutoCloseable {
  private final Kernel kernel;
  private final KernelProvider provider;
  private final NodeParams params;

  public KernelRun(KernelProvider provider, Map<String, ParamValue> given) {
    this(provider, given, Path.of("."));
  }

  /**
   * @param folder where paths count from
   */
  public KernelRun(KernelProvider provider, Map<String, ParamValue> given, Path folder) {
    this.provider = provider;
    Map<String, ParamValue> values = new HashMap<>(given);
    for (ParamSpec spec : provider.spec().params()) {
      spec.defaultValue().ifPresent(value -> values.putIfAbsent(spec.name(), value));
    }
    params = new NodeParams("node", values);
    try {
      kernel = copied(provider.create(params, new Folder(folder.toString())));
      kernel.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public List<TensorData> apply(JobParams job, TensorData... inputs) {
    try {
      List<TensorData> outputs = kernel.apply(List.of(inputs), job);
      List<TensorSpec> known =
          List.of(inputs).stream().map(t -> TensorSpec.of(t.type(), t.shape().toArray())).toList();
      provider.outputs(params, known).ifPresent(promised -> check(promised, outputs));
      return outputs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public List<TensorData> apply(TensorData... inputs) {
    return apply(JobParams.empty(), inputs);
  }

  public Kernel kernel() {
    return kernel;
  }

  /** A job that names images. */
  public static JobParams job(String... paths) {
    return new JobParams(
        JobInfo.named("job"), Map.of(JobParams.IMAGE_PATHS, ParamValue.ofStrings(List.of(paths))));
  }

  @Override
  public void close() {
    kernel.close();
  }

  private static void check(List<TensorSpec> promised, List<TensorData> outputs) {
    if (promised.size() != outputs.size()) {
      throw new AssertionError(promised + " promised, " + outputs + " given");
    }
    for (int i = 0; i < outputs.size(); i++) {
      if (!promised.get(i).allows(outputs.get(i))) {
        throw new AssertionError(promised.get(i) + " promised, " + outputs.get(i) + " given");
      }
    }
  }

  private static Kernel copied(Kernel kernel) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(kernel);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (Kernel) in.readObject();
    } catch (ClassNotFoundException e) {
      throw new IOException(e);
    }
  }

  private record Folder(String folder) implements KernelContext {
    @Override
    public byte[] readImage(String path) {
      return readFile(path, Integer.MAX_VALUE);
    }

    @Override
    public byte[] readFile(String path, int maxBytes) {
      try {
        return Files.readAllBytes(Path.of(folder).resolve(path));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Path outputFolder(String path) {
      try {
        return Files.createDirectories(Path.of(folder).resolve(path));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
