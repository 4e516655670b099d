package io.sluice.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.sluice.compile.CompileOptions;
import io.sluice.compile.Compiler;
import io.sluice.fleet.FleetFile;
import io.sluice.fuzz.FuzzTarget.Sample;
import io.sluice.onnx.OnnxImporter;
import io.sluice.onnx.proto.ModelProto;
import io.sluice.target.DpuTarget;
import io.sluice.target.Targets;
import io.sluice.xir.Graph;
import io.sluice.xir.XModel;
import io.sluice.xir.proto.XirProto;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The readers. */
final class FuzzTargets {
  /** Files of this size are damaged half as often as tiny ones, since they take longer. */
  private static final double HALF_WEIGHT_BYTES = 100_000;

  private static final long MAX_MODEL_BYTES = 1L << 30;

  private FuzzTargets() {}

  /** Models to be imported; what can still be imported is a graph that can be written and read. */
  static FuzzTarget onnx(Map<String, byte[]> models, Map<String, Map<String, int[]>> shapes) {
    return new FuzzTarget(
        "ONNX import",
        samples(ModelProto.getDefaultInstance(), models),
        (file, sample) -> {
          Graph graph =
              OnnxImporter.importModel(
                  file, sample.name(), shapes.getOrDefault(sample.name(), Map.of()));
          requireSameAfterWriting(graph);
        });
  }

  /** XMODELs; what can still be read can be written and read again. */
  static FuzzTarget xmodel(Map<String, byte[]> models) {
    return new FuzzTarget(
        "XMODEL",
        samples(XirProto.Graph.getDefaultInstance(), models),
        (file, sample) -> requireSameAfterWriting(read(file)));
  }

  /** Quantized XMODELs that are read and compiled; what is compiled can be written and read. */
  static FuzzTarget compile(Map<String, byte[]> models) {
    DpuTarget target = Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096");
    return new FuzzTarget(
        "compile",
        samples(XirProto.Graph.getDefaultInstance(), models),
        (file, sample) -> requireSameAfterWriting(Compiler.compile(read(file), target).graph()));
  }

  private static Graph read(byte[] file) {
    return XModel.read(new ByteArrayInputStream(file), "damaged", MAX_MODEL_BYTES);
  }

  private static void requireSameAfterWriting(Graph graph) {
    byte[] written = XModel.toBytes(graph);
    assertThat(XModel.toBytes(read(written))).isEqualTo(written);
  }

  static FuzzTarget arch(Path folder) {
    Path file = folder.resolve("arch.json");
    return new FuzzTarget(
        "arch.json",
        texts(
            "{\"target\": \"DPUCZDX8G_ISA1_B4096\"}",
            "{\"fingerprint\":\"0x0101000056010407\"}",
            "{\n  \"target\" : \"DPUCV2DX8G_ISA1_C20B14\",\n  \"more\": [1, {\"a\": null}]\n}\n"),
        (bytes, sample) -> {
          Files.write(file, bytes);
          assertThat(Targets.builtIn().byArchFile(file)).isNotNull();
        });
  }

  /**
   * Options of a compilation of one model; its cache is left alone, since a damaged path could be
   * any.
   */
  static FuzzTarget options(byte[] quantized) {
    DpuTarget target = Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096");
    Graph graph = read(quantized);
    String output = graph.outputs().get(0).name();
    return new FuzzTarget(
        "compile options",
        texts(
            "{\"output_ops\": \"" + output + "\"}",
            "{\"input_shape\": \"1,32,32,3\", \"cacheDir\": \"/c\", \"cacheKey\": \"net-1\"}",
            "{\n  \"plugins\": \"none\"\n}"),
        (bytes, sample) -> {
          CompileOptions given = CompileOptions.parse(new String(bytes, StandardCharsets.UTF_8));
          CompileOptions used =
              new CompileOptions(
                  given.inputShape(),
                  given.plugins(),
                  given.outputOps(),
                  Optional.empty(),
                  Optional.empty());
          requireSameAfterWriting(Compiler.compile(graph, target, used).model().graph());
        });
  }

  static FuzzTarget fleet() {
    return new FuzzTarget(
        "fleet file",
        texts(
            """
            name: three boards
            cards:
              - {platform: zcu102, count: 2, host: edge-0}
              - {platform: kv260, host: edge-1, id: small}
            faults:
              - {atMs: 1500, card: zcu102-0, event: offline}
              - {atMs: 2000, card: small, event: slow, factor: 1.5}
            """,
            "{\"name\": \"n\", \"cards\": [{\"platform\": \"v70\", \"count\": 3}], \"faults\": []}"),
        (bytes, sample) ->
            assertThat(FleetFile.read(new ByteArrayInputStream(bytes), "damaged").units())
                .isNotEmpty());
  }

  private static List<Sample> texts(String... texts) {
    List<Sample> samples = new ArrayList<>();
    for (String text : texts) {
      byte[] file = text.getBytes(StandardCharsets.UTF_8);
      samples.add(new Sample("text " + samples.size(), 1, file, List.of(new TextMutation())));
    }
    return samples;
  }

  private static List<Sample> samples(Message prototype, Map<String, byte[]> files) {
    List<byte[]> all = new ArrayList<>(files.values());
    MessageMutation fields = MessageMutation.of(prototype, all);
    List<Sample> samples = new ArrayList<>();
    files.forEach(
        (name, file) -> {
          byte[] other = all.get((samples.size() + 1) % all.size());
          Mutation bytes = ByteMutation.of(prototype.getDescriptorForType(), file, other);
          double weight = HALF_WEIGHT_BYTES / (HALF_WEIGHT_BYTES + file.length);
          samples.add(new Sample(name, weight, file, List.of(bytes, fields, fields)));
        });
    return samples;
  }
}
