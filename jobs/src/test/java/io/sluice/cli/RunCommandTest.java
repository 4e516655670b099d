package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Npy;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import io.sluice.xir.XModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  private static final Shape SHAPE = Shape.of(1, 1, 1, 4);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder;
  private Path model;

  private static Attrs fix(int position) {
    return Attrs.EMPTY
        .with("fix_point", position)
        .with("bit_width", 8)
        .with("if_signed", true)
        .with("round_mode", "DPU_ROUND");
  }

  private static Op at(Op op, int position) {
    op.setOutput(op.output().withAttrs(fix(position)));
    return op;
  }

  /** A hard sigmoid on the DPU, its result as integers and, from the CPU, as floats. */
  @BeforeEach
  void writeModel() {
    Graph graph = new Graph("net");
    Attrs data = Attrs.EMPTY.with("shape", SHAPE.toArray()).with("data_type", "XINT8");
    Op x = at(graph.add("x", "data-fix", data), 4);
    Op up = at(graph.add("up", "upload", Attrs.EMPTY, x), 4);
    Op gate = at(graph.add("gate", "hard-sigmoid-fix", Attrs.EMPTY, up), 7);
    Op raw = at(graph.add("a/raw", "download", Attrs.EMPTY, gate), 7);
    Op crossing = at(graph.add("A_raw", "download", Attrs.EMPTY, gate), 7);
    Op y = graph.add("y", "fix2float", fix(7), crossing);
    graph.root().createChildren(List.of(List.of(x), List.of(up, gate, raw, crossing), List.of(y)));
    String[] devices = {"USER", "DPU", "CPU"};
    for (int i = 0; i < devices.length; i++) {
      graph.root().children().get(i).setAttrs(Attrs.EMPTY.with("device", devices[i]));
    }
    model = folder.resolve("net.xmodel");
    XModel.write(graph, model);
  }

  private Path write(String name, TensorData value) throws IOException {
    return Files.write(folder.resolve(name), Npy.toBytes(value));
  }

  private Path floats(float... values) throws IOException {
    return write("x.npy", TensorData.ofFloats(Shape.of(1, 1, 1, values.length), values));
  }

  private int run(Object... args) {
    String[] strings = new String[args.length + 2];
    strings[0] = "run";
    strings[1] = model.toString();
    for (int i = 0; i < args.length; i++) {
      strings[i + 2] = args[i].toString();
    }
    return Main.run(new PrintWriter(out), new PrintWriter(err), strings);
  }

  private JsonNode json(Object... args) throws IOException {
    out.getBuffer().setLength(0);
    assertThat(run(args)).as(err.toString()).isZero();
    assertThat(err.toString()).isEmpty();
    return new ObjectMapper().readTree(out.toString());
  }

  private TensorData read(JsonNode file) {
    return Npy.read(Path.of(file.get("file").asText()), "it", 1000).get("it");
  }

  @Test
  void outputsAreWrittenAsArraysAndDescribed() throws Exception {
    Path in = floats(-4f, 0f, 1f, 9f);
    JsonNode outputs =
        json("--input", "x=" + in, "--out", folder.resolve("o"), "--json").get("outputs");
    assertThat(outputs).hasSize(2);
    assertThat(outputs.get(0).fieldNames())
        .toIterable()
        .containsExactly("name", "shape", "dtype", "fixPoint", "file", "md5");
    JsonNode raw = outputs.get(0);
    assertThat(raw.get("name").asText()).isEqualTo("a/raw");
    assertThat(raw.get("shape").toString()).isEqualTo("[1,1,1,4]");
    assertThat(raw.get("dtype").asText()).isEqualTo("XINT8");
    assertThat(raw.get("fixPoint").asInt()).isEqualTo(7);
    assertThat(read(raw).array()).containsExactly(0, 64, 85, 127);
    byte[] file = Files.readAllBytes(Path.of(raw.get("file").asText()));
    assertThat(raw.get("md5").asText())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(file)));
    JsonNode y = outputs.get(1);
    assertThat(y.get("fixPoint").isNull()).isTrue();
    assertThat(read(y).toFloats()).containsExactly(0f, 0.5f, 85f / 128, 127f / 128);
  }

  @Test
  void everyEngineWritesTheSameBytesFromFloatsAndFromIntegers() throws IOException {
    Path floats = floats(-4f, 0.03125f, 1.03124f, 9f);
    TensorData rounded = TensorData.wrap(DataType.INT8, SHAPE, new byte[] {-64, 1, 16, 127});
    Path integers = write("q.npy", rounded);
    JsonNode first = null;
    for (String engine : List.of("reference", "fast")) {
      for (Path in : List.of(floats, integers)) {
        JsonNode outputs =
            json("--input", "x=" + in, "--out", folder, "--engine", engine, "--json")
                .get("outputs");
        first = first == null ? outputs : first;
        assertThat(outputs).isEqualTo(first);
      }
    }
  }

  @Test
  void aDumpHoldsEveryTensorThatCrossesABorder() throws IOException {
    Path dump = folder.resolve("d");
    JsonNode borders =
        json("--input", "x=" + floats(0, 0, 0, 0), "--out", folder, "--dump", dump, "--json")
            .get("borders");
    assertThat(borders.findValuesAsText("name")).containsExactly("x", "a/raw", "A_raw", "y");
    assertThat(borders.get(0).get("fixPoint").asInt()).isEqualTo(4);
    assertThat(dump)
        .isDirectoryContaining(file -> file.endsWith("a_raw.npy"))
        .isDirectoryContaining(file -> file.endsWith("A_raw_1.npy"));
  }

  @Test
  void peopleGetALinePerOutput() throws IOException {
    assertThat(run("--input", "x=" + floats(0, 0, 0, 0), "--out", folder)).isZero();
    assertThat(out.toString().lines()).hasSize(2);
    assertThat(out.toString()).contains("a/raw XINT8 at 7 [1, 1, 1, 4]", "y FLOAT32 [1, 1, 1, 4]");
  }

  @Test
  void inputsThatDoNotFitFailWithOneLine() throws IOException {
    assertThat(run("--input", "z=" + floats(0, 0, 0, 0), "--out", folder)).isOne();
    assertThat(err.toString()).startsWith("VART_TENSOR_INFO_ERROR: input 'x' is missing");
    err.getBuffer().setLength(0);
    assertThat(run("--input", "x=" + floats(1, 2), "--out", folder)).isOne();
    assertThat(err.toString()).startsWith("VART_SIZE_MISMATCH: input 'x' has shape [1, 1, 1, 2]");
    err.getBuffer().setLength(0);
    assertThat(run("--input", "x=" + floats(1, 2, Float.NaN, 0), "--out", folder)).isOne();
    assertThat(err.toString()).startsWith("XIR_MEANINGLESS_VALUE: NaN at index 2").hasLineCount(1);
    err.getBuffer().setLength(0);
    assertThat(run("--input", "x=" + folder.resolve("gone.npy"), "--out", folder)).isOne();
    assertThat(err.toString()).startsWith("SLUICE_IO");
  }

  @Test
  void anUnknownEngineIsWrongUsage() throws IOException {
    Path in = floats(0, 0, 0, 0);
    assertThat(run("--input", "x=" + in, "--out", folder, "--engine", "gpu")).isEqualTo(2);
    assertThat(run("--out", folder)).isEqualTo(2);
  }
}
