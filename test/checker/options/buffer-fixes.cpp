// 'BufferFixes' says whether a send that nobody receives may be repaired by a buffer.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- %flags | FileCheck --check-prefix=BUFFER %s
// RUN: not sluice check --check-option=unreceived-send.BufferFixes=false %s -- %flags | FileCheck --check-prefix=CONTEXT %s
// RUN: cp %s %t.buffer.cpp && cp %s %t.context.cpp
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' --fix %t.buffer.cpp -- %flags
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' --config='{CheckOptions: {sluice-unreceived-send.BufferFixes: false}}' --fix %t.context.cpp -- %flags
// RUN: grep -v '//' %t.buffer.cpp | FileCheck --check-prefix=BUFFER-TIDY %s
// RUN: grep -v '//' %t.context.cpp | FileCheck --check-prefix=CONTEXT-TIDY %s
// BUFFER: fix: a buffer of one
// CONTEXT-NOT: fix: a buffer
// CONTEXT: fix: let it end with 'ctx'
// BUFFER-TIDY: results(1);
// CONTEXT-TIDY: results;
// CONTEXT-TIDY: results.send(1, ctx)
#include <sluice/sluice.hpp>

void leave(sluice::context ctx, bool leaves) {
  sluice::chan<int> results;
  sluice::go([results, ctx] {
    if (ctx.err())
      return;
    results.send(1);
  });
  if (!leaves)
    results.recv();
}
