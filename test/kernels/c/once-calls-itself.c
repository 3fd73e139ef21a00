// C11: the function that call_once runs asks for what call_once is to make.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <threads.h>

static once_flag once = ONCE_FLAG_INIT;
static int level;

static int config_level(void);

static void load(void) {
#ifdef REPAIRED
  level = 1;
#else
  level = config_level() + 1;
#endif
}

static int config_level(void) {
  call_once(&once, load); // sluice: deadlock
  return level;
}

int main(void) { return config_level() != 1; }
