package io.sluice.target;

import java.util.ArrayList;
import java.util.List;

/** Groups of banks, one behind the other. */
final class BankList {
  private final List<Bank> banks = new ArrayList<>();
  private int next;

  /** {@code groups} groups for feature maps, VB0 and so on. */
  BankList images(int groups, int count, int widthBytes, int depth) {
    for (int i = 0; i < groups; i++) {
      add("VB" + i, Bank.Kind.VIRTUAL, count, widthBytes, depth);
    }
    return this;
  }

  BankList parameters(String name, int count, int widthBytes, int depth) {
    add(name, Bank.Kind.PARAM, count, widthBytes, depth);
    return this;
  }

  private void add(String name, Bank.Kind kind, int count, int widthBytes, int depth) {
    banks.add(new Bank(name, kind, next, count, widthBytes, depth));
    next += count;
  }

  List<Bank> list() {
    return banks;
  }
}
