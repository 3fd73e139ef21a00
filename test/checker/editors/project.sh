#!/bin/sh
# Lays out a file with a leak and one thing that the compiler warns of: project.sh FOLDER ROOT.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
set -eu
rm -rf "$1" && mkdir -p "$1" && cd "$1"
cat > leak.cpp <<'TEXT'
#include <sluice/chan.hpp>
#include <sluice/task.hpp>
int first(bool hurry) {
  sluice::chan<int> results;
  sluice::go([results] { results.send(1); });
  int unused;
  if (hurry)
    return 0;
  return results.recv().value_or(0);
}
TEXT
cat > compile_commands.json <<TEXT
[{"directory": "$PWD", "file": "leak.cpp",
  "arguments": ["clang++", "-std=c++20", "-Wall", "-I$2/runtime/include", "-c", "leak.cpp"]}]
TEXT
