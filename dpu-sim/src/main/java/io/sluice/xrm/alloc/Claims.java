package io.sluice.xrm.alloc;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a list has taken so far; taken back, last first, when the rest cannot be had. */
abstract class Claims {
  private final Deque<Runnable> undo = new ArrayDeque<>();

  /**
   * Takes a unit for a request.
   *
   * @param place of the request in its list
   */
  final void take(int place, Unit unit, UnitRequest request) {
    undo.push(book(place, unit, request));
  }

  /** Takes a unit and says how to give it back. */
  abstract Runnable book(int place, Unit unit, UnitRequest request);

  final int size() {
    return undo.size();
  }

  /** Gives back what was taken after there were so many. */
  final void undoTo(int size) {
    while (undo.size() > size) {
      undo.pop().run();
    }
  }
}
