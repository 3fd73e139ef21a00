// A blocked operation ends with a context in reach: a send, a receive, a select, and what lambdas must capture.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: cp %s %t.cpp
// RUN: not sluice check --checks=-undirected-channel --fix %t.cpp -- %flags | FileCheck %s
// RUN: grep -Ev "(CHECK|FIXED)" %t.cpp | FileCheck --check-prefix=FIXED %s
// RUN: %compiler -fsyntax-only %flags %t.cpp
// RUN: sluice check --checks=-undirected-channel --fail-on=style %t.cpp -- %flags
#include <sluice/sluice.hpp>

#include <optional>

int next();

void streamBad() {
  auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
  sluice::defer stop([&] { cancel(); });
  sluice::chan<int> out;
  sluice::go("stream", [ctx, out] {
    for (;;)
      out.send(next());
  });
  out.recv();
}
// CHECK: warning: send on 'out' blocks for ever
// CHECK: note: fix: let it end with 'ctx': 'if (!out.send(next(), ctx)) return' [proved]
// FIXED: for (;;)
// FIXED-NEXT: if (!out.send(next(), ctx))
// FIXED-NEXT: return;

class Watcher {
public:
  void start() {
    made_ = sluice::with_cancel(sluice::context::background());
    sluice::context ctx = made_.ctx;
    sluice::go("watch", [this] {
      while (std::optional<int> event = events_.recv())
        last_ = *event;
    });
  }
  void stop() { made_.cancel(); }

private:
  sluice::cancellable_context made_;
  sluice::chan<int> events_;
  int last_ = 0;
};

void receiveBad() {
  Watcher watcher;
  watcher.start();
  watcher.stop();
}
// CHECK: warning: receive from 'events_' waits for ever
// CHECK: note: fix: let it end with 'ctx': 'events_.recv(ctx)' [proved]
// FIXED: sluice::go("watch", [this, ctx] {
// FIXED-NEXT: while (std::optional<int> event = events_.recv(ctx))

void eitherBad() {
  sluice::chan<int> left, right;
  sluice::task_group group;
  group.go([&] {
    for (;;) {
      switch (sluice::select(sluice::on_recv(left), sluice::on_recv(right))) {
      case 0:
        break;
      case 1:
        break;
      }
    }
  });
  left.send(1);
}
// CHECK: warning: select on 'left' and 'right' waits for ever
// CHECK: note: fix: let it end with 'group.ctx()': 'sluice::on_recv(group.ctx().done())' [proved]
// FIXED: switch (sluice::select(sluice::on_recv(left), sluice::on_recv(right), sluice::on_recv(group.ctx().done()))) {
// FIXED: case 2:
// FIXED-NEXT: return;
