package io.sluice.onnx;

import static io.sluice.onnx.OnnxAttributes.integer;
import static io.sluice.onnx.OnnxAttributes.ints;
import static io.sluice.onnx.OnnxAttributes.string;

import io.sluice.onnx.proto.AttributeProto;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.List;
import java.util.Map;

/**
 * Ops that move blocks of s x s pixels into channels and back. Element (i, j) of a block of channel
 * c is channel (i * s + j) * C + c in {@code gstiling} and (c * s + i) * s + j in {@code
 * pixel-shuffle}, which ONNX calls DCR and CRD.
 */
final class BlockExports {
  private BlockExports() {}

  static void register(Map<String, OpExport> exports) {
    exports.put(
        "gstiling",
        (op, s) -> {
          int block = op.attrs().getInt("stride");
          if (op.attrs().getBool("reverse")) {
            toSpace(op, s, block, "DCR");
          } else {
            emit(op, s, "SpaceToDepth", integer("blocksize", block));
          }
        });
    exports.put(
        "pixel-shuffle",
        (op, s) -> {
          int block = op.attrs().getInt("scale");
          if (op.attrs().getBool("upscale")) {
            toSpace(op, s, block, "CRD");
          } else {
            unshuffle(op, s, block);
          }
        });
  }

  private static void toSpace(Op op, ExportState state, int block, String mode) {
    emit(op, state, "DepthToSpace", integer("blocksize", block), string("mode", mode));
  }

  private static void emit(Op op, ExportState state, String type, AttributeProto... attributes) {
    Layout planes = Layout.channelsFirst();
    state.emit(op, planes, type, List.of(state.arranged(op.input(), planes)), attributes);
  }

  /** ONNX has no space to depth in this order: it is spelled out. */
  private static void unshuffle(Op op, ExportState state, int block) {
    Shape out = op.output().shape();
    int channels = op.input().output().shape().dim(3);
    Layout planes = Layout.channelsFirst();
    String name = op.output().name();
    String blocks = state.fresh(name + ".blocks");
    String split =
        state.longTensor(
            blocks + ".shape", out.dim(0), channels, out.dim(1), block, out.dim(2), block);
    state.node("Reshape", List.of(state.arranged(op.input(), planes), split), blocks);
    String turned = state.fresh(name + ".turned");
    state.node("Transpose", List.of(blocks), turned, ints("perm", new int[] {0, 1, 3, 5, 2, 4}));
    String joined =
        state.longTensor(name + ".shape", out.dim(0), out.dim(3), out.dim(1), out.dim(2));
    state.emit(op, planes, "Reshape", List.of(turned, joined));
  }
}
