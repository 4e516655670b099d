package io.sluice.zoo;

import static io.sluice.zoo.OnnxFileBuilder.integer;
import static io.sluice.zoo.OnnxFileBuilder.ints;
import static io.sluice.zoo.OnnxFileBuilder.real;

import io.sluice.onnx.proto.AttributeProto;
import io.sluice.xir.Shape;
import java.util.List;

/**
 * A small vision transformer (Dosovitskiy et al., 2021): patches of 16 x 16, encoder blocks with
 * norms in front of attention and of the two linear layers with GELU, the mean of the tokens, a
 * linear layer.
 */
final class Transformer {
  private static final int PATCH = 16;
  private static final int HEADS = 4;
  private static final int BLOCKS = 4;
  private static final int DEPTH = 192;

  private final OnnxFileBuilder file;
  private final NetBuilder net;
  private final boolean nativeNorm;

  private Transformer(NetBuilder net, boolean nativeNorm) {
    this.net = net;
    this.file = net.file();
    this.nativeNorm = nativeNorm;
  }

  /** Layer norm in the nodes that exporters write for opsets before 17. */
  static byte[] spelledOut(ZooConfig config) {
    return new Transformer(new NetBuilder("vit", config, 13), false).build(config);
  }

  /** Layer norm as one node of opset 17. */
  static byte[] nativeNorm(ZooConfig config) {
    return new Transformer(new NetBuilder("vit17", config, 17), true).build(config);
  }

  private byte[] build(ZooConfig config) {
    int depth = Math.max(HEADS * 8, net.scaled(DEPTH));
    Feature patches = net.conv(net.image(), depth, Kernel.valid(PATCH, PATCH));
    int tokens = patches.height() * patches.width();
    Feature x = transpose(reshape(patches, 1, depth, tokens), 0, 2, 1);
    x = binary("Add", x, file.weights("pos_embed", 0, 0.2, 1, tokens, depth));
    x = NetBuilder.repeat(BLOCKS, x, this::block);
    Feature pooled =
        file.node(
            "ReduceMean",
            Shape.of(1, depth),
            List.of(norm(x).name()),
            ints("axes", 1),
            integer("keepdims", 0));
    return net.build(net.linear(pooled, config.classes()));
  }

  private Feature block(Feature x) {
    Feature y = net.add(x, attention(norm(x)));
    int depth = y.shape().dim(2);
    return net.add(y, linear(gelu(linear(norm(y), 4 * depth)), depth));
  }

  private Feature attention(Feature x) {
    Feature q = heads(linear(x), 0, 2, 1, 3);
    Feature k = heads(linear(x), 0, 2, 3, 1);
    Feature v = heads(linear(x), 0, 2, 1, 3);
    int tokens = x.shape().dim(1);
    Feature scores = matMul(q, k, Shape.of(1, HEADS, tokens, tokens));
    float scale = (float) Math.sqrt(q.shape().dim(3));
    Feature weights =
        file.node(
            "Softmax",
            scores.shape(),
            List.of(binary("Div", scores, file.constant(scale)).name()),
            integer("axis", -1));
    Feature mixed = transpose(matMul(weights, v, q.shape()), 0, 2, 1, 3);
    return linear(reshape(mixed, x.shape().toArray()));
  }

  private Feature heads(Feature x, int... order) {
    int depth = x.shape().dim(2);
    return transpose(reshape(x, 1, x.shape().dim(1), HEADS, depth / HEADS), order);
  }

  private Feature linear(Feature x) {
    return linear(x, x.shape().dim(2));
  }

  private Feature linear(Feature x, int out) {
    int in = x.shape().dim(2);
    String w = file.weights("weight", 0, Math.sqrt(1.0 / in), in, out);
    Feature y = file.node("MatMul", x.shape().withDim(2, out), List.of(x.name(), w));
    String bias = file.weights("bias", 0, 0.05, out);
    return file.node("Add", y.shape(), List.of(bias, y.name()));
  }

  private Feature gelu(Feature x) {
    Feature scaled = binary("Div", x, file.constant((float) Math.sqrt(2)));
    Feature erf = file.node("Erf", x.shape(), List.of(scaled.name()));
    Feature gate = binary("Add", erf, file.constant(1));
    return binary("Mul", binary("Mul", x, gate.name()), file.constant(0.5f));
  }

  private Feature norm(Feature x) {
    int depth = x.shape().dim(2);
    String scale = file.weights("norm.weight", 1, 0.1, depth);
    String bias = file.weights("norm.bias", 0, 0.05, depth);
    if (nativeNorm) {
      return file.node(
          "LayerNormalization",
          x.shape(),
          List.of(x.name(), scale, bias),
          integer("axis", -1),
          real("epsilon", 1e-5f));
    }
    Feature centred = binary("Sub", x, lastMean(x).name());
    Feature squares = binary("Pow", centred, file.constant(2));
    Feature variance = binary("Add", lastMean(squares), file.constant(1e-5f));
    Feature deviation = file.node("Sqrt", variance.shape(), List.of(variance.name()));
    Feature normal = binary("Div", centred, deviation.name());
    return binary("Add", binary("Mul", normal, scale), bias);
  }

  private Feature lastMean(Feature x) {
    AttributeProto axes = ints("axes", -1);
    return file.node(
        "ReduceMean", x.shape().withDim(2, 1), List.of(x.name()), axes, integer("keepdims", 1));
  }

  private Feature binary(String type, Feature x, String other) {
    return file.node(type, x.shape(), List.of(x.name(), other));
  }

  private Feature matMul(Feature a, Feature b, Shape shape) {
    return file.node("MatMul", shape, List.of(a.name(), b.name()));
  }

  private Feature reshape(Feature x, int... dims) {
    long[] wanted = new long[dims.length];
    for (int i = 0; i < dims.length; i++) {
      wanted[i] = dims[i];
    }
    return file.node("Reshape", Shape.of(dims), List.of(x.name(), file.longs("shape", wanted)));
  }

  private Feature transpose(Feature x, int... order) {
    int[] dims = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      dims[i] = x.shape().dim(order[i]);
    }
    return file.node("Transpose", Shape.of(dims), List.of(x.name()), ints("perm", order));
  }
}
