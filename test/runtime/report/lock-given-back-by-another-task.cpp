// A lock that another task gives back is reported as misuse, and its former holder has it no more:
// the lock may be gone when that one takes others, waits or ends.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c '%t 2>%t.err; test $? = 23'
// RUN: FileCheck %s < %t.err
#include <sluice/sluice.hpp>

#include <cstring>
#include <new>
#include <shared_mutex>

template <class Mutex> struct place_for {
  alignas(Mutex) unsigned char bytes[sizeof(Mutex)];

  Mutex &make() { return *new (bytes) Mutex; }
  /// What was there is used for other things afterwards.
  void end() {
    std::launder(reinterpret_cast<Mutex *>(bytes))->~Mutex();
    std::memset(bytes, 0xee, sizeof bytes);
  }
};
static place_for<sluice::mutex> first;
static place_for<sluice::shared_mutex> second;
static sluice::mutex outer{"outer"}, inner{"inner"};

static void hold(sluice::chan<int> locked, sluice::chan<int> given_back) {
  first.make().lock();
  second.make().lock();
  locked.send(1);
  given_back.recv();
  outer.lock();
  inner.lock();
  inner.unlock();
}

int main() {
  sluice::run([] {
    sluice::chan<int> locked, given_back;
    auto give_back = [&] {
      locked.recv();
      reinterpret_cast<sluice::mutex &>(first.bytes).unlock();
      reinterpret_cast<sluice::shared_mutex &>(second.bytes).unlock();
      first.end();
      second.end();
      given_back.send(1);
    };
    auto ends = sluice::async([=] {
      hold(locked, given_back);
      outer.unlock();
    });
    give_back();
    ends.get();
    sluice::go("waits", [=] {
      hold(locked, given_back);
      sluice::chan<int>().recv();
    });
    give_back();
    sluice::yield();
  });
}
// CHECK: misuse: unlock by someone who does not hold it
// CHECK-EMPTY:
// CHECK-NEXT: at {{.*}}.cpp:42
// CHECK-NEXT: locked at {{.*}}.cpp:28
// CHECK: misuse: unlock by someone who does not hold it
// CHECK-EMPTY:
// CHECK-NEXT: at {{.*}}.cpp:43
// CHECK-NEXT: locked at {{.*}}.cpp:29
// CHECK-COUNT-2: misuse: unlock by someone who does not hold it
// CHECK-NOT: misuse:
// CHECK: waits, started at
// CHECK-NOT: {{^ *holds}}
// CHECK: holds outer, locked at {{.*}}.cpp:32
// CHECK-NOT: {{^ *holds}}
// CHECK: SUMMARY: sluice: 1 leaked, 0 unfinished, 0 deadlocks, 4 misuses
