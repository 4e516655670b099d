package io.sluice.inspect;

/** How to change a network so that an op may run on the DPU, by the rule that it breaks. */
public final class Hints {
  private Hints() {}

  /** A hint for the id of a rule; empty for no rule. */
  public static String of(String rule) {
    if (rule.isEmpty()) {
      return "";
    } else if (rule.contains("kernel")) {
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
    } else if (rule.equals("table28.family")) {
      return "choose a target of a family in Table 28";
    } else if (rule.startsWith("target.")) {
      return "choose a target with an engine for it, or another op";
    } else if (rule.equals("dpu.operator")) {
      return "replace it by ops that a DPU has, or move it to the end of the network";
    }
    return "change the op to what the rule allows";
  }
}
