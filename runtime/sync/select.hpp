// Select for callers that are no select in the user's eyes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "sync/channel.hpp"

#include <sluice/select_case.hpp>

#include <span>

namespace sluice::core {

/// As select(), but a wait is booked as `info` says.
int select_as(std::span<select_entry> entries, wait_info info);

} // namespace sluice::core
