package io.sluice.aks;

import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The dynamic parameters of a job with, for each, the rank of the node that set it last, so that
 * they can be put together again where branches meet. They travel as a UINT8 tensor.
 */
final class RankedParams {
  /** The rank of what a job brought. */
  static final int INITIAL = -1;

  private static final ParamType[] TYPES = ParamType.values();

  private record Entry(ParamValue value, int rank) {}

  private final SortedMap<String, Entry> entries = new TreeMap<>();

  static RankedParams of(Map<String, ParamValue> initial) {
    RankedParams params = new RankedParams();
    params.put(initial, INITIAL);
    return params;
  }

  void put(Map<String, ParamValue> changed, int rank) {
    changed.forEach((name, value) -> entries.put(name, new Entry(value, rank)));
  }

  /** Takes over what others set later, by rank. */
  void merge(RankedParams other) {
    other.entries.forEach(
        (name, entry) ->
            entries.merge(name, entry, (mine, yours) -> yours.rank > mine.rank ? yours : mine));
  }

  /** Forgets what nodes of a higher rank set. */
  RankedParams upTo(int rank) {
    RankedParams kept = new RankedParams();
    entries.forEach(
        (name, entry) -> {
          if (entry.rank <= rank) {
            kept.entries.put(name, entry);
          }
        });
    return kept;
  }

  Map<String, ParamValue> values() {
    Map<String, ParamValue> values = new TreeMap<>();
    entries.forEach((name, entry) -> values.put(name, entry.value));
    return values;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  TensorData encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(entries.size());
      for (Map.Entry<String, Entry> named : entries.entrySet()) {
        write(named.getKey(), out);
        out.writeInt(named.getValue().rank);
        ParamValue value = named.getValue().value;
        out.writeByte(value.type().ordinal());
        switch (value.type()) {
          case INT -> out.writeInt(value.asInt());
          case FLOAT -> out.writeFloat(value.asFloat());
          case STRING -> write(value.asString(), out);
          case INT_ARRAY -> {
            out.writeInt(value.asInts().size());
            for (int i : value.asInts()) {
              out.writeInt(i);
            }
          }
          case FLOAT_ARRAY -> {
            out.writeInt(value.asFloats().size());
            for (float f : value.asFloats()) {
              out.writeFloat(f);
            }
          }
          case STRING_ARRAY -> {
            out.writeInt(value.asStrings().size());
            for (String s : value.asStrings()) {
              write(s, out);
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return TensorData.wrap(DataType.UINT8, Shape.of(bytes.size()), bytes.toByteArray());
  }

  static RankedParams decode(TensorData tensor) {
    RankedParams params = new RankedParams();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(tensor.array()))) {
      int count = in.readInt();
      for (int n = 0; n < count; n++) {
        String name = read(in);
        int rank = in.readInt();
        params.entries.put(name, new Entry(value(TYPES[in.readByte()], in), rank));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return params;
  }

  private static ParamValue value(ParamType type, DataInputStream in) throws IOException {
    switch (type) {
      case INT:
        return ParamValue.of(in.readInt());
      case FLOAT:
        return ParamValue.of(in.readFloat());
      case STRING:
        return ParamValue.of(read(in));
      default:
        break;
    }
    int count = in.readInt();
    List<Integer> ints = new ArrayList<>();
    List<Float> floats = new ArrayList<>();
    List<String> strings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      switch (type) {
        case INT_ARRAY -> ints.add(in.readInt());
        case FLOAT_ARRAY -> floats.add(in.readFloat());
        default -> strings.add(read(in));
      }
    }
    return switch (type) {
      case INT_ARRAY -> ParamValue.ofInts(ints);
      case FLOAT_ARRAY -> ParamValue.ofFloats(floats);
      default -> ParamValue.ofStrings(strings);
    };
  }

  /** Texts may be longer than writeUTF takes. */
  private static void write(String text, DataOutputStream out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String read(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
