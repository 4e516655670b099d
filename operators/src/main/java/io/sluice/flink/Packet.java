package io.sluice.flink;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What travels between the operators of a pipeline: a request as a whole, or one of the parts that
 * it was split into, with its tensors and texts by name. Immutable, so operators that are chained
 * share it.
 *
 * <p>A packet that failed carries its {@link Failure} and no work; every stage hands it on, and the
 * join at the end makes one dead letter of it.
 */
public final class Packet {
  /** The {@link #part} of a packet that was not split. */
  public static final int WHOLE = -1;

  /** The name of the tensor that holds a record's bytes as they came. */
  public static final String RECORD = "record";

  /** How much of a record a failed packet keeps. */
  public static final int HEAD_BYTES = 1024;

  private final Origin origin;
  private final int part;
  private final int parts;
  private final SortedMap<String, TensorData> tensors;
  private final SortedMap<String, String> texts;
  private final Failure failure;

  Packet(
      Origin origin,
      int part,
      int parts,
      SortedMap<String, TensorData> tensors,
      SortedMap<String, String> texts,
      Failure failure) {
    this.origin = Objects.requireNonNull(origin, "origin");
    this.part = part;
    this.parts = parts;
    this.tensors = Collections.unmodifiableSortedMap(tensors);
    this.texts = Collections.unmodifiableSortedMap(texts);
    this.failure = failure;
  }

  /**
   * A record as it came.
   *
   * @param value its bytes, given away; null for a record without a value
   */
  public static Packet ofRecord(String topic, int partition, long offset, byte[] value) {
    Packet empty = of(Origin.of(topic, partition, offset));
    return value == null
        ? empty
        : empty.with(RECORD, TensorData.wrap(DataType.UINT8, Shape.of(value.length), value));
  }

  /** A whole request with nothing in it yet. */
  public static Packet of(Origin origin) {
    return new Packet(origin, WHOLE, 0, new TreeMap<>(), new TreeMap<>(), null);
  }

  public Origin origin() {
    return origin;
  }

  /** The index of this part, 0 to {@link #parts} - 1, or {@link #WHOLE}. */
  public int part() {
    return part;
  }

  /** How many parts the request was split into; 0 if it was not. */
  public int parts() {
    return parts;
  }

  public boolean isWhole() {
    return part == WHOLE;
  }

  /** The tensors by name, sorted. */
  public SortedMap<String, TensorData> tensors() {
    return tensors;
  }

  /** The texts by name, sorted. */
  public SortedMap<String, String> texts() {
    return texts;
  }

  public Optional<Failure> failure() {
    return Optional.ofNullable(failure);
  }

  public boolean failed() {
    return failure != null;
  }

  public boolean has(String tensor) {
    return tensors.containsKey(tensor);
  }

  /**
   * The tensor of a name.
   *
   * @throws SluiceException SLUICE_STAGE_FAILED if no stage before made it
   */
  public TensorData tensor(String name) {
    TensorData tensor = tensors.get(name);
    if (tensor == null) {
      throw new SluiceException(
          ErrorCode.SLUICE_STAGE_FAILED,
          "no tensor '" + name + "' among " + tensors.keySet(),
          "packet " + origin.position(),
          "put the stage that makes it before the one that takes it");
    }
    return tensor;
  }

  /** This packet with one more tensor, or another one of the same name. */
  public Packet with(String name, TensorData tensor) {
    SortedMap<String, TensorData> more = new TreeMap<>(tensors);
    more.put(name, tensor);
    return new Packet(origin, part, parts, more, texts, failure);
  }

  /** This packet with one more text, or another one of the same name. */
  public Packet withText(String name, String text) {
    SortedMap<String, String> more = new TreeMap<>(texts);
    more.put(name, text);
    return new Packet(origin, part, parts, tensors, more, failure);
  }

  /** This packet without some of its tensors and texts. */
  public Packet without(String... names) {
    SortedMap<String, TensorData> fewerTensors = new TreeMap<>(tensors);
    SortedMap<String, String> fewerTexts = new TreeMap<>(texts);
    for (String name : names) {
      fewerTensors.remove(name);
      fewerTexts.remove(name);
    }
    return new Packet(origin, part, parts, fewerTensors, fewerTexts, failure);
  }

  /** This packet as part {@code part} of {@code parts}. */
  public Packet asPart(int part, int parts) {
    if (part < 0 || part >= parts) {
      throw new SluiceException(
          ErrorCode.SLUICE_STAGE_FAILED,
          "part " + part + " of " + parts,
          "packet " + origin.position(),
          "number the parts from 0");
    }
    return new Packet(origin, part, parts, tensors, texts, failure);
  }

  /** This packet as a whole request again. */
  public Packet asWhole() {
    return new Packet(origin, WHOLE, 0, tensors, texts, failure);
  }

  /** This packet with these tensors and texts instead of its own; the maps are given away. */
  public Packet holding(
      SortedMap<String, TensorData> otherTensors, SortedMap<String, String> otherTexts) {
    return new Packet(origin, part, parts, otherTensors, otherTexts, failure);
  }

  /** This packet under an origin of which more is known. */
  public Packet withOrigin(Origin known) {
    return new Packet(known, part, parts, tensors, texts, failure);
  }

  /**
   * What is left of this packet when it fails: origin, part, the reason, and the first {@link
   * #HEAD_BYTES} of the record if it was not decoded yet.
   */
  public Packet failed(Failure why) {
    SortedMap<String, TensorData> kept = new TreeMap<>();
    if (has(RECORD)) {
      byte[] record = tensor(RECORD).array();
      byte[] head = Arrays.copyOf(record, Math.min(record.length, HEAD_BYTES));
      kept.put(RECORD, TensorData.wrap(DataType.UINT8, Shape.of(head.length), head));
    }
    return new Packet(
        origin, part, parts, kept, new TreeMap<>(), Objects.requireNonNull(why, "failure"));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Packet that
        && part == that.part
        && parts == that.parts
        && origin.equals(that.origin)
        && tensors.equals(that.tensors)
        && texts.equals(that.texts)
        && Objects.equals(failure, that.failure);
  }

  @Override
  public int hashCode() {
    return Objects.hash(origin, part, parts, tensors, texts, failure);
  }

  @Override
  public String toString() {
    return origin.position()
        + (isWhole() ? "" : " part " + part + " of " + parts)
        + (failed() ? " " + failure : " " + tensors + " " + texts.keySet());
  }
}
