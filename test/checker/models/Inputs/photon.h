// Stands in for PhotonLibOS: the names that its model speaks of.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>

namespace photon {
class Timeout {
public:
  Timeout(uint64_t microseconds = -1);
};

template <typename F, typename... Args> void go(F &&, Args &&...) {}

struct thread;
struct join_handle;
typedef void *(*thread_entry)(void *);
extern __thread thread *CURRENT;
thread *thread_create(thread_entry start, void *arg, uint64_t stack_size = 1 << 23,
                      uint16_t reserved = 0);
template <typename F, typename... Args> thread *thread_create11(F &&f, Args &&...args) {
  return nullptr;
}
join_handle *thread_enable_join(thread *th, bool flag = true);
void *thread_join(join_handle *jh);
int thread_yield_to(thread *th);
int thread_usleep(uint64_t useconds);
void thread_interrupt(thread *th, int error_number = 4);

template <typename T> class channel {
public:
  class iterator {
  public:
    T operator*();
    iterator &operator++();
    bool operator!=(const iterator &) const;
  };
  explicit channel(std::size_t capacity = 0);
  ~channel();
  bool send(const T &v, Timeout timeout = {});
  std::pair<T, bool> recv(Timeout timeout = {});
  channel &operator<<(const T &v);
  channel &operator>>(T &v);
  void close();
  iterator begin();
  iterator end();
};

// Calls a function again and again until it ends.
class Timer {
public:
  Timer(void (*ring)(void *), void *arg) : ring_(ring), arg_(arg) {
    th_ = thread_create(&run, this);
    thread_enable_join(th_);
  }
  ~Timer() {
    goes_on_ = false;
    thread_interrupt(th_);
    thread_join((join_handle *)th_);
  }

private:
  static void *run(void *self) {
    auto *timer = static_cast<Timer *>(self);
    while (timer->goes_on_) {
      thread_usleep(10);
      timer->ring_(timer->arg_);
    }
    return nullptr;
  }
  void (*ring_)(void *);
  void *arg_;
  thread *th_;
  bool goes_on_ = true;
};

class mutex {
public:
  mutex();
  int lock(Timeout timeout = {});
  void unlock();
};

class semaphore {
public:
  explicit semaphore(uint64_t count = 0);
  int wait(uint64_t count, Timeout timeout = {});
  int signal(uint64_t count);
};
} // namespace photon
