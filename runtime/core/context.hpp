// Chooses how the processor changes from one stack to another.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#if defined(SLUICE_CONTEXT_BOOST) || !(defined(__x86_64__) || defined(__aarch64__))
#include "core/context_boost.hpp"
#elif defined(__x86_64__)
#include "core/context_x86_64.hpp"
#else
#include "core/context_aarch64.hpp"
#endif
