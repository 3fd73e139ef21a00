// A search under a time limit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <chrono>
#include <optional>
#include <string>

/// The entry for the query, or nothing if it does not come within the limit.
std::optional<std::string> search(std::string query, std::chrono::milliseconds limit);
