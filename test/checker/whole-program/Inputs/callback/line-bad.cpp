// The owner is told under the line's lock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "line.h"

void writeTo(Line *line, int number) {
  std::lock_guard lock(line->writing);
  line->sent += number;
}

void closeLine(Line *line) {
  std::lock_guard lock(line->writing);
  if (line->owner->closed)
    line->owner->closed(line);
  line->sent = 0;
}
