package io.sluice.onnx;

import com.google.protobuf.ByteString;
import io.sluice.onnx.proto.AttributeProto;
import io.sluice.onnx.proto.AttributeProto.AttributeType;

/** Attributes of ONNX nodes. */
public final class OnnxAttributes {
  private OnnxAttributes() {}

  public static AttributeProto ints(String name, int... values) {
    AttributeProto.Builder attribute = attribute(name, AttributeType.INTS);
    for (int v : values) {
      attribute.addInts(v);
    }
    return attribute.build();
  }

  public static AttributeProto integer(String name, long value) {
    return attribute(name, AttributeType.INT).setI(value).build();
  }

  public static AttributeProto real(String name, float value) {
    return attribute(name, AttributeType.FLOAT).setF(value).build();
  }

  public static AttributeProto reals(String name, float... values) {
    AttributeProto.Builder attribute = attribute(name, AttributeType.FLOATS);
    for (float v : values) {
      attribute.addFloats(v);
    }
    return attribute.build();
  }

  public static AttributeProto string(String name, String value) {
    return attribute(name, AttributeType.STRING).setS(ByteString.copyFromUtf8(value)).build();
  }

  private static AttributeProto.Builder attribute(String name, AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }
}
