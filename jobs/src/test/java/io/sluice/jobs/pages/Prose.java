package io.sluice.jobs.pages;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sentences, names, dates and sums from a seed. No sentence comes twice until all have come. */
final class Prose {
  private static final Pattern SLOT = Pattern.compile("\\{([a-z]+)\\}");

  private static final Map<String, List<String>> WORDS =
      Map.of(
          "name",
          List.of(
              "Marta Lindqvist",
              "Owen Barrett",
              "Priya Raman",
              "Jonas Feld",
              "Aisha Okoye",
              "Tomas Havel",
              "Lucy Wentworth",
              "Diego Santana",
              "Hannah Kerr",
              "Viktor Brandt"),
          "city",
          List.of(
              "Bergen", "Leeds", "Toronto", "Utrecht", "Lisbon", "Dresden", "Portland", "Cardiff"),
          "thing",
          List.of(
              "water pump",
              "reading lamp",
              "garden gate",
              "steel bracket",
              "copper kettle",
              "pressure gauge",
              "oak bench",
              "signal cable",
              "filter unit",
              "door hinge"),
          "day",
          List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
          "month",
          List.of(
              "January",
              "February",
              "March",
              "April",
              "May",
              "June",
              "July",
              "August",
              "September",
              "October",
              "November",
              "December"),
          "place",
          List.of(
              "harbour office",
              "town library",
              "north warehouse",
              "repair shop",
              "boat house",
              "old mill",
              "railway museum",
              "school kitchen"),
          "adj",
          List.of("quiet", "careful", "bright", "heavy", "modern", "simple", "narrow", "useful"));

  private static final List<String> SENTENCES =
      List.of(
          "The {place} will be closed on {day}, {month} {d}, while the roof is repaired.",
          "We counted {n} visitors in {month}, about {p}% more than a year before.",
          "Please return the {thing} to the {place} before {h}:{m} in the evening.",
          "{name} wrote the first report after a long winter in {city}.",
          "A {adj} plan is better than a perfect one that nobody can follow.",
          "Each box holds {n} parts; the heaviest weighs {w} kg.",
          "The train to {city} leaves at {h}:{m} from platform {s}.",
          "Nobody had expected the river to rise by {w} metres in a single night.",
          "Did you check the seal on the {thing} before it was shipped?",
          "Our workshop tests every {thing} twice, once cold and once warm.",
          "The result was clear: fewer errors, shorter queues and a lower bill.",
          "In {city} the market opens early, long before the shops.",
          "Keep the lid closed, and never lift the {thing} by its cable.",
          "A {adj} voice on the telephone asked for room {n}.",
          "The committee met {s} times and agreed on almost everything.",
          "Most of the paint had gone, but the wood underneath was sound.",
          "Call {name} (extension {n}) when the delivery arrives.",
          "It takes about {n} minutes to walk from the {place} to the bridge.",
          "The {adj} design saves {p}% of the energy that the old one used.",
          "Winter came late that year; the first snow fell on {month} {d}.",
          "Two engineers from {city} inspected the {thing} and found no fault.",
          "Read the manual first, then switch the machine on.",
          "Sales of the {thing} grew from {n} to {k} units within a year.",
          "What looks like a {adj} detail often decides the whole project.",
          "The lamp in the hall burned all night, as it always had.",
          "Members pay {e} a month and may bring one guest.",
          "Every {day} the children painted a new picture for the wall.",
          "The map on page {n} shows the path around the lake.",
          "A small crew kept the ferry running through the storm.",
          "Store the {thing} in a dry place at {s} to {d} degrees.",
          "Her notes filled {s} books and were never published.",
          "If the light stays red, wait a minute and try again.",
          "The bakery behind the {place} sells out by noon.",
          "Costs fell by {p}% although wages went up.",
          "We are happy to offer you the position of {adj} reader.",
          "Bring warm clothes, good shoes and enough water for the day.",
          "The old clock is {s} minutes slow, yet nobody wants it changed.",
          "An answer is expected no later than {month} {d}.",
          "From the tower one can see as far as {city} on a clear morning.",
          "The new {thing} is lighter, cheaper and easier to clean.",
          "They measured the room again: {w} by {s} metres.",
          "Half of the seeds were planted in {month}, the rest a month later.",
          "Visitors should report to the {place} and sign the book.",
          "The meeting ended with a question that no one could answer.",
          "Turn left after the bridge, then follow the wall for {n} steps.",
          "Good tools make slow work, but the work lasts.",
          "Order number {k} was sent to {city} by mistake.",
          "The orchestra played for {s} hours without a pause.",
          "A letter from {name} arrived on {day} with a key inside.",
          "Only {n} of the {k} copies were ever sold.");

  private final Random random;
  private final Deque<String> sentences = new ArrayDeque<>();

  Prose(Random random) {
    this.random = random;
  }

  String sentence() {
    if (sentences.isEmpty()) {
      List<String> all = new ArrayList<>(SENTENCES);
      Collections.shuffle(all, random);
      sentences.addAll(all);
    }
    return fill(sentences.pop());
  }

  String paragraph(int count) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(sentence());
    }
    return String.join(" ", parts);
  }

  /** The text with each {@code {slot}} replaced by another word or number of its kind. */
  String fill(String template) {
    Set<String> used = new HashSet<>();
    return SLOT.matcher(template)
        .replaceAll(
            m -> {
              String word = word(m.group(1));
              while (!used.add(word)) {
                word = word(m.group(1));
              }
              return Matcher.quoteReplacement(word);
            });
  }

  /** As {@link #fill}, the first letter a capital. */
  String title(String template) {
    String text = fill(template);
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private String word(String kind) {
    return switch (kind) {
      case "n" -> String.valueOf(between(12, 480));
      case "k" -> String.valueOf(between(1_000, 9_900));
      case "s" -> String.valueOf(between(3, 9));
      case "d" -> String.valueOf(between(10, 28));
      case "p" -> String.valueOf(between(11, 89));
      case "h" -> String.valueOf(between(10, 22));
      case "m" -> String.format(Locale.ROOT, "%02d", 5 * between(1, 11));
      case "y" -> String.valueOf(between(2004, 2025));
      case "w" -> String.format(Locale.ROOT, "%d.%d", between(1, 48), between(1, 9));
      case "e" -> "$" + String.format(Locale.ROOT, "%d.%02d", between(2, 96), between(10, 99));
      default -> pick(WORDS.get(kind));
    };
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }
}
