// The smart pointers of <memory> without its algorithms, which bring the parallel ones along.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <version>

#if defined(__GLIBCXX__) && __has_include(<bits/shared_ptr.h>) && __has_include(<bits/unique_ptr.h>)
#include <bits/shared_ptr.h>
#include <bits/unique_ptr.h>
#else
#include <memory>
#endif
