// Numbers that no skeleton counts with are unknown, not a crash.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --dump-skeleton %s -- -std=c++20 | FileCheck %s
// CHECK: "wide" (%value)
// CHECK: eq %value, opaque
enum : unsigned long long { every = 0xffffffffffffffffULL };
template <unsigned long long> void hold() {}

void wide(unsigned long long value) {
  constexpr unsigned long long top = ~0ULL;
  if (value == every || value == top || value == 0x8000000000000000ULL)
    hold<~0ULL>();
}
