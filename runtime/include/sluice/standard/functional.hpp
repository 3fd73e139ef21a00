// The std::function and std::ref of <functional> without its searchers and their hash tables.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <new>
#include <version>

#if defined(__GLIBCXX__) && __has_include(<bits/std_function.h>) && __has_include(<bits/refwrap.h>)
#include <bits/refwrap.h>
#include <bits/std_function.h>
#else
#include <functional>
#endif
