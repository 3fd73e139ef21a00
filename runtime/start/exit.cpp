// Has the report come before everything that exit() does.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Exit handlers run in reverse order of their registration, and the destructor of a function's
// static object is one. A task may make such an object, and call exit(), after all handlers of this
// library were registered: the object, and the channels that it holds, would be gone before the
// report. Where main() returns, the handler registered after run() comes first.
#include "start/exit.hpp"

#include <cstdio>
#include <dlfcn.h>
#include <unistd.h>

extern "C" {

void __cxa_finalize(void *);

// Weak, so that a program's own takes precedence.
__attribute__((weak, visibility("default"), noreturn)) void exit(int status) {
  sluice::start::report_now();
  using function = void (*)(int);
  if (const auto next = reinterpret_cast<function>(dlsym(RTLD_NEXT, "exit")))
    next(status);
  // Nothing comes next in a fully static program, where this stands for the C library's own.
  __cxa_finalize(nullptr);
  std::fflush(nullptr);
  sluice::start::apply_status_now();
  _exit(status);
}

} // extern "C"
