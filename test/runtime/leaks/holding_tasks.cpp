// Correct programs: channels held by other tasks, timers, the library itself, and things outside.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "parked.hpp"
#include "program.hpp"

#include <atomic>
#include <coroutine>
#include <dlfcn.h>
#include <mutex>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>

using namespace leaks;

namespace {

/// Later than all have come to rest and were judged, as long as the machine is not very busy.
constexpr std::chrono::milliseconds soon = under_sanitizer ? 2s : 500ms;

// --- Timers

void woken_by_after() {
  sluice::wait_group left;
  left.add(1);
  sluice::go([&, c = sluice::after(soon)] {
    c.recv();
    left.done();
  });
  judge_here(1);
  left.wait();
}

void woken_by_a_deadline() {
  sluice::wait_group left;
  left.add(2);
  {
    auto parent = sluice::with_timeout({}, soon);
    auto child = sluice::with_cancel(parent.ctx);
    for (auto ctx : {parent.ctx, child.ctx})
      sluice::go([ctx, &left] {
        ctx.done().recv();
        left.done();
      });
  }
  judge_here(2);
  left.wait();
}

void woken_by_a_ticker() {
  static std::optional<sluice::ticker> every;
  every.emplace(20ms);
  sluice::wait_group left;
  left.add(1);
  sluice::go([&, c = every->channel()] {
    c.recv();
    c.recv();
    left.done();
  });
  judge_here(0);
  left.wait();
  every.reset();
}

// What the function of a timer captures.
void held_by_the_function_of_a_timer() {
  parked p;
  static std::optional<sluice::timer> t;
  sluice::async([&] { t.emplace(sluice::after_func(soon, [c = p.start()] { c.send(1); })); }).get();
  judge_here(1);
  p.expect_end();
  t.reset();
}

void held_by_a_sleeping_task() {
  parked p;
  sluice::async([&] {
    sluice::go([c = p.start()] {
      sluice::sleep_for(soon);
      c.send(1);
    });
  }).get();
  judge_here(1);
  p.expect_end();
}

void held_by_a_wait_with_a_time_limit() {
  parked p;
  sluice::async([&] {
    sluice::go([c = p.start()] {
      line other;
      other.recv_for(soon);
      c.send(1);
    });
  }).get();
  judge_here(1);
  p.expect_end();
}

// --- Other tasks

line first_of_the_chain;
void chain_of_tasks() {
  sluice::wait_group left;
  left.add(20);
  sluice::async([&] {
    line in;
    first_of_the_chain = in;
    for (int i = 0; i < 20; ++i) {
      line out;
      sluice::go([in, out, &left, last = i == 19] {
        in.recv();
        if (!last)
          out.send(1);
        left.done();
      });
      in = out;
    }
  }).get();
  judge_here(20);
  first_of_the_chain.send(1);
  left.wait();
}

sluice::chan<line> global_mailbox(4);
void held_in_the_buffer_of_a_channel() {
  hold([](line c) { global_mailbox.send(c); }, [] { return *global_mailbox.recv(); });
}

// In the hands of a sender that waits.
sluice::chan<std::unique_ptr<line>> global_meeting;
void held_by_a_waiting_sender() {
  parked p;
  sluice::async([&] {
    sluice::go([c = p.start()] { global_meeting.send(std::make_unique<line>(c)); });
  }).get();
  judge_here(2);
  (*global_meeting.recv())->send(1);
  p.expect_end();
}

// The owner of the lock can go on, so who waits for it can.
void lock_of_an_owner_that_can_go_on() {
  struct guarded {
    sluice::mutex mu;
  };
  static line go_on;
  sluice::wait_group left;
  left.add(3);
  sluice::async([&] {
    auto g = std::make_shared<guarded>();
    sluice::chan<> locked;
    sluice::go([g, locked, &left] {
      std::lock_guard hold(g->mu);
      locked.close();
      go_on.recv();
      left.done();
    });
    locked.recv();
    for (int i = 0; i < 2; ++i)
      sluice::go([g, &left] {
        std::lock_guard hold(g->mu);
        left.done();
      });
  }).get();
  judge_here(3);
  go_on.send(1);
  left.wait();
}

void wait_group_of_tasks_that_sleep() {
  sluice::wait_group left;
  left.add(1);
  sluice::async([&] {
    auto inner = std::make_shared<sluice::wait_group>();
    inner->add(1);
    sluice::go([inner] {
      sluice::sleep_for(soon);
      inner->done();
    });
    sluice::go([inner, &left] {
      inner->wait();
      left.done();
    });
  }).get();
  judge_here(2);
  left.wait();
}

sluice::task_local<std::unique_ptr<line>> own_of_task;
void held_by_a_task_local() {
  parked p;
  sluice::chan<> wake;
  sluice::async([&] {
    sluice::go([c = p.start(), wake]() mutable {
      own_of_task.get() = std::make_unique<line>(std::exchange(c, nullptr));
      wake.recv();
      (*own_of_task)->send(1);
    });
  }).get();
  judge_here(2);
  wake.close();
  p.expect_end();
}

// The result of a task that nobody has asked for yet.
std::optional<sluice::future<line>> global_future;
void held_in_a_future() {
  parked p;
  global_future = sluice::async([&] { return p.start(); });
  judge_here(1);
  global_future->get().send(1);
  p.expect_end();
}

void held_by_a_blocking_call() {
  parked p;
  sluice::async([&] {
    sluice::go([c = p.start()] {
      sluice::blocking([c] {
        std::this_thread::sleep_for(soon);
        c.send(1);
      });
    });
  }).get();
  judge_here(1);
  p.expect_end();
}

// --- Coroutines of the language

struct coroutine {
  struct promise_type {
    coroutine get_return_object() {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};
coroutine send_when_resumed(line c) {
  co_await std::suspend_always();
  c.send(1);
}
std::coroutine_handle<> suspended;
void held_by_a_suspended_coroutine() {
  parked p;
  sluice::async([&] {
    suspended = send_when_resumed(p.start()).handle;
    suspended.resume();
  }).get();
  judge_here(1);
  suspended.resume();
  suspended.destroy();
  p.expect_end();
}

// --- Outside

// The kernel has the only pointer; the holder says so.
void held_as_user_data_of_epoll() {
  const int set = epoll_create1(0), event = eventfd(0, 0);
  parked p;
  std::optional<sluice::external_holder> keep;
  sluice::async([&] {
    auto c = std::make_unique<line>(p.start());
    keep.emplace(*c);
    epoll_event e{EPOLLIN, {.u64 = ~reinterpret_cast<std::uintptr_t>(c.release())}};
    epoll_ctl(set, EPOLL_CTL_ADD, event, &e);
  }).get();
  judge_here(1);
  static_cast<void>(eventfd_write(event, 1));
  epoll_event got{};
  if (epoll_wait(set, &got, 1, 1000) == 1) {
    std::unique_ptr<line> c(reinterpret_cast<line *>(~got.data.u64));
    c->send(1);
  }
  p.expect_end();
}

// Tagged in its lowest bit it still points into the block.
std::uintptr_t tagged = 0;
void held_by_a_pointer_tagged_at_its_end() {
  hold([](line c) { tagged = reinterpret_cast<std::uintptr_t>(new line(c)) | 1; },
       [] { return *reinterpret_cast<line *>(tagged & ~std::uintptr_t{1}); });
}

// Tagged at its front it does not, so the program has to say that it is there.
void held_by_a_pointer_tagged_at_its_front() {
  static std::optional<sluice::external_holder> keep;
  hold(
      [](line c) {
        keep.emplace(c);
        tagged = reinterpret_cast<std::uintptr_t>(new line(c)) | std::uintptr_t{1} << 63;
      },
      [] { return *reinterpret_cast<line *>(tagged & ~(std::uintptr_t{1} << 63)); });
  keep.reset();
}

// --- Another shared library

/// The slots that it has for others' pointers.
void **slot(const char *name) {
  static void *library = dlopen(SLUICE_LEAK_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    std::puts(dlerror());
    std::abort();
  }
  return reinterpret_cast<void **(*)()>(dlsym(library, name))();
}

void held_by_a_variable_of_a_library() {
  hold([](line c) { *slot("variable") = new line(c); },
       [] { return *static_cast<line *>(*slot("variable")); });
}
void held_by_an_object_of_a_library() {
  hold([](line c) { *slot("object") = new line(c); },
       [] { return *static_cast<line *>(*slot("object")); });
}
void held_by_a_thread_local_of_a_library() {
  parked p;
  std::atomic<int> step = 0;
  std::thread t;
  sluice::async([&] {
    t = std::thread([c = p.start(), &step]() mutable {
      *slot("own_of_thread") = new line(std::exchange(c, nullptr));
      for (step = 1; step != 2;)
        usleep(1000);
      static_cast<line *>(*slot("own_of_thread"))->send(1);
    });
  }).get();
  while (step != 1)
    sluice::sleep_for(1ms);
  judge_here(1);
  step = 2;
  t.join();
  p.expect_end();
}

const enter all{
    {"woken_by_after", woken_by_after},
    {"woken_by_a_deadline", woken_by_a_deadline},
    {"woken_by_a_ticker", woken_by_a_ticker},
    {"held_by_the_function_of_a_timer", held_by_the_function_of_a_timer},
    {"held_by_a_sleeping_task", held_by_a_sleeping_task},
    {"held_by_a_wait_with_a_time_limit", held_by_a_wait_with_a_time_limit},
    {"chain_of_tasks", chain_of_tasks},
    {"held_in_the_buffer_of_a_channel", held_in_the_buffer_of_a_channel},
    {"held_by_a_waiting_sender", held_by_a_waiting_sender},
    {"lock_of_an_owner_that_can_go_on", lock_of_an_owner_that_can_go_on},
    {"wait_group_of_tasks_that_sleep", wait_group_of_tasks_that_sleep},
    {"held_by_a_task_local", held_by_a_task_local},
    {"held_in_a_future", held_in_a_future},
    {"held_by_a_blocking_call", held_by_a_blocking_call},
    {"held_by_a_suspended_coroutine", held_by_a_suspended_coroutine},
    {"held_as_user_data_of_epoll", held_as_user_data_of_epoll},
    {"held_by_a_pointer_tagged_at_its_end", held_by_a_pointer_tagged_at_its_end},
    {"held_by_a_pointer_tagged_at_its_front", held_by_a_pointer_tagged_at_its_front},
    {"held_by_a_variable_of_a_library", held_by_a_variable_of_a_library},
    {"held_by_an_object_of_a_library", held_by_an_object_of_a_library},
    {"held_by_a_thread_local_of_a_library", held_by_a_thread_local_of_a_library},
};

} // namespace
