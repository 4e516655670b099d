package io.sluice.inspect;

import io.sluice.compile.OpPlacement;
import io.sluice.target.BrokenLimit;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How to change a network so that an op may run on the DPU, by the rule that it breaks. */
final class Hints {
  /** The number that a limit ends in: {@code kernel_w <= 16}, {@code kernel_w in {1-16}}. */
  private static final Pattern MOST = Pattern.compile("(?:<=|\\{(?:\\d+,)*\\d+-) ?(\\d+)\\}?$");

  private Hints() {}

  /**
   * A hint for an op; empty if it breaks no rule.
   *
   * @param limits all that it breaks; if they are several, the hint names each with its values
   */
  static String of(OpPlacement op, List<BrokenLimit> limits) {
    if (op.rule().isEmpty()) {
      return "";
    }
    if (limits.size() < 2) {
      return ofOne(op);
    }
    return "it breaks "
        + limits.stream()
            .map(limit -> limit.rule() + " (" + limit.reason() + ")")
            .collect(Collectors.joining(" and "))
        + ": "
        + limits.stream()
            .map(limit -> change(limit.rule()))
            .distinct()
            .collect(Collectors.joining("; "));
  }

  private static String ofOne(OpPlacement op) {
    String change = change(op.rule());
    Matcher most = MOST.matcher(op.reason().replaceFirst(" with [^\"']*$", ""));
    if (op.values().size() == 1 && most.find()) {
      Map.Entry<String, Integer> broken = op.values().entrySet().iterator().next();
      int limit = Integer.parseInt(most.group(1));
      if (broken.getValue() > limit) {
        return words(broken.getKey())
            + " "
            + broken.getValue()
            + " exceeds "
            + limit
            + ": "
            + change
            + "; at most "
            + limit
            + " is possible";
      }
    }
    if (op.values().isEmpty()) {
      return change;
    }
    return op.values().entrySet().stream()
            .map(e -> words(e.getKey()) + " " + e.getValue())
            .collect(Collectors.joining(", "))
        + " go beyond it: "
        + change;
  }

  /** {@code kernel width} for {@code kernel_w}. */
  private static String words(String variable) {
    return variable.replaceFirst("_w$", "_width").replaceFirst("_h$", "_height").replace('_', ' ');
  }

  private static String change(String rule) {
    if (rule.startsWith("table28.") && rule.endsWith(".in_size") || rule.contains("kernel")) {
      return "use a smaller kernel, or several small ones in a row";
    } else if (rule.contains("stride")) {
      return "use a smaller stride, or two strided ops in a row";
    } else if (rule.contains("pad")) {
      return "pad less than the kernel's size, or crop beforehand";
    } else if (rule.contains("dilation") || rule.contains("channel")) {
      return "divide the op into several over fewer channels or a smaller dilation";
    } else if (rule.startsWith("partition.border")) {
      return "let its neighbours run on the DPU too";
    } else if (rule.startsWith("partition") || rule.equals("fix.input")) {
      return "let the op that it reads run on the DPU";
    } else if (rule.equals("fix.output")) {
      return "let an op that the DPU runs read it alone, or nothing between it and the next rounding";
    } else if (rule.equals("fix.constant")) {
      return "give it a constant that the quantizer rounds";
    } else if (rule.equals("table28.family")) {
      return "choose a target of a family in Table 28";
    } else if (rule.equals("table30.resize")) {
      return "resize by a whole factor, nearest, or bilinear by 2, 4 or 8";
    } else if (rule.endsWith("group")) {
      return "use one group, or as many as there are channels";
    } else if (rule.equals("dpu.broadcast")) {
      return "tile the smaller input beforehand, or use a constant, which becomes a convolution";
    } else if (rule.equals("dpu.leaky-relu")) {
      return "train with a slope of 0.1, or use relu";
    } else if (rule.equals("dpu.rank")) {
      return "keep feature maps in four dimensions, NHWC";
    } else if (rule.startsWith("target.") || rule.endsWith(".supported")) {
      return "choose a target that has it, or another op";
    } else if (rule.equals("dpu.operator") || rule.endsWith(".operator")) {
      return "replace it by ops that a DPU has, or move it to the end of the network";
    }
    return "change the op to what the rule allows";
  }
}
