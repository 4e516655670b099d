package io.sluice.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.target.DpuTarget;
import io.sluice.target.Targets;
import io.sluice.xir.Graph;
import io.sluice.xir.XModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCacheTest {
  private static final DpuTarget B4096 = Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096");
  private static final DpuTarget B512 = Targets.builtIn().byName("DPUCZDX8G_ISA1_B512");

  @TempDir private Path folder;
  private final Graph graph = graph(16);

  private static Graph graph(int channels) {
    QuantizedNet net = new QuantizedNet("net");
    net.fix(net.custom("m", net.convRelu("b", net.input(1, 8, 8, 3), channels, 3, 1)));
    return net.graph();
  }

  private CompileOptions options(List<String> outputs, String key) {
    return new CompileOptions(
        Optional.empty(), List.of(), outputs, Optional.of(folder), Optional.ofNullable(key));
  }

  private Compilation compile(Graph model) {
    return Compiler.compile(model, B4096, options(List.of(), "k"));
  }

  private static byte[] bytes(Compilation compilation) {
    return XModel.toBytes(compilation.model().graph());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void whatWasCompiledBeforeIsTakenFromTheCacheWithAllThatTheCompilerDecided() throws Exception {
    Compilation first = compile(graph);
    Compilation second = compile(graph);
    assertThat(first.fromCache()).isFalse();
    assertThat(second.fromCache()).isTrue();
    assertThat(second.notices()).isEmpty();
    assertThat(second.compileSeconds()).isEqualTo(first.compileSeconds());
    assertThat(second.model().placements()).isEqualTo(first.model().placements());
    assertThat(second.model().subgraphs()).isEqualTo(first.model().subgraphs());
    assertThat(second.model().target()).isEqualTo(B4096);
    assertThat(bytes(second))
        .isEqualTo(bytes(first))
        .isEqualTo(XModel.toBytes(Compiler.compile(graph, B4096).graph()));
    CompiledChecks.check(second.model());
    assertThat(files()).hasSize(1).allMatch(f -> f.startsWith(folder.resolve("k")));
  }

  @Test
  void withoutAKeyTheFolderIsTheDigestOfTheModel() throws Exception {
    Compiler.compile(graph, B4096, options(List.of(), null));
    Path expected = folder.resolve(CodeDigest.sha256(XModel.toBytes(graph)));
    assertThat(files()).hasSize(1).allMatch(f -> f.getParent().equals(expected));
  }

  @Test
  void anotherModelUnderTheSameKeyIsCompiledAndTakesThePlace() throws Exception {
    compile(graph);
    Compilation other = compile(graph(8));
    assertThat(other.fromCache()).isFalse();
    assertThat(other.notices()).isEmpty();
    assertThat(bytes(other)).isEqualTo(XModel.toBytes(Compiler.compile(graph(8), B4096).graph()));
    assertThat(compile(graph(8)).fromCache()).isTrue();
    assertThat(files()).hasSize(1);
  }

  @Test
  void eachTargetAndSetOfOptionsHasItsOwnEntry() throws Exception {
    compile(graph);
    CompileOptions cut = options(List.of("b_relu"), "k");
    assertThat(Compiler.compile(graph, B512, options(List.of(), "k")).fromCache()).isFalse();
    assertThat(Compiler.compile(graph, B4096, cut).fromCache()).isFalse();
    assertThat(compile(graph).fromCache()).isTrue();
    Compilation again = Compiler.compile(graph, B4096, cut);
    assertThat(again.fromCache()).isTrue();
    assertThat(again.model().graph().has("m")).isFalse();
    assertThat(files()).hasSize(3);
  }

  @Test
  void anEntryOfOtherCodeIsNotUsed() throws Exception {
    compile(graph);
    Path file = files().get(0);
    CacheEntry entry = CacheEntry.parse(Files.readAllBytes(file));
    CacheEntry.Identity m = entry.madeOf();
    CacheEntry.Identity old =
        new CacheEntry.Identity(m.model(), m.target(), m.fingerprint(), m.options(), "other");
    Files.write(
        file,
        new CacheEntry(
                old, entry.compileSeconds(), entry.placements(), entry.subgraphs(), entry.xmodel())
            .toBytes());
    assertThat(compile(graph).fromCache()).isFalse();
    assertThat(compile(graph).fromCache()).isTrue();
  }

  @Test
  void aDamagedEntryIsReportedInOneLineAndMadeAgain() throws Exception {
    byte[] compiled = bytes(compile(graph));
    Path file = files().get(0);
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < 40; i++) {
      byte[] damaged = whole.clone();
      int at = (int) ((long) i * whole.length / 40);
      if (i % 2 == 0) {
        damaged[at] ^= 4;
      } else {
        damaged = Arrays.copyOf(whole, at);
      }
      Files.write(file, damaged);
      Compilation again = compile(graph);
      assertThat(again.fromCache()).as("byte %d", at).isFalse();
      assertThat(again.notices()).as("byte %d", at).hasSize(1);
      assertThat(again.notices().get(0)).contains(file.toString()).doesNotContain("\n");
      assertThat(bytes(again)).isEqualTo(compiled);
      assertThat(compile(graph).fromCache()).isTrue();
    }
  }

  @Test
  void anEntryWithARightDigestButWithoutAModelIsNotUsed() throws Exception {
    compile(graph);
    Path file = files().get(0);
    CacheEntry entry = CacheEntry.parse(Files.readAllBytes(file));
    Files.write(
        file,
        new CacheEntry(
                entry.madeOf(),
                entry.compileSeconds(),
                entry.placements(),
                entry.subgraphs(),
                new byte[] {1, 2, 3})
            .toBytes());
    Compilation again = compile(graph);
    assertThat(again.fromCache()).isFalse();
    assertThat(again.notices()).hasSize(1);
  }

  @Test
  void theModelIsCompiledThoughTheCacheCannotBeWritten() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    CompileOptions options =
        new CompileOptions(
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.of(file.resolve("cache")),
            Optional.empty());
    Compilation made = Compiler.compile(graph, B4096, options);
    assertThat(made.fromCache()).isFalse();
    assertThat(made.notices()).isNotEmpty().allMatch(notice -> notice.contains("cache"));
    CompiledChecks.check(made.model());
  }

  @Test
  void compilersThatShareAFolderAllGetTheModelAndLeaveOneEntry() throws Exception {
    byte[] expected = XModel.toBytes(Compiler.compile(graph, B4096).graph());
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<Compilation>> all = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        all.add(pool.submit(() -> compile(graph(16))));
      }
      for (Future<Compilation> one : all) {
        assertThat(one.get().notices()).isEmpty();
        assertThat(bytes(one.get())).isEqualTo(expected);
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(files()).hasSize(1);
  }
}
