// A line has a lock of its own, and tells its owner when it is closed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#include <mutex>

struct Line;

struct Owner {
  void (*closed)(Line *);
};

struct Line {
  std::mutex writing;
  Owner *owner = nullptr;
  int sent = 0;
};

void writeTo(Line *line, int number);
void closeLine(Line *line);
