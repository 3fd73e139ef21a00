// A value whose lives are counted.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace sluice::test {

/// Owns memory, so that ASan sees one that is destroyed twice, used late or never destroyed.
struct carried {
  explicit carried(int v) : v(std::make_unique<int>(v)) {}
  operator int() const { return *v; }
  std::unique_ptr<int> v;
};

} // namespace sluice::test
