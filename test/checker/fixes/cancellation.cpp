// A blocked operation ends with a context in reach: a send, a receive, a select, with what lambdas must capture.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: cp %s %t.cpp
// RUN: not sluice check --fix %t.cpp -- %flags | FileCheck %s
// RUN: grep -v CHECK: %t.cpp | FileCheck --check-prefix=FIXED %s
// RUN: %compiler -fsyntax-only %flags %t.cpp
// RUN: sluice check --fail-on=style %t.cpp -- %flags
#include <sluice/sluice.hpp>

#include <optional>
#include <vector>

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
// FIXED: if (!out.send(next(), ctx))
// FIXED-NEXT: return;

class Watcher {
public:
  explicit Watcher(sluice::context parent) : made_(sluice::with_cancel(parent)) {
    sluice::go("watch", [this, ctx = made_.ctx] {
      while (std::optional<int> event = events_.recv())
        last_ = *event;
      ended_.done();
    });
  }
  void stop() {
    made_.cancel();
    ended_.wait();
  }
  void start() { ended_.add(); }

private:
  sluice::cancellable_context made_;
  sluice::wait_group ended_;
  sluice::chan<int> events_;
  int last_ = 0;
};
