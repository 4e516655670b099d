package io.sluice.flink.xrm;

import io.sluice.fleet.CardState;
import io.sluice.flink.FormatSnapshot;
import io.sluice.flink.ImmutableSerializer;
import io.sluice.xrm.Demand;
import io.sluice.xrm.ManagerState;
import io.sluice.xrm.ManagerState.CardEntry;
import io.sluice.xrm.ManagerState.SlotEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Writes the numbers of the state, then its cards and its slots, each as a count and entries. */
final class ManagerStateSerializer extends ImmutableSerializer<ManagerState> {
  static final ManagerStateSerializer INSTANCE = new ManagerStateSerializer();

  private static final long serialVersionUID = 1L;
  private static final int FORMAT = 1;

  private ManagerStateSerializer() {}

  @Override
  public ManagerState createInstance() {
    return new ManagerState(1, 0, 0, List.of(), List.of());
  }

  @Override
  public void serialize(ManagerState state, DataOutputView target) throws IOException {
    target.writeLong(state.epoch());
    target.writeLong(state.nextSequence());
    target.writeLong(state.atNs());
    target.writeInt(state.cards().size());
    for (CardEntry entry : state.cards()) {
      StringValue.writeString(entry.card(), target);
      Fields.writeName(entry.state().condition(), target);
      target.writeDouble(entry.state().slowFactor());
    }
    target.writeInt(state.slots().size());
    for (SlotEntry entry : state.slots()) {
      Fields.writeDemand(entry.demand(), target);
      // A null string has its own byte in Flink's format.
      StringValue.writeString(entry.unit().orElse(null), target);
    }
  }

  @Override
  public ManagerState deserialize(DataInputView source) throws IOException {
    long epoch = source.readLong();
    long nextSequence = source.readLong();
    long atNs = source.readLong();
    List<CardEntry> cards = new ArrayList<>();
    int cardCount = source.readInt();
    for (int i = 0; i < cardCount; i++) {
      String card = StringValue.readString(source);
      CardState.Condition condition = Fields.readName(CardState.Condition.class, source);
      cards.add(new CardEntry(card, new CardState(condition, source.readDouble())));
    }
    List<SlotEntry> slots = new ArrayList<>();
    int slotCount = source.readInt();
    for (int i = 0; i < slotCount; i++) {
      Demand demand = Fields.readDemand(source);
      slots.add(new SlotEntry(demand, Optional.ofNullable(StringValue.readString(source))));
    }
    return new ManagerState(epoch, nextSequence, atNs, cards, slots);
  }

  @Override
  public TypeSerializerSnapshot<ManagerState> snapshotConfiguration() {
    return new Snapshot();
  }

  private Object readResolve() {
    return INSTANCE;
  }

  /** Public, with a public constructor, for Flink. */
  public static final class Snapshot extends FormatSnapshot<ManagerState> {
    public Snapshot() {
      super(FORMAT);
    }

    @Override
    protected TypeSerializer<ManagerState> serializer() {
      return INSTANCE;
    }
  }
}
