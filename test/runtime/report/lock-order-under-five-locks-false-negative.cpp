// Opposite orders of locks that are taken under five others.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The books of a task keep four locks that it holds; under more nothing is judged.
// XFAIL: *
// RUN: %cxx %s -o %t
// RUN: sh -c '%t 2>%t.err; test $? = 23'
#include <sluice/sluice.hpp>

#include <mutex>

static sluice::mutex a, b;

static void take(sluice::mutex &first, sluice::mutex &second) {
  sluice::mutex own[5];
  for (sluice::mutex &m : own)
    m.lock();
  {
    std::lock_guard outer(first);
    std::lock_guard inner(second);
  }
  for (sluice::mutex &m : own)
    m.unlock();
}

int main() {
  sluice::run([] {
    sluice::async([] { take(a, b); }).get();
    sluice::async([] { take(b, a); }).get();
  });
}
