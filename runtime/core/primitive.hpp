// Why a task waits, beside what it waits for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/primitive.hpp>

#include <cstdint>

namespace sluice::core {

/// What a blocked task waits in. The names that reports print are in report/.
enum class wait_reason : std::uint8_t {
  none,
  send,
  recv,
  select,
  lock,
  rlock,
  wait,
  cond,
  once,
  sleep,
  join,
  acquire,
  running,
};

} // namespace sluice::core
