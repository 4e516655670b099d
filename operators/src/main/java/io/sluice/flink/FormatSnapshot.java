package io.sluice.flink;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Remembers in a savepoint which byte format a value was written in. A format that this build does
 * not know is refused instead of misread.
 *
 * <p>Each serializer has a public subclass of its own with a public constructor without arguments,
 * since Flink makes it by name.
 */
public abstract class FormatSnapshot<T> implements TypeSerializerSnapshot<T> {
  private static final int SNAPSHOT_VERSION = 1;

  private final int currentFormat;
  private int format;

  /**
   * @param currentFormat what this build writes
   */
  protected FormatSnapshot(int currentFormat) {
    this.currentFormat = currentFormat;
    this.format = currentFormat;
  }

  /** The serializer of the current format. */
  protected abstract TypeSerializer<T> serializer();

  @Override
  public final int getCurrentVersion() {
    return SNAPSHOT_VERSION;
  }

  @Override
  public final void writeSnapshot(DataOutputView out) throws IOException {
    out.writeInt(format);
  }

  @Override
  public final void readSnapshot(int version, DataInputView in, ClassLoader loader)
      throws IOException {
    if (version != SNAPSHOT_VERSION) {
      throw new IOException("snapshot version " + version + ", known is " + SNAPSHOT_VERSION);
    }
    format = in.readInt();
  }

  @Override
  public final TypeSerializer<T> restoreSerializer() {
    if (format != currentFormat) {
      throw new IllegalStateException("format " + format + ", known is " + currentFormat);
    }
    return serializer();
  }

  @Override
  public final TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
      TypeSerializerSnapshot<T> old) {
    return old.getClass() == getClass() && ((FormatSnapshot<?>) old).format == format
        ? TypeSerializerSchemaCompatibility.compatibleAsIs()
        : TypeSerializerSchemaCompatibility.incompatible();
  }
}
