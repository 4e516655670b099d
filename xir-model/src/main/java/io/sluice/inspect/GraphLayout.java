package io.sluice.inspect;

import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where ops and groups of ops lie in a drawing. An op lies one row below the lowest of its group
 * that it reads, a group below all groups that it reads; groups that start in the same row lie side
 * by side. An edge over several rows gets a narrow cell in each, so that it passes beside the
 * boxes. Within a row cells lie as near as they can to the mean of what they read.
 */
final class GraphLayout {
  static final int BOX_WIDTH = 190;
  static final int BOX_HEIGHT = 38;
  static final int MARGIN = 20;
  private static final int PASS_WIDTH = 6;
  private static final int GAP = 16;
  private static final int ROW = 66;
  private static final int BETWEEN_GROUPS = 50;
  private static final int TOP = 90;

  /** Edges beyond this many cells go straight: a bound on time and memory. */
  private static final int MAX_PASSES = 100_000;

  /** A place of a row: of an op, or of an edge that passes. */
  static final class Cell {
    private final int row;
    private final int width;
    private final List<Cell> above = new ArrayList<>();
    private double left;

    private Cell(int row, int width) {
      this.row = row;
      this.width = width;
    }

    double left() {
      return left;
    }

    double middle() {
      return left + width / 2.0;
    }

    boolean isPass() {
      return width == PASS_WIDTH;
    }

    private double wanted() {
      return above.stream().mapToDouble(Cell::middle).average().orElse(BOX_WIDTH / 2.0)
          - width / 2.0;
    }
  }

  /** Cells that move together: of a group, or of what passes by all groups of a level. */
  private static final class Block {
    private final Map<Integer, List<Cell>> rows = new TreeMap<>();

    private void add(Cell cell) {
      rows.computeIfAbsent(cell.row, r -> new ArrayList<>()).add(cell);
    }

    private double left() {
      return cells().stream().mapToDouble(Cell::left).min().orElse(0);
    }

    private double right() {
      return cells().stream().mapToDouble(c -> c.left + c.width).max().orElse(0);
    }

    private List<Cell> cells() {
      return rows.values().stream().flatMap(List::stream).toList();
    }

    private void arrange() {
      for (List<Cell> row : rows.values()) {
        row.sort(Comparator.comparingDouble(Cell::wanted));
        double free = Double.NEGATIVE_INFINITY;
        double excess = 0;
        for (Cell cell : row) {
          double wanted = cell.wanted();
          cell.left = Math.max(wanted, free);
          excess += cell.left - wanted;
          free = cell.left + cell.width + GAP;
        }
        double back = excess / row.size();
        row.forEach(cell -> cell.left -= back);
      }
    }
  }

  /** In pixels. */
  record Area(double left, double top, double width, double height) {}

  /** Of an edge, from the op that is read to the reader. */
  record Edge(List<Cell> cells) {}

  private final Map<Op, Cell> boxes = new LinkedHashMap<>();
  private final List<Edge> edges = new ArrayList<>();
  private final List<Area> areas = new ArrayList<>();
  private final Map<Op, Integer> groupOf = new HashMap<>();
  private final List<Map<Integer, Block>> levels = new ArrayList<>();
  private final List<Integer> levelOfRow = new ArrayList<>();
  private final Map<Op, Map<Integer, Cell>> passes = new HashMap<>();
  private final int[] levelOf;
  private int passCount;

  /**
   * @param groups of ops in topological order, each after those that it reads
   */
  GraphLayout(List<List<Op>> groups) {
    levelOf = new int[groups.size()];
    for (int g = 0; g < groups.size(); g++) {
      for (Op op : groups.get(g)) {
        groupOf.put(op, g);
      }
    }
    placeRows(groups);
    boxes.forEach(this::connect);
    for (Map<Integer, Block> level : levels) {
      arrange(level);
    }
    double least =
        levels.stream().flatMap(l -> l.values().stream()).mapToDouble(Block::left).min().orElse(0);
    double shift = 2 * MARGIN - least;
    boxes.values().forEach(c -> c.left += shift);
    passes.values().forEach(p -> p.values().forEach(c -> c.left += shift));
    for (int g = 0; g < groups.size(); g++) {
      areas.add(area(levels.get(levelOf[g]).get(g), groups.get(g)));
    }
  }

