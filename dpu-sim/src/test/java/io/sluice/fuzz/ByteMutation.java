package io.sluice.fuzz;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Flips, inserts, deletes and repeats bytes, cuts a file off, or goes on with another file. Weights
 * are most of a model, and damage to them is rarely seen, so places inside of them are left out.
 */
final class ByteMutation implements Mutation {
  private static final int LARGE = 64;
  private static final int MAX_BLOCK = 64;

  private final byte[] other;

  /** Where bytes that matter begin, and how many such bytes are before. */
  private final TreeMap<Integer, Integer> starts = new TreeMap<>(Map.of(0, 0));

  private int hot;

  /**
   * @param message what the files are
   * @param file the file to damage
   * @param other a file to go on with
   */
  static ByteMutation of(Descriptor message, byte[] file, byte[] other) {
    ByteMutation mutation = new ByteMutation(other);
    try {
      mutation.walk(CodedInputStream.newInstance(file), message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    mutation.hot += file.length - mutation.starts.lastKey();
    return mutation;
  }

  private ByteMutation(byte[] other) {
    this.other = other;
  }

  private void walk(CodedInputStream in, Descriptor type) throws IOException {
    while (!in.isAtEnd()) {
      int tag = in.readTag();
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        in.skipField(tag);
        continue;
      }
      int length = in.readRawVarint32();
      if (field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        int limit = in.pushLimit(length);
        walk(in, field.getMessageType());
        in.popLimit(limit);
      } else {
        if (length > LARGE) {
          hot += in.getTotalBytesRead() - starts.lastKey();
          starts.put(in.getTotalBytesRead() + length, hot);
        }
        in.skipRawBytes(length);
      }
    }
  }

  private int place(int length, Random random) {
    int wanted = random.nextInt(hot);
    int start = 0;
    for (Map.Entry<Integer, Integer> e : starts.entrySet()) {
      if (e.getValue() > wanted) {
        break;
      }
      start = e.getKey() + wanted - e.getValue();
    }
    return Math.min(start, length - 1);
  }

  @Override
  public byte[] apply(byte[] file, Random random) {
    byte[] bytes = file;
    for (int hits = 1 + random.nextInt(3); hits > 0 && bytes.length > 0; hits--) {
      bytes = once(bytes, random);
    }
    return bytes;
  }

  private byte[] once(byte[] bytes, Random random) {
    int at = place(bytes.length, random);
    int block = 1 + random.nextInt(random.nextBoolean() ? 2 : MAX_BLOCK);
    int end = Math.min(bytes.length, at + block);
    byte[] changed = bytes.clone();
    switch (random.nextInt(9)) {
      case 0, 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> changed[at] = (byte) random.nextInt(256);
      case 3 -> changed[at] = (byte) (random.nextBoolean() ? 0x7f : 0xff);
      case 4 -> changed[at] = (byte) (changed[at] + random.nextInt(5) - 2);
      case 5 -> changed = joined(bytes, at, randomBytes(block, random), bytes, at);
      case 6 -> changed = joined(bytes, at, new byte[0], bytes, end);
      case 7 -> changed = joined(bytes, end, new byte[0], bytes, at);
      default ->
          changed =
              random.nextInt(4) > 0
                  ? Arrays.copyOf(bytes, at)
                  : joined(bytes, at, new byte[0], other, random.nextInt(other.length));
    }
    return changed;
  }

  private static byte[] randomBytes(int count, Random random) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The head of one file, something, and the tail of another. */
  private static byte[] joined(byte[] head, int to, byte[] middle, byte[] tail, int from) {
    byte[] all = Arrays.copyOf(head, to + middle.length + tail.length - from);
    int at = to;
    for (byte[] part : List.of(middle, Arrays.copyOfRange(tail, from, tail.length))) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
