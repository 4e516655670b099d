package io.sluice.flink;

import io.sluice.xir.TensorData;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Writes the fields of a packet in their order; maps as a count and their entries, sorted. */
public final class PacketSerializer extends ImmutableSerializer<Packet> {
  /** Without state, so one is enough. */
  public static final PacketSerializer INSTANCE = new PacketSerializer();

  private static final long serialVersionUID = 1L;
  private static final int FORMAT = 1;

  private PacketSerializer() {}

  @Override
  public Packet createInstance() {
    return Packet.of(Origin.of("", 0, 0));
  }

  @Override
  public void serialize(Packet packet, DataOutputView target) throws IOException {
    Origin origin = packet.origin();
    StringValue.writeString(origin.topic(), target);
    target.writeInt(origin.partition());
    target.writeLong(origin.offset());
    StringValue.writeString(origin.requestId(), target);
    StringValue.writeString(origin.pipeline(), target);
    target.writeLong(origin.createdAtMillis());
    writeTexts(origin.attributes(), target);
    target.writeInt(packet.part());
    target.writeInt(packet.parts());
    target.writeInt(packet.tensors().size());
    for (Map.Entry<String, TensorData> entry : packet.tensors().entrySet()) {
      StringValue.writeString(entry.getKey(), target);
      TensorDataSerializer.INSTANCE.serialize(entry.getValue(), target);
    }
    writeTexts(packet.texts(), target);
    target.writeBoolean(packet.failed());
    if (packet.failed()) {
      Failure failure = packet.failure().orElseThrow();
      StringValue.writeString(failure.stage(), target);
      StringValue.writeString(failure.code(), target);
      StringValue.writeString(failure.thing(), target);
      StringValue.writeString(failure.place(), target);
      StringValue.writeString(failure.remedy(), target);
    }
  }

  @Override
  public Packet deserialize(DataInputView source) throws IOException {
    Origin origin =
        new Origin(
            StringValue.readString(source),
            source.readInt(),
            source.readLong(),
            StringValue.readString(source),
            StringValue.readString(source),
            source.readLong(),
            readTexts(source));
    int part = source.readInt();
    int parts = source.readInt();
    SortedMap<String, TensorData> tensors = new TreeMap<>();
    int count = source.readInt();
    for (int i = 0; i < count; i++) {
      String name = StringValue.readString(source);
      tensors.put(name, TensorDataSerializer.INSTANCE.deserialize(source));
    }
    SortedMap<String, String> texts = readTexts(source);
    Failure failure = source.readBoolean() ? readFailure(source) : null;
    return new Packet(origin, part, parts, tensors, texts, failure);
  }

  private static Failure readFailure(DataInputView source) throws IOException {
    return new Failure(
        StringValue.readString(source),
        StringValue.readString(source),
        StringValue.readString(source),
        StringValue.readString(source),
        StringValue.readString(source));
  }

  private static void writeTexts(Map<String, String> texts, DataOutputView target)
      throws IOException {
    target.writeInt(texts.size());
    for (Map.Entry<String, String> entry : texts.entrySet()) {
      StringValue.writeString(entry.getKey(), target);
      StringValue.writeString(entry.getValue(), target);
    }
  }

  private static SortedMap<String, String> readTexts(DataInputView source) throws IOException {
    SortedMap<String, String> texts = new TreeMap<>();
    int count = source.readInt();
    for (int i = 0; i < count; i++) {
      String name = StringValue.readString(source);
      texts.put(name, StringValue.readString(source));
    }
    return texts;
  }

  @Override
  public TypeSerializerSnapshot<Packet> snapshotConfiguration() {
    return new Snapshot();
  }

  private Object readResolve() {
    return INSTANCE;
  }

  /** Public, with a public constructor, for Flink. */
  public static final class Snapshot extends FormatSnapshot<Packet> {
    public Snapshot() {
      super(FORMAT);
    }

    @Override
    protected TypeSerializer<Packet> serializer() {
      return INSTANCE;
    }
  }
}