  Map<Op, Cell> boxes() {
    return boxes;
  }

  List<Edge> edges() {
    return edges;
  }

  /** The areas of the groups, in their order. */
  List<Area> areas() {
    return areas;
  }

  double top(Cell cell) {
    return TOP + cell.row * ROW + levelOfRow.get(cell.row) * BETWEEN_GROUPS;
  }

  private void placeRows(List<List<Op>> groups) {
    Map<Op, Integer> depths = new HashMap<>();
    Map<Integer, Integer> rowsOfLevel = new TreeMap<>();
    for (int g = 0; g < groups.size(); g++) {
      for (Op op : groups.get(g)) {
        int depth = 0;
        for (Op in : op.allInputs()) {
          int from = groupOf.getOrDefault(in, g + 1);
          if (from == g) {
            depth = Math.max(depth, depths.get(in) + 1);
          } else if (from < g) {
            levelOf[g] = Math.max(levelOf[g], levelOf[from] + 1);
          }
        }
        depths.put(op, depth);
      }
      int rows = groups.get(g).stream().mapToInt(depths::get).max().orElse(0) + 1;
      rowsOfLevel.merge(levelOf[g], rows, Math::max);
    }
    List<Integer> first = new ArrayList<>();
    rowsOfLevel.forEach(
        (level, rows) -> {
          first.add(levelOfRow.size());
          levels.add(new TreeMap<>());
          for (int i = 0; i < rows; i++) {
            levelOfRow.add(level);
          }
        });
    for (int g = 0; g < groups.size(); g++) {
      Block block = new Block();
      levels.get(levelOf[g]).put(g, block);
      for (Op op : groups.get(g)) {
        Cell cell = new Cell(first.get(levelOf[g]) + depths.get(op), BOX_WIDTH);
        boxes.put(op, cell);
        block.add(cell);
      }
    }
  }

  private void connect(Op op, Cell to) {
    for (Op in : op.allInputs()) {
      Cell from = boxes.get(in);
      if (from == null) {
        continue;
      }
      List<Cell> path = new ArrayList<>(List.of(from));
      for (int row = from.row + 1; row < to.row && passCount < MAX_PASSES; row++) {
        path.add(pass(in, op, row, path.get(path.size() - 1)));
      }
      to.above.add(path.get(path.size() - 1));
      path.add(to);
      edges.add(new Edge(path));
    }
  }

  /** The edges of an op share a cell in a row where they pass the same group. */
  private Cell pass(Op from, Op to, int row, Cell above) {
    int level = levelOfRow.get(row);
    int group = Integer.MAX_VALUE;
    if (level == levelOf[groupOf.get(from)]) {
      group = groupOf.get(from);
    } else if (level == levelOf[groupOf.get(to)]) {
      group = groupOf.get(to);
    }
    Block block = levels.get(level).computeIfAbsent(group, g -> new Block());
    Map<Integer, Cell> known = passes.computeIfAbsent(from, f -> new HashMap<>());
    int key = group == Integer.MAX_VALUE ? -1 - row : row * levelOf.length + group;
    return known.computeIfAbsent(
        key,
        k -> {
          Cell cell = new Cell(row, PASS_WIDTH);
          cell.above.add(above);
          block.add(cell);
          passCount++;
          return cell;
        });
  }

  private static void arrange(Map<Integer, Block> level) {
    level.values().forEach(Block::arrange);
    List<Block> blocks = new ArrayList<>(level.values());
    blocks.sort(Comparator.comparingDouble(Block::left));
    double free = Double.NEGATIVE_INFINITY;
    for (Block block : blocks) {
      double by = Math.max(0, free - block.left());
      block.cells().forEach(cell -> cell.left += by);
      free = block.right() + 3 * GAP;
    }
  }

  private Area area(Block block, List<Op> ops) {
    double left = block.left() - GAP;
    double top = ops.stream().map(boxes::get).mapToDouble(this::top).min().orElse(TOP);
    double bottom = ops.stream().map(boxes::get).mapToDouble(this::top).max().orElse(TOP);
    double height = bottom - top + BOX_HEIGHT + 36;
    return new Area(left, top - 26, block.right() - left + GAP, height);
  }
}
