package io.sluice.xir;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.proto.XirProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Op definitions to and from their messages. The shape inference of an op is not in a file. */
final class OpDefCodec {
  private OpDefCodec() {}

  /** The messages of the built-in ops, which every file holds. */
  private static final class BuiltIn {
    static final Map<String, XirProto.OpDef> MESSAGES =
        BuiltInOps.BY_TYPE.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> encode(e.getValue())));
  }

  static XirProto.OpDef write(OpDef def) {
    XirProto.OpDef builtIn = BuiltIn.MESSAGES.get(def.type());
    return builtIn != null ? builtIn : encode(def);
  }

  private static XirProto.OpDef encode(OpDef def) {
    XirProto.OpDef.Builder out =
        XirProto.OpDef.newBuilder().setName(def.type()).setAnnotation(def.annotation());
    for (OpDef.ArgDef arg : def.args()) {
      out.addInputArgs(
          XirProto.OpArgDef.newBuilder()
              .setName(arg.name())
              .setOccurTypeValue(arg.occurrence().ordinal())
              .setDataType(arg.kind().ordinal())
              .setAnnotation(arg.annotation()));
    }
    for (OpDef.AttrDef attr : def.attrs()) {
      AttrValue shown = attr.required() ? OpDefBuilder.zeroOf(attr.type()) : attr.defaultValue();
      out.addAttrs(
          XirProto.AttrDef.newBuilder()
              .setName(attr.name())
              .setOccurType(
                  attr.required()
                      ? XirProto.AttrDef.OccurType.REQUIRED
                      : XirProto.AttrDef.OccurType.OPTIONAL)
              .setDefaultValue(AttrCodec.write(shown))
              .setListLength(attr.listLength())
              .setAnnotation(attr.annotation()));
    }
    return out.build();
  }

  /** A custom definition. */
  static OpDef read(XirProto.OpDef in) {
    String place = "definition of op type '" + in.getName() + "'";
    check(!in.getName().isEmpty(), "a definition without a type", place);
    List<OpDef.ArgDef> args = new ArrayList<>();
    for (XirProto.OpArgDef arg : in.getInputArgsList()) {
      int occurrence = arg.getOccurTypeValue();
      boolean known =
          occurrence >= 0
              && occurrence < OpDef.Occurrence.values().length
              && arg.getDataType() >= 0
              && arg.getDataType() < DataType.Kind.values().length;
      check(known, "argument '" + arg.getName() + "' has an unknown occurrence or type", place);
      args.add(
          new OpDef.ArgDef(
              arg.getName(),
              OpDef.Occurrence.values()[occurrence],
              DataType.Kind.values()[arg.getDataType()],
              arg.getAnnotation()));
    }
    List<OpDef.AttrDef> attrs = new ArrayList<>();
    for (XirProto.AttrDef attr : in.getAttrsList()) {
      check(
          attr.getOccurType() != XirProto.AttrDef.OccurType.UNRECOGNIZED
              && attr.getListLength() >= 0,
          "attribute '" + attr.getName() + "' has an unknown occurrence or length",
          place);
      AttrValue shown = AttrCodec.read(attr.getName(), attr.getDefaultValue(), place);
      boolean required = attr.getOccurType() == XirProto.AttrDef.OccurType.REQUIRED;
      attrs.add(
          new OpDef.AttrDef(
              attr.getName(),
              shown.type(),
              required,
              required ? null : shown,
              attr.getListLength(),
              attr.getAnnotation()));
    }
    return new OpDef(in.getName(), args, attrs, null, in.getAnnotation());
  }

  private static void check(boolean holds, String thing, String place) {
    if (!holds) {
      throw new SluiceException(
          ErrorCode.XIR_READ_PB_FAILURE,
          thing,
          place,
          "write the model again with the tool that made it");
    }
  }
}
