package io.sluice.compile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.target.DpuTarget;
import io.sluice.xir.Graph;
import io.sluice.xir.XModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A compiled model in a file: a line with the SHA-256 of the rest, a line of JSON with what it was
 * made of and what the compiler decided, and the XMODEL.
 *
 * @param madeOf an entry is good for nothing else
 * @param compileSeconds measured
 */
record CacheEntry(
    Identity madeOf,
    double compileSeconds,
    List<OpPlacement> placements,
    List<CompiledModel.SubgraphSummary> subgraphs,
    byte[] xmodel) {
  private static final String MAGIC = "sluice compiled model 1 ";
  private static final String NAME = "cache entry";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  /**
   * All that a compiled model depends on.
   *
   * @param model SHA-256 of the quantized model's XMODEL
   * @param target name
   * @param fingerprint of the target
   * @param options in their canonical form
   * @param code SHA-256 of the compiler, and of the plugins and custom ops that it may call
   */
  record Identity(String model, String target, String fingerprint, String options, String code) {}

  private record Header(
      Identity madeOf,
      double compileSeconds,
      List<OpPlacement> placements,
      List<CompiledModel.SubgraphSummary> subgraphs) {}

  static CacheEntry of(Identity madeOf, Compilation made) {
    CompiledModel model = made.model();
    return new CacheEntry(
        madeOf,
        made.compileSeconds(),
        model.placements(),
        model.subgraphs(),
        XModel.toBytes(model.graph()));
  }

  Compilation compilation(DpuTarget target) {
    Graph graph = XModel.read(new ByteArrayInputStream(xmodel), NAME, XModel.MAX_BYTES);
    CompiledModel model = new CompiledModel(graph, target, placements, subgraphs);
    return new Compilation(model, true, compileSeconds, List.of());
  }

  byte[] toBytes() {
    byte[] header;
    try {
      header = JSON.writeValueAsBytes(new Header(madeOf, compileSeconds, placements, subgraphs));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of texts and numbers can be written as JSON", e);
    }
    byte[] rest = Arrays.copyOf(header, header.length + 1 + xmodel.length);
    rest[header.length] = '\n';
    System.arraycopy(xmodel, 0, rest, header.length + 1, xmodel.length);
    byte[] first = firstLine(rest).getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(first, first.length + rest.length);
    System.arraycopy(rest, 0, all, first.length, rest.length);
    return all;
  }

  private static String firstLine(byte[] rest) {
    return MAGIC + CodeDigest.sha256(rest) + "\n";
  }

  /**
   * @throws IOException if this is not what {@link #toBytes} wrote
   */
  static CacheEntry parse(byte[] file) throws IOException {
    int begin = lineEnd(file, 0);
    byte[] rest = Arrays.copyOfRange(file, begin, file.length);
    String first = new String(file, 0, begin, StandardCharsets.ISO_8859_1);
    if (!first.equals(firstLine(rest))) {
      throw new IOException("its SHA-256 is not the one that it names");
    }
    int end = lineEnd(rest, 0);
    Header header = JSON.readValue(rest, 0, end, Header.class);
    return new CacheEntry(
        header.madeOf,
        header.compileSeconds,
        header.placements,
        header.subgraphs,
        Arrays.copyOfRange(rest, end, rest.length));
  }

  private static int lineEnd(byte[] bytes, int from) throws IOException {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    throw new IOException("it ends too early");
  }
}
