// The owner is told before the lock is taken.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "line.h"

void writeTo(Line *line, int number) {
  std::lock_guard lock(line->writing);
  line->sent += number;
}

void closeLine(Line *line) {
  if (line->owner->closed)
    line->owner->closed(line);
  std::lock_guard lock(line->writing);
  line->sent = 0;
}
