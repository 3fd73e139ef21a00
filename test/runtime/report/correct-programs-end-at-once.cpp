// A correct program says nothing and waits for no grace period; nor does one with a leak at rest.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: env SLUICE_OPTIONS=grace_ms=30000 timeout 15 %t 2>&1 | count 0
// RUN: sh -c 'SLUICE_OPTIONS=grace_ms=30000 timeout 15 %t leak 2>/dev/null; test $? = 23'
// RUN: sh -c 'SLUICE_OPTIONS=grace_ms=30000 timeout 15 %t leak exit 2>/dev/null; test $? = 0'
#include <sluice/sluice.hpp>

#include <cstdlib>

int main(int argc, char **) {
  sluice::run([argc] {
    sluice::chan<int> c;
    sluice::go([c] { c.send(1); });
    if (argc == 1)
      c.recv();
    if (argc == 3)
      std::exit(0); // whoever asks is a task then, and still holds the channel
  });
}
