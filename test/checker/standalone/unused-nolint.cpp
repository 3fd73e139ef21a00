// NOLINT that names a check of ours and silences nothing is told, if the check ran.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --checks='-*,missing-cancellation' %s -- %flags | FileCheck %s
// RUN: sluice check --checks='-*,deadlock' %s -- %flags | FileCheck --check-prefix=OTHER %s
// RUN: sluice check --only-definite %s -- %flags | FileCheck --check-prefix=OTHER %s
// RUN: sluice check --format json --output %t.json %s -- %flags 2>&1 | FileCheck --check-prefix=SUMMARY %s
// RUN: FileCheck --check-prefix=JSON %s < %t.json
#include <sluice/chan.hpp>
#include <sluice/context.hpp>

using context = sluice::context;
using source = sluice::recv_chan<int>;

void used(context ctx, source c) { c.recv(); } // NOLINT(sluice-missing-cancellation)
// CHECK: unused-nolint.cpp:[[#@LINE+1]]:28: note: '{{NO}}LINT(sluice-missing-cancellation)' silences nothing: the check ran and found nothing there
void other(source c) {} // NOLINT(sluice-missing-cancellation)
// CHECK: unused-nolint.cpp:[[#@LINE+1]]:4: note: '{{NO}}LINTBEGIN(sluice-missing-cancellation)' silences nothing
// NOLINTBEGIN(sluice-missing-cancellation)
// NOLINTEND(sluice-missing-cancellation)
// CHECK: unused-nolint.cpp:[[#@LINE+1]]:4: note: '{{NO}}LINTNEXTLINE(sluice-mising-cancellation)' silences nothing: there is no such check
// NOLINTNEXTLINE(sluice-mising-cancellation)
// CHECK-NOT: note:
// Patterns, comments for everything, and other tools' checks may be meant for others.
// NOLINT
// NOLINT(sluice-*)
// NOLINT(bugprone-infinite-loop)
// CHECK: sluice: no warnings in 1 file
// CHECK: sluice: 3 {{NO}}LINT comments silencing nothing

// OTHER: '{{NO}}LINTNEXTLINE(sluice-mising-cancellation)' silences nothing
// OTHER: sluice: 1 {{NO}}LINT comment silencing nothing

// SUMMARY: sluice: 3 {{NO}}LINT comments silencing nothing
// JSON: "unused_suppressions": [
// JSON: "text": "{{NO}}LINT(sluice-missing-cancellation)",
// JSON-NEXT: "why": "the check ran and found nothing there"
