package io.sluice.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Changes fields of the messages in a file and leaves it well-formed: numbers become extreme, names
 * become other names of the file (so names occur twice, and ops read what comes after them), data
 * become shorter or longer, elements are dropped, repeated, exchanged or taken from elsewhere.
 */
final class MessageMutation implements Mutation {
  private static final int MAX_POOL = 4000;
  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    2,
    -2,
    3,
    7,
    127,
    128,
    255,
    65_536,
    1 << 30,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xFFFFFFFFL,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final double[] REALS = {
    0,
    -0.0,
    1,
    -1,
    0.5,
    1e-38,
    1e38,
    -1e38,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    2.0000001
  };

  private final Message prototype;
  private final List<String> names = new ArrayList<>();
  private final Map<Descriptor, List<Message>> parts = new HashMap<>();

  private MessageMutation(Message prototype) {
    this.prototype = prototype;
  }

  /**
   * @param prototype what the files are
   * @param files whose names and parts are put in elsewhere
   */
  static MessageMutation of(Message prototype, List<byte[]> files) {
    MessageMutation mutation = new MessageMutation(prototype);
    files.forEach(file -> mutation.collect(mutation.parse(file)));
    return mutation;
  }

  private Message parse(byte[] file) {
    try {
      return prototype.getParserForType().parseFrom(file);
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void collect(Message message) {
    List<Message> same =
        parts.computeIfAbsent(message.getDescriptorForType(), d -> new ArrayList<>());
    if (same.size() < MAX_POOL && message.getSerializedSize() < MAX_POOL) {
      same.add(message);
    }
    new TreeMap<>(message.getAllFields())
        .forEach(
            (field, value) -> {
              for (Object v : value instanceof List<?> list ? list : List.of(value)) {
                if (v instanceof Message part) {
                  collect(part);
                } else if (v instanceof String name && names.size() < MAX_POOL) {
                  names.add(name);
                }
              }
            });
  }

  @Override
  public byte[] apply(byte[] file, Random random) {
    Message message = parse(file);
    for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
      message = changed(message, random);
    }
    return message.toByteArray();
  }

  private Message changed(Message message, Random random) {
    Message.Builder builder = message.toBuilder();
    List<FieldDescriptor> given = new ArrayList<>(new TreeMap<>(message.getAllFields()).keySet());
    List<FieldDescriptor> all = message.getDescriptorForType().getFields();
    if (given.isEmpty() || random.nextInt(12) == 0) {
      if (!all.isEmpty()) {
        put(builder, pick(all, random), random);
      }
      return builder.build();
    }
    FieldDescriptor field = pick(given, random);
    if (field.isRepeated()) {
      changeElement(builder, field, random);
    } else if (random.nextInt(16) == 0) {
      builder.clearField(field);
    } else {
      builder.setField(field, changed(builder, field, builder.getField(field), random));
    }
    return builder.build();
  }

  /** Sets or adds to a field that may have been empty. */
  private void put(Message.Builder builder, FieldDescriptor field, Random random) {
    Object value = other(builder, field, random);
    if (field.isRepeated()) {
      builder.addRepeatedField(field, value);
    } else {
      builder.setField(field, value);
    }
  }

  private Object other(Message.Builder builder, FieldDescriptor field, Random random) {
    if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
      return changed(builder, field, null, random);
    }
    Message empty = builder.newBuilderForField(field).build();
    List<Message> same = parts.getOrDefault(field.getMessageType(), List.of());
    return same.isEmpty() ? empty : pick(same, random);
  }

  private void changeElement(Message.Builder builder, FieldDescriptor field, Random random) {
    List<Object> elements = new ArrayList<>((List<?>) builder.getField(field));
    int at = random.nextInt(elements.size());
    Object element = elements.get(at);
    switch (random.nextInt(20)) {
      case 0 -> elements.remove(at);
      case 1 -> elements.add(random.nextInt(elements.size() + 1), element);
      case 2 -> elements.set(at, elements.set(random.nextInt(elements.size()), element));
      case 3 -> elements.add(random.nextInt(elements.size() + 1), other(builder, field, random));
      case 4 -> elements.set(at, other(builder, field, random));
      case 5 -> elements.subList(at, elements.size()).clear();
      default -> elements.set(at, changed(builder, field, element, random));
    }
    builder.setField(field, elements);
  }

  private Object changed(
      Message.Builder builder, FieldDescriptor field, Object value, Random random) {
    return switch (field.getJavaType()) {
      case INT -> (int) number(value == null ? 0 : (Integer) value, random);
      case LONG -> number(value == null ? 0 : (Long) value, random);
      case FLOAT -> (float) real(random);
      case DOUBLE -> real(random);
      case BOOLEAN -> random.nextBoolean();
      case STRING -> random.nextInt(8) == 0 || names.isEmpty() ? odd(random) : pick(names, random);
      case BYTE_STRING -> data(value == null ? ByteString.EMPTY : (ByteString) value, random);
      case ENUM -> {
        List<EnumValueDescriptor> values = field.getEnumType().getValues();
        yield pick(values, random);
      }
      case MESSAGE ->
          random.nextInt(16) == 0
              ? other(builder, field, random)
              : changed((Message) value, random);
    };
  }

  private static long number(long value, Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> value + random.nextInt(5) - 2;
      case 1 -> -value;
      case 2 -> value * (1 + random.nextInt(1000));
      case 3 -> random.nextInt(20) - 2;
      default -> NUMBERS[random.nextInt(NUMBERS.length)];
    };
  }

  private static double real(Random random) {
    return random.nextBoolean() ? random.nextGaussian() : REALS[random.nextInt(REALS.length)];
  }

  private static String odd(Random random) {
    List<String> odd =
        List.of(
            "", " ", "../../x", "a/b", "\u0000", "%s%n", "\u202e", "x".repeat(70_000), "'\"<&>");
    return pick(odd, random);
  }

  private static ByteString data(ByteString data, Random random) {
    int at = random.nextInt(data.size() + 1);
    byte[] some = new byte[1 + random.nextInt(9)];
    random.nextBytes(some);
    return switch (random.nextInt(4)) {
      case 0 -> data.substring(0, at);
      case 1 -> data.concat(ByteString.copyFrom(some));
      case 2 -> ByteString.copyFrom(some);
      default -> data.substring(at).concat(data.substring(0, at));
    };
  }

  private static <T> T pick(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }
}
