// Readers in opposite orders block each other if writers of both locks come in between.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Excused as other shared modes are: data that is written once and then read looks the same.
// XFAIL: *
// RUN: %cxx %s -o %t
// RUN: sh -c '%t 2>%t.err; test $? = 23'
#include <sluice/sluice.hpp>

#include <mutex>
#include <shared_mutex>

static sluice::shared_mutex a, b;

static void read(sluice::shared_mutex &first, sluice::shared_mutex &second) {
  std::shared_lock outer(first);
  std::shared_lock inner(second);
}

static void write(sluice::shared_mutex &lock) { std::lock_guard alone(lock); }

int main() {
  sluice::run([] {
    sluice::async([] { read(a, b); }).get();
    sluice::async([] { read(b, a); }).get();
    sluice::async([] { write(a); }).get();
    sluice::async([] { write(b); }).get();
  });
}
