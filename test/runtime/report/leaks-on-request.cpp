// A task that has leaked is found on request, from the main task and from a thread, and told once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c '%t >%t.out 2>%t.err; test $? = 23'
// RUN: FileCheck %s < %t.out
// RUN: FileCheck --check-prefix=REPORT %s < %t.err
#include <sluice/sluice.hpp>

#include <cstdio>

using namespace std::chrono_literals;

// In a task of its own: a slot of a frame that is still live may hold a handle long after its end.
static void search() {
  sluice::chan<int> results;
  sluice::go("searcher", [=] {
    sluice::sleep_for(5ms);
    results.send(1);
  });
  sluice::select(sluice::on_recv(results), sluice::on_recv(sluice::after(1ms)));
}

/// Both searchers are stuck once their sleep is over, which may take its time on a busy machine.
static std::size_t found() {
  std::size_t n = sluice::find_leaks().size();
  for (int round = 0; n < 2 && round < 2000; ++round) {
    sluice::sleep_for(5ms);
    n = sluice::find_leaks().size();
  }
  return n;
}

static unsigned leaked() {
  unsigned n = 0;
  for (const sluice::leak &l : sluice::check_leaks())
    n += l.certainty == sluice::leak_certainty::leaked;
  return n;
}

int main() {
  sluice::run([] {
    for (int i = 0; i < 2; ++i)
      sluice::async(search).get();
    std::printf("found %zu in the task\n", found());
    std::printf("checked %u in the task\n", leaked());
    const sluice::leak one = sluice::find_leaks().at(0);
    std::printf("%s %s %s line %u\n", one.name.c_str(), one.operation.c_str(),
                one.on.value().kind.c_str(), one.where.line);
  });
  std::printf("found %zu in the thread\n", sluice::find_leaks().size());
}
// CHECK: found 2 in the task
// CHECK: checked 2 in the task
// CHECK: searcher send chan line 18
// CHECK: found 2 in the thread
// REPORT: SUMMARY: sluice: 2 leaked, 0 unfinished, 0 deadlocks
