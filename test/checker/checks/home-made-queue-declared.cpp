// A ring buffer is no queue by its looks; a line in a model file makes it one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --models %S/Inputs/rings.yaml %s -- %flags | FileCheck %s
#include "Inputs/vendor-queue.hpp"

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace shop {

template <class T, std::size_t N> class ring {
public:
  bool push(T v) {
    std::unique_lock<std::mutex> lock(m);
    room.wait(lock, [this] { return count < N || closed; });
    return put(v);
  }
  bool offer(T v) {
    std::unique_lock<std::mutex> lock(m);
    return count < N && put(v);
  }
  std::optional<T> pop() {
    std::unique_lock<std::mutex> lock(m);
    filled.wait(lock, [this] { return count != 0 || closed; });
    return take();
  }
  bool poll(T &into) {
    std::unique_lock<std::mutex> lock(m);
    std::optional<T> got = take();
    if (got)
      into = *got;
    return got.has_value();
  }
  void close() {
    std::lock_guard<std::mutex> lock(m);
    closed = true;
    filled.notify_all();
    room.notify_all();
  }
  bool empty() const { return count == 0; }
  void rename(const char *to) { name = to; }
  void clear() { count = 0; }

private:
  bool put(T v) {
    if (closed)
      return false;
    slots[(first + count++) % N] = v;
    filled.notify_one();
    return true;
  }
  std::optional<T> take() {
    if (count == 0)
      return std::nullopt;
    T v = slots[first];
    first = (first + 1) % N;
    --count;
    room.notify_one();
    return v;
  }
  std::mutex m;
  std::condition_variable room, filled;
  std::array<T, N> slots;
  std::size_t first = 0, count = 0;
  bool closed = false;
  const char *name = "";
};

/// Its code is out of sight.
struct job {
  int number;
  std::shared_ptr<ring<int, 1>> reply;
};
class jobs {
public:
  explicit jobs(std::size_t most);
  ~jobs();
  void submit(job j);
  job next();
  bool next_for(job &into, std::chrono::milliseconds limit);

private:
  struct state *hidden;
};

} // namespace shop

bool chance();
void handle(int);

void fullBad() {
  shop::ring<int, 2> q;
  q.push(1);
  q.push(2);
  // CHECK: :[[@LINE+1]]:3: warning: send on 'q' blocks for ever
  q.push(3);
}

void halfFullOk() {
  shop::ring<int, 3> q;
  q.push(1);
  q.push(2);
  q.push(3);
}

void offeredOk() {
  shop::ring<int, 1> q;
  q.offer(1);
  q.offer(2);
}

void neverClosedBad() {
  shop::ring<int, 4> q;
  q.rename("numbers");
  std::thread worker([&] {
    // CHECK: :[[@LINE+1]]:23: warning: receive from 'q' waits for ever
    while (auto got = q.pop())
      handle(*got);
  });
  q.push(1);
  worker.join();
}

void closedOk() {
  shop::ring<int, 4> q;
  std::thread worker([&] {
    while (auto got = q.pop())
      handle(*got);
  });
  q.push(1);
  q.close();
  worker.join();
}

void pushAfterCloseOk() {
  shop::ring<int, 1> q;
  q.close();
  q.close();
  while (q.push(1))
    handle(1);
}

void pollsOk() {
  shop::ring<int, 1> q;
  int got = 0;
  while (q.poll(got))
    handle(got);
}

void pollGivesWhatWasSentBad() {
  shop::ring<int, 1> q, other;
  q.push(7);
  int got = 0;
  if (q.poll(got) && got == 7)
    // CHECK: :[[@LINE+1]]:5: warning: receive from 'other' waits for ever
    other.pop();
}

void onlyIfThereIsOneOk() {
  shop::ring<int, 1> q;
  if (!q.empty())
    q.pop();
}

void answeredOnOnePathBad() {
  shop::jobs q(4);
  auto reply = std::make_shared<shop::ring<int, 1>>();
  std::thread server([&] {
    shop::job j = q.next();
    if (j.number > 0)
      j.reply->push(1);
  });
  q.submit({chance() ? 1 : -1, reply});
  // CHECK: :[[@LINE+1]]:3: warning: receive from 'reply' can wait for ever
  reply->pop();
  server.join();
}

void answeredOk() {
  shop::jobs q(4);
  auto reply = std::make_shared<shop::ring<int, 1>>();
  std::thread server([&] {
    shop::job j = q.next();
    j.reply->push(j.number > 0);
  });
  q.submit({chance() ? 1 : -1, reply});
  reply->pop();
  server.join();
}

void givesUpOk() {
  shop::jobs q(1);
  shop::job j{};
  q.next_for(j, std::chrono::milliseconds(10));
}

void vendorsBad() {
  vendor::queue q;
  std::thread other([&] { q.enqueue(1); });
  q.dequeue();
  if (q.rejected() == 0)
    other.join();
  else
    other.detach();
  // CHECK: :[[@LINE+1]]:3: warning: receive from 'q' waits for ever
  q.dequeue();
}

void vendorsOk() {
  vendor::queue q;
  std::thread other([&] { q.enqueue(1); });
  q.dequeue();
  other.join();
}

// What nothing is said of may do anything: no verdict.
void clearedOk() {
  shop::ring<int, 1> q;
  q.push(1);
  q.clear();
  q.push(2);
}
// CHECK-NOT: warning:
// CHECK: 12 verified,
// CHECK-NEXT: 1 without verdict (1 depend on unknown callees)
