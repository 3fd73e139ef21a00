// Closing the channel that a receiver waits for where its sender ends.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: cp %s %t.cpp
// RUN: not sluice check --checks=-undirected-channel --fix %t.cpp -- %flags | FileCheck %s
// RUN: grep -Ev "(CHECK|FIXED)" %t.cpp | FileCheck --check-prefix=FIXED %s
// RUN: %compiler -fsyntax-only %flags %t.cpp
// RUN: sluice check --checks=-undirected-channel --fail-on=style %t.cpp -- %flags
#include <sluice/sluice.hpp>

#include <string>
#include <vector>

int sumBad(const std::vector<int> &values) {
  sluice::chan<int> out;
  sluice::go("produce", [=] {
    for (int value : values)
      out.send(value);
  });
  int sum = 0;
  for (int value : out)
    sum += value;
  return sum;
}
// CHECK: warning: receive from 'out' waits for ever
// CHECK: note: fix: close the channel where its sender ends: 'out.close()' [proved]
// FIXED: out.send(value);
// FIXED-NEXT: out.close();
// FIXED-NEXT: });

bool isBad(int line);

int untilErrorBad(int lines) {
  sluice::chan<int> read;
  sluice::go("reader", [=] {
    for (int line = 1; line < lines; ++line) {
      if (isBad(line))
        return;
      read.send(line);
    }
  });
  int count = 0;
  while (read.recv())
    ++count;
  return count;
}
// CHECK: warning: receive from 'read' waits for ever
// CHECK: note: fix: close the channel at every way out of its sender: 'sluice::defer close_read([&] { read.close(); });' [proved]
// FIXED: sluice::go("reader", [=] {
// FIXED-NEXT: sluice::defer close_read([&] { read.close(); });

class Stage {
public:
  void run() {
    sluice::go("fill", [this] { fill(); });
    for (int item : items_)
      last_ = item;
  }

private:
  void fill() {
    items_.send(1);
    items_.send(2);
  }
  sluice::chan<int> items_;
  int last_ = 0;
};

void memberBad() {
  Stage stage;
  stage.run();
}
// CHECK: warning: receive from 'items_' waits for ever
// CHECK: note: fix: close the channel where its sender ends: 'items_.close()' [proved]
// FIXED: sluice::go("fill", [this] { fill(); items_.close(); });
