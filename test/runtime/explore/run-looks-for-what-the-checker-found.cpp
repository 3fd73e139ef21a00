// `sluice run --guide` goes the way of a witness of `sluice check`: it sees at once what one random
// run in ten sees, and says of each finding whether it was seen.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: sluice-command
// RUN: %cxx %s -o %t
// RUN: sh -c '%sluice check --format sarif --output %t.sarif %s -- -std=c++20 -I%sluice_source/runtime/include; test $? = 1'
// RUN: sh -c 'for seed in 1 20 300 4000 50000; do %sluice run --explore 1 --seed $seed --guide %t.sarif -- %t; test $? = 1 || exit 1; done' | FileCheck %s
// RUN: sh -c '%sluice run --explore 2 --guide %t.sarif -- %t repaired; test $? = 0' | FileCheck --check-prefix=NOT-SEEN %s
// RUN: %cxx -g0 %s -o %t.bare
// RUN: sh -c '%sluice run --explore 1 --guide %t.sarif -- %t.bare repaired; test $? = 0' | FileCheck --check-prefix=BARE %s
// RUN: sh -c '%sluice run --guide %t.sarif -- %t; %sluice run --explore 2 --strategy exhaustive --guide %t.sarif -- %t; %sluice run --explore 2 --guide %t.none -- %t; %sluice run --explore 2 --guide %s -- %t; echo {} > %t.empty; %sluice run --explore 2 --guide %t.empty -- %t; test $? = 2' 2>&1 | FileCheck --check-prefix=WRONG %s
#include <sluice/sluice.hpp>

#include <chrono>
#include <mutex>
#include <shared_mutex>

static sluice::shared_mutex mu;
static int value;

static int get() {
  std::shared_lock hold(mu);
  return value;
}

static int get_both() {
  std::shared_lock hold(mu);
  return get() + value;
}

static void set(int n) {
  std::lock_guard hold(mu);
  value = n;
}

int main(int argc, char **) {
  sluice::run([argc] {
    if (argc == 1)
      sluice::go([] { get_both(); });
    sluice::go([] { set(1); });
    sluice::sleep_for(std::chrono::milliseconds(20));
  });
}
// CHECK-COUNT-5: sluice: 1 of 1 findings of '{{.*}}.sarif' seen
// NOT-SEEN: sluice: 0 of 1 findings of '{{.*}}.sarif' seen
// NOT-SEEN-NOT: debug information
// NOT-SEEN: run-looks-for-what-the-checker-found.cpp:[[@LINE-25]]: {{.*}}: not seen
// BARE: seen; no run came to a step of theirs: the program has no debug information ('-g') or other sources
// WRONG: sluice: error: --guide is for a search: add '--explore N'
// WRONG: sluice: error: --guide goes with the strategies 'random', 'pct' and 'mixed'; 'exhaustive' comes to every schedule without it
// WRONG: sluice: error: cannot read '{{.*}}.none': No such file or directory
// WRONG: sluice: error: '{{.*}}' is no JSON
// WRONG: sluice: error: '{{.*}}.empty' has no finding with a code flow; 'sluice check --format sarif' writes them
