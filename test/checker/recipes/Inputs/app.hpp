// A part of the project that is checked.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
int run();
