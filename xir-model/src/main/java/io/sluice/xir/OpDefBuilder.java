package io.sluice.xir;

import com.google.protobuf.ByteString;
import io.sluice.xir.OpDef.ArgDef;
import io.sluice.xir.OpDef.AttrDef;
import io.sluice.xir.OpDef.Inferred;
import io.sluice.xir.OpDef.Occurrence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Writes an {@link OpDef} in the words of the op library's table. */
final class OpDefBuilder {
  private final String type;
  private final List<ArgDef> args = new ArrayList<>();
  private final List<AttrDef> attrs = new ArrayList<>();
  private String annotation = "";

  private OpDefBuilder(String type) {
    this.type = type;
  }

  static OpDefBuilder op(String type) {
    return new OpDefBuilder(type);
  }

  OpDefBuilder annotation(String text) {
    this.annotation = text;
    return this;
  }

  /** An argument with exactly one op. */
  OpDefBuilder arg(String name, DataType.Kind kind) {
    return arg(name, Occurrence.REQUIRED, kind);
  }

  /** An argument with one op or none. */
  OpDefBuilder optionalArg(String name, DataType.Kind kind) {
    return arg(name, Occurrence.OPTIONAL, kind);
  }

  /** An argument with one op or more. */
  OpDefBuilder repeatedArg(String name, DataType.Kind kind) {
    return arg(name, Occurrence.REQUIRED_AND_REPEATED, kind);
  }

  /** An argument with any number of ops. */
  OpDefBuilder anyArgs(String name, DataType.Kind kind) {
    return arg(name, Occurrence.REPEATED, kind);
  }

  private OpDefBuilder arg(String name, Occurrence occurrence, DataType.Kind kind) {
    args.add(new ArgDef(name, occurrence, kind, ""));
    return this;
  }

  /** A required attribute; lists and bytes of any length. */
  OpDefBuilder required(String name, AttrType attrType) {
    return required(name, attrType, defaultLength(attrType));
  }

  private static int defaultLength(AttrType type) {
    return type == AttrType.BYTES || type.element() != null ? 0 : 1;
  }

  /** A required attribute; a list of exactly so many elements. */
  OpDefBuilder required(String name, AttrType attrType, int length) {
    attrs.add(new AttrDef(name, attrType, true, null, length, ""));
    return this;
  }

  /** An optional attribute; lists and bytes of any length. */
  OpDefBuilder optional(String name, AttrValue defaultValue) {
    return optional(name, defaultValue, defaultLength(defaultValue.type()));
  }

  /** An optional attribute; a list of exactly so many elements. */
  OpDefBuilder optional(String name, AttrValue defaultValue, int length) {
    attrs.add(new AttrDef(name, defaultValue.type(), false, defaultValue, length, ""));
    return this;
  }

  /** Applies a group of declarations that several ops share. */
  OpDefBuilder with(Function<OpDefBuilder, OpDefBuilder> declarations) {
    return declarations.apply(this);
  }

  OpDef infer(Function<InferenceContext, Inferred> inference) {
    return new OpDef(
        type, args, attrs, op -> inference.apply(new InferenceContext(op)), annotation);
  }

  /** A definition whose output only the graph that uses it knows. */
  OpDef custom() {
    return new OpDef(type, args, attrs, null, annotation);
  }

  /**
   * The value that stands for "none" in a file, where a required attribute shows its type by it.
   */
  static AttrValue zeroOf(AttrType type) {
    return new AttrValue(
        type,
        switch (type) {
          case BOOL -> false;
          case INT32, UINT32 -> 0;
          case INT64, UINT64 -> 0L;
          case FLOAT -> 0f;
          case DOUBLE -> 0d;
          case STRING -> "";
          case BYTES -> ByteString.EMPTY;
          default -> type.javaType() == List.class ? List.of() : Map.of();
        });
  }
}
