// The time by which all waits of the library are measured.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/clock.hpp>

#include "core/interleaving.hpp"
#include "core/parker.hpp"

namespace sluice {

clock::time_point clock::now() noexcept {
  return core::is_interleaved() ? core::virtual_now() : core::real_now();
}

} // namespace sluice
