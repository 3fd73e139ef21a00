// NOLINT and its family silence what they name, and nothing else.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,missing-cancellation' %s -- %flags | FileCheck %s
#include <sluice/chan.hpp>
#include <sluice/context.hpp>

using context = sluice::context;
using source = sluice::recv_chan<int>;

void silentA(context ctx, source c) { c.recv(); } // NOLINT
void silentB(context ctx, source c) { c.recv(); } // NOLINT(sluice-missing-cancellation)
void silentC(context ctx, source c) { c.recv(); } // NOLINT(bugprone-x, sluice-*): by intent
// NOLINTNEXTLINE(sluice-missing-cancellation)
void silentD(context ctx, source c) { c.recv(); }
// NOLINTBEGIN(sluice-*)
void silentE(context ctx, source c) { c.recv(); }
// NOLINTEND(sluice-*)

// CHECK-NOT: silent
// CHECK: 'loudA' takes
void loudA(context ctx, source c) { c.recv(); } // NOLINT(sluice-unreceived-send)
// NOLINTNEXTLINE(bugprone-*)
void loudB(context ctx, source c) { c.recv(); }
// CHECK: 'loudB' takes
void loudC(context ctx, source c) { c.recv(); } // XNOLINT
// CHECK: 'loudC' takes
// CHECK: 3 warnings
