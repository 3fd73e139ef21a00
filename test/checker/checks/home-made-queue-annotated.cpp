// A queue whose methods say in the source what they do.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- %flags 2>&1 | FileCheck %s --implicit-check-not="not taken for"
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <thread>

namespace depot {

template <class T> class shelf {
public:
  explicit shelf([[clang::annotate("sluice::bound")]] std::size_t most) : most(most) {}
  [[clang::annotate("sluice::send")]] bool put(const T &v);
  [[clang::annotate("sluice::send")]] bool put(T &&v);
  [[clang::annotate("sluice::try_send")]] bool put(T v, std::nothrow_t);
  [[clang::annotate("sluice::receive")]] bool take(T &into);
  [[clang::annotate("sluice::try_receive")]] std::optional<T> look();
  [[clang::annotate("sluice::timed_receive")]] bool take(T &into, std::chrono::seconds limit);
  [[clang::annotate("sluice::close")]] void shut();

private:
  std::size_t most;
};

/// Several senders wake one that waits; nothing but that it happened is sent.
class bell {
public:
  [[clang::annotate("sluice::bound")]] static constexpr int most = 1;
  [[clang::annotate("sluice::send")]] void ring();
  [[clang::annotate("sluice::receive")]] void hear();
};

/// Nobody here uses its only sender, which is a template.
class pipe {
public:
  template <class U> [[clang::annotate("sluice::send")]] void write(U &&v);
  [[clang::annotate("sluice::try_receive")]] bool read(int &into);
};

} // namespace depot

void handle(int);

void neverShutBad() {
  depot::shelf<int> s(2);
  std::thread worker([&] {
    int got = 0;
    // CHECK: :[[@LINE+1]]:12: warning: receive from 's' waits for ever
    while (s.take(got))
      handle(got);
  });
  s.put(1);
  worker.join();
}

void shutOk() {
  depot::shelf<int> s(2);
  std::thread worker([&] {
    int got = 0;
    while (s.take(got))
      handle(got);
  });
  s.put(1);
  s.shut();
  worker.join();
}

void fullBad(int v) {
  depot::shelf<int> s(1);
  s.put(v);
  s.put(v, std::nothrow);
  // CHECK: :[[@LINE+1]]:3: warning: send on 's' blocks for ever
  s.put(v);
}

void roomOk(int v) {
  depot::shelf<int> s(2);
  s.put(v);
  s.put(2);
  s.put(3, std::nothrow);
}

void takenAtOnceOk() {
  depot::shelf<int> s(1);
  int got = 0;
  s.look();
  s.take(got, std::chrono::seconds(1));
}

void heardTwiceBad() {
  depot::bell b;
  std::thread other([&] { b.ring(); });
  b.hear();
  // CHECK: :[[@LINE+1]]:3: warning: receive from 'b' waits for ever
  b.hear();
  other.join();
}

void heardOk() {
  depot::bell b;
  std::thread other([&] { b.ring(); });
  b.hear();
  other.join();
}
void nothingToReadOk(depot::pipe &p) {
  int got = 0;
  while (p.read(got))
    handle(got);
}
// CHECK-NOT: warning:
// CHECK: 0 without verdict
