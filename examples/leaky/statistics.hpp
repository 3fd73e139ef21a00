// Numbers about the searches made.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

/// Prints the times, one a line.
void print_times(const std::vector<int> &times);
