package io.sluice.compile;

import io.sluice.error.SluiceException;
import io.sluice.target.DpuTarget;
import io.sluice.xir.CustomOpDefinitions;
import io.sluice.xir.Graph;
import io.sluice.xir.WholeFile;
import io.sluice.xir.XModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compiled models in the folder {@code cacheDir/cacheKey} of the guide's Table 33, a file for each
 * target and set of options. A file says what it was made of and is used for nothing else: another
 * model under the same key, or other code, is compiled and replaces it. Files are replaced at once,
 * so compilers that share a folder do not disturb each other; what was not written whole is noticed
 * by its digest. Whatever is wrong with the cache, the model is compiled.
 */
final class ModelCache {
  private static final long MAX_BYTES = XModel.MAX_BYTES + (64L << 20);
  private static final int NAME_CHARS = 16;

  private final Path file;
  private final CacheEntry.Identity madeOf;
  private final DpuTarget target;
  private final List<String> notices = new ArrayList<>();

  private ModelCache(Path file, CacheEntry.Identity madeOf, DpuTarget target) {
    this.file = file;
    this.madeOf = madeOf;
    this.target = target;
  }

  /**
   * What an earlier compilation of the same left, or what the work makes.
   *
   * @param options with a {@code cacheDir}
   * @param plugins those of the options
   * @param work compiles this graph for this target with these options
   */
  static Compilation compile(
      Graph quantized,
      DpuTarget target,
      CompileOptions options,
      List<CompilerPlugin> plugins,
      Compilation.Work work) {
    String model = CodeDigest.sha256(XModel.toBytes(quantized));
    String code;
    try {
      code = code(plugins);
    } catch (IOException e) {
      Compilation made = Compilation.now(work);
      return with(made, List.of("the cache is not used: " + oneLine(e)));
    }
    String fingerprint = target.fingerprint().toString();
    CacheEntry.Identity madeOf =
        new CacheEntry.Identity(model, target.name(), fingerprint, options.canonical(), code);
    byte[] variant = (target.name() + options.canonical()).getBytes(StandardCharsets.UTF_8);
    Path file =
        options
            .cacheDir()
            .orElseThrow()
            .resolve(options.cacheKey().orElse(model))
            .resolve(
                String.format(
                    Locale.ROOT,
                    "%s-%s.compiled",
                    fingerprint,
                    CodeDigest.sha256(variant).substring(0, NAME_CHARS)));
    return new ModelCache(file, madeOf, target).compile(work);
  }

  private static String code(List<CompilerPlugin> plugins) throws IOException {
    Set<Class<?>> classes = new LinkedHashSet<>(List.of(Compiler.class));
    plugins.forEach(plugin -> classes.add(plugin.getClass()));
    ServiceLoader.load(CustomOpDefinitions.class, ModelCache.class.getClassLoader()).stream()
        .forEach(provider -> classes.add(provider.type()));
    TreeSet<String> digests = new TreeSet<>();
    for (Class<?> type : classes) {
      digests.add(CodeDigest.of(type));
    }
    return CodeDigest.sha256(digests.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private Compilation compile(Compilation.Work work) {
    Optional<Compilation> found = find();
    if (found.isPresent()) {
      return found.get();
    }
    Compilation made = Compilation.now(work);
    try {
      Files.createDirectories(file.getParent());
      WholeFile.write(file, CacheEntry.of(madeOf, made).toBytes());
    } catch (IOException e) {
      notices.add("the cache does not keep the compiled model: " + oneLine(e));
    }
    return with(made, notices);
  }

  private Optional<Compilation> find() {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException("it is larger than any entry");
      }
      CacheEntry entry = CacheEntry.parse(Files.readAllBytes(file));
      return entry.madeOf().equals(madeOf)
          ? Optional.of(entry.compilation(target))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | SluiceException e) {
      notices.add("cache entry " + file + " is not used, the model is compiled: " + oneLine(e));
      return Optional.empty();
    }
  }

  private static Compilation with(Compilation made, List<String> notices) {
    return new Compilation(made.model(), made.fromCache(), made.compileSeconds(), notices);
  }

  private static String oneLine(Exception e) {
    return e.toString().lines().findFirst().orElse("");
  }
}
