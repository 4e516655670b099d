package io.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.sluice.xir.AttrType;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Attribute values for people and for programs; bytes are told by their number only. */
final class AttrView {
  private static final int MAX_TEXT_ELEMENTS = 16;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private AttrView() {}

  /** One line; long lists are cut. */
  static String text(AttrValue value) {
    return text(value.type(), value.value());
  }

  private static String text(AttrType type, Object value) {
    if (value instanceof List<?> list) {
      String shown =
          list.stream()
              .limit(MAX_TEXT_ELEMENTS)
              .map(element -> text(type.element(), element))
              .collect(Collectors.joining(", "));
      String rest = list.size() > MAX_TEXT_ELEMENTS ? ", ... " + list.size() + " in all" : "";
      return "[" + shown + rest + "]";
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(e -> printable(e.getKey().toString()) + "=" + text(type.element(), e.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof ByteString bytes) {
      return bytes.size() + " bytes";
    }
    return printable(isUnsigned(type) ? unsigned(value).toString() : value.toString());
  }

  static ObjectNode json(Attrs attrs) {
    ObjectNode out = NODES.objectNode();
    attrs.asMap().forEach((name, value) -> out.set(name, json(value.type(), value.value())));
    return out;
  }

  private static JsonNode json(AttrType type, Object value) {
    if (value instanceof List<?> list) {
      ArrayNode out = NODES.arrayNode();
      list.forEach(element -> out.add(json(type.element(), element)));
      return out;
    }
    if (value instanceof Map<?, ?> map) {
      ObjectNode out = NODES.objectNode();
      map.forEach((key, element) -> out.set(key.toString(), json(type.element(), element)));
      return out;
    }
    if (value instanceof ByteString bytes) {
      return NODES.objectNode().put("bytes", bytes.size());
    }
    if (isUnsigned(type)) {
      return NODES.numberNode(unsigned(value));
    }
    return switch (type) {
      case BOOL -> NODES.booleanNode((Boolean) value);
      case INT32 -> NODES.numberNode((Integer) value);
      case INT64 -> NODES.numberNode((Long) value);
      case FLOAT -> NODES.numberNode((Float) value);
      case DOUBLE -> NODES.numberNode((Double) value);
      default -> NODES.textNode(value.toString());
    };
  }

  private static boolean isUnsigned(AttrType type) {
    return type == AttrType.UINT32 || type == AttrType.UINT64;
  }

  private static BigInteger unsigned(Object value) {
    return value instanceof Integer i
        ? BigInteger.valueOf(Integer.toUnsignedLong(i))
        : new BigInteger(Long.toUnsignedString((Long) value));
  }

  /** A name or a text of a file without characters that steer a terminal. */
  static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
