// Stands in for marl: the names that its model speaks of, and nothing behind them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#include <chrono>
#include <functional>
#include <memory>

namespace marl {

class Allocator {
public:
  static Allocator *Default;
};

class WaitGroup {
public:
  WaitGroup(unsigned count = 0, Allocator *allocator = Allocator::Default);
  void add(unsigned count = 1) const;
  bool done() const;
  void wait() const;

private:
  std::shared_ptr<int> data;
};

class mutex {
public:
  void lock();
  void unlock();
  bool try_lock();
};

class lock {
public:
  lock(mutex &m);
  ~lock();
  lock(lock &&);
  bool owns_lock() const;
  void lock_no_tsa();
  void unlock_no_tsa();
};

class Event {
public:
  enum class Mode : unsigned char { Auto, Manual };
  Event(Mode mode = Mode::Auto, bool initial = false, Allocator *allocator = Allocator::Default);
  void signal() const;
  void clear() const;
  void wait() const;
  template <typename Rep, typename Period>
  bool wait_for(const std::chrono::duration<Rep, Period> &) const;
  bool test() const;

private:
  std::shared_ptr<int> shared;
};

class ConditionVariable {
public:
  ConditionVariable(Allocator *allocator = Allocator::Default);
  void notify_one();
  void notify_all();
  template <typename Predicate> void wait(lock &, Predicate &&) {}
};

class Task {
public:
  Task();
  Task(std::function<void()> function, unsigned flags = 0);
  void operator()() const;
};

class Scheduler {
public:
  struct Config {};
  Scheduler(const Config &);
  ~Scheduler();
  static Scheduler *get();
  void bind();
  static void unbind();
};

template <typename F> class FinallyImpl {
public:
  explicit FinallyImpl(F &&f) : f(f) {}
  ~FinallyImpl() {}

private:
  F f;
};
template <typename F> FinallyImpl<F> make_finally(F &&f) {
  return FinallyImpl<F>(static_cast<F &&>(f));
}

void schedule(Task &&task);
template <typename Function> void schedule(Function &&) {}
template <typename Function, typename... Args> void schedule(Function &&, Args &&...) {}
template <typename F, typename... Args> void blocking_call(F &&, Args &&...) {}

} // namespace marl

#define MARL_JOIN_(a, b) a##b
#define MARL_JOIN(a, b) MARL_JOIN_(a, b)
#define defer(x) auto MARL_JOIN(defer_, __LINE__) = marl::make_finally([&] { x; })
