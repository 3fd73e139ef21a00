// Durations, time points and clocks of <chrono> without its calendar and streams.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <version>

// libstdc++ keeps the part that <mutex> and <condition_variable> need in a file of its own.
#if defined(__GLIBCXX__) && __has_include(<bits/chrono.h>)
#include <bits/chrono.h>
#else
#include <chrono>
#endif
