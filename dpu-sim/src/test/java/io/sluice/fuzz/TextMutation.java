package io.sluice.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes words, signs and values of a JSON or YAML text, and single bytes of it. */
final class TextMutation implements Mutation {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_.+-]+|\\s+|.", Pattern.DOTALL);
  private static final List<String> ODD =
      List.of(
          "null",
          "true",
          "-1",
          "0",
          "1e999",
          "-1e-999",
          ".nan",
          "1".repeat(400),
          "99999999999999",
          "0x",
          "0xFFFFFFFFFFFFFFFFFF",
          "\"\"",
          "\"",
          "'",
          "{",
          "}",
          "[",
          "]",
          "{}",
          "[]",
          ":",
          ",",
          "\\u0000",
          "\\ud800",
          "#",
          "&a ",
          "*a",
          "&a [*a,*a,*a]",
          "!!java.net.URL ",
          "!!binary ",
          "<<: *a",
          "---\n",
          "? ",
          "|\n",
          ">\n",
          "\t",
          "\u0000",
          "\u2028",
          "%YAML 9.9\n",
          "[".repeat(5000),
          "{\"a\":".repeat(5000),
          "x".repeat(70_000),
          "target",
          "platform",
          "0.5");

  @Override
  public byte[] apply(byte[] file, Random random) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(new String(file, StandardCharsets.UTF_8));
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    for (int hits = 1 + random.nextInt(3) / 2; hits > 0 && !tokens.isEmpty(); hits--) {
      change(tokens, random);
    }
    byte[] bytes = String.join("", tokens).getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0 && random.nextInt(8) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(12) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
  }

  private static void change(List<String> tokens, Random random) {
    int at = random.nextInt(tokens.size());
    String some = tokens.get(random.nextInt(tokens.size()));
    String odd = ODD.get(random.nextInt(ODD.size()));
    switch (random.nextInt(9)) {
      case 0 -> tokens.remove(at);
      case 1 -> tokens.add(at, some);
      case 2 -> tokens.set(at, some);
      case 3 -> tokens.add(at, odd);
      case 4, 5 -> tokens.set(at, tokens.get(at).replaceAll("[0-9]$", "" + random.nextInt(12)));
      case 6 ->
          tokens.addAll(at, List.copyOf(tokens.subList(at, Math.min(at + 20, tokens.size()))));
      default -> tokens.set(at, odd);
    }
  }
}
