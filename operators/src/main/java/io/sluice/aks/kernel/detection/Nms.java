package io.sluice.aks.kernel.detection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Non-maximum suppression: of boxes that overlap the best is kept. Boxes of different images never
 * suppress each other. Of equal scores the box that came first is the better one.
 */
final class Nms {
  private static final Comparator<Box> BY_IMAGE = Comparator.comparingInt(Box::batch);
  private static final Comparator<Box> BY_SCORE = (a, b) -> Float.compare(b.score(), a.score());

  private Nms() {}

  /**
   * Greedy suppression: a box goes when a better one that is kept overlaps it by the threshold or
   * more. A box is held against the kept ones only, so few kept boxes make it fast.
   *
   * @param perClass whether boxes of different labels leave each other alone
   * @return by image, by label if {@code perClass}, then the best first
   */
  static List<Box> hard(List<Box> boxes, Overlap overlap, double threshold, boolean perClass) {
    List<Box> kept = new ArrayList<>();
    int groupStart = 0;
    for (Box box : sorted(boxes, perClass)) {
      if (groupStart < kept.size() && !isSameGroup(kept.get(groupStart), box, perClass)) {
        groupStart = kept.size();
      }
      boolean suppressed = false;
      for (int i = groupStart; i < kept.size() && !suppressed; i++) {
        suppressed = overlap.of(kept.get(i), box) >= threshold;
      }
      if (!suppressed) {
        kept.add(box);
      }
    }
    return kept;
  }

  /**
   * Soft suppression (Bodla et al., 2017): the scores of boxes that overlap a better one decay, and
   * only those that fall below a score go.
   *
   * @param decay the factor for an overlap
   * @param minScore boxes below it go
   * @return by image, by label if {@code perClass}, then the best decayed score first
   */
  static List<Box> soft(List<Box> boxes, Decay decay, float minScore, boolean perClass) {
    List<Box> kept = new ArrayList<>();
    List<Box> ordered = sorted(boxes, perClass);
    int from = 0;
    while (from < ordered.size()) {
      int to = from + 1;
      while (to < ordered.size() && isSameGroup(ordered.get(from), ordered.get(to), perClass)) {
        to++;
      }
      softGroup(ordered.subList(from, to), decay, minScore, kept);
      from = to;
    }
    return kept;
  }

  /** The factor by which the score of a box falls that overlaps a better one. */
  interface Decay {
    double factor(double overlap);

    /** exp(-overlap^2 / sigma). */
    static Decay gaussian(double sigma) {
      return overlap -> Math.exp(-overlap * overlap / sigma);
    }

    /** 1 - overlap, from a threshold on. */
    static Decay linear(double threshold) {
      return overlap -> overlap >= threshold ? 1 - overlap : 1;
    }
  }

  private static void softGroup(List<Box> group, Decay decay, float minScore, List<Box> kept) {
    Predicate<Box> isLow = box -> box.score() < minScore;
    List<Box> left = new ArrayList<>(group);
    left.removeIf(isLow);
    while (!left.isEmpty()) {
      int best = 0;
      for (int i = 1; i < left.size(); i++) {
        best = left.get(i).score() > left.get(best).score() ? i : best;
      }
      Box box = left.remove(best);
      kept.add(box);
      left.replaceAll(
          other -> {
            double factor = decay.factor(Overlap.IOU.of(box, other));
            return factor == 1 ? other : other.withScore((float) (other.score() * factor));
          });
      left.removeIf(isLow);
    }
  }

  private static List<Box> sorted(List<Box> boxes, boolean perClass) {
    List<Box> ordered = new ArrayList<>(boxes);
    Comparator<Box> groups = perClass ? BY_IMAGE.thenComparingInt(Box::label) : BY_IMAGE;
    ordered.sort(groups.thenComparing(BY_SCORE));
    return ordered;
  }

  private static boolean isSameGroup(Box a, Box b, boolean perClass) {
    return a.batch() == b.batch() && (!perClass || a.label() == b.label());
  }
}
