package io.sluice.onnx;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.proto.ModelProto;
import io.sluice.onnx.proto.OperatorSetIdProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the file and checks what holds for the model as a whole. */
final class OnnxFile {
  /**
   * A protobuf message cannot be larger than 2 GiB; weights beyond this belong in external files.
   */
  static final long MAX_BYTES = 1L << 30;

  static final int MIN_OPSET = 7;
  static final int MAX_OPSET = 21;

  private OnnxFile() {}

  static byte[] bytes(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new SluiceException(
            ErrorCode.SLUICE_LIMIT,
            "an ONNX file of " + size + " bytes, more than " + MAX_BYTES,
            file.toString(),
            "keep large weights as external data");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.ONNX_READ_FAILURE,
          "cannot read the file: " + e,
          file.toString(),
          "correct the path, or make the file readable",
          e);
    }
  }

  static ModelProto parse(byte[] bytes, String name) {
    ModelProto model;
    try {
      model = ModelProto.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new SluiceException(
          ErrorCode.ONNX_READ_FAILURE,
          bytes.length + " bytes that are no ONNX model: " + e.getMessage(),
          name,
          "give a complete ONNX file",
          e);
    }
    if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
      throw new SluiceException(
          ErrorCode.ONNX_INVALID_MODEL,
          "a model without a graph",
          name,
          "give a complete ONNX file");
    }
    return model;
  }

  /** The version of the standard operator set. */
  static int opset(ModelProto model, String name) {
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      if (set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx")) {
        if (set.getVersion() >= MIN_OPSET && set.getVersion() <= MAX_OPSET) {
          return (int) set.getVersion();
        }
        throw new SluiceException(
            ErrorCode.ONNX_UNSUPPORTED_OPSET,
            "opset " + set.getVersion() + ", not " + MIN_OPSET + " to " + MAX_OPSET,
            name,
            "convert the model with the ONNX version converter");
      }
    }
    throw new SluiceException(
        ErrorCode.ONNX_INVALID_MODEL, "no operator set", name, "give a complete ONNX file");
  }
}
