// Nothing but the header that all kernels begin with, compiled once; a program, as they are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

int main() {}
