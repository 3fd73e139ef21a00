// Correct programs: channels on stacks, in registers and thread-locals of ordinary threads.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "parked.hpp"
#include "program.hpp"

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <future>
#include <mutex>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <thread>
#include <ucontext.h>
#include <unistd.h>

using namespace leaks;

namespace {

/// An end of a pipe to sleep on, which is nothing that the library knows of.
class bell {
public:
  bell() {
    if (pipe(ends) != 0)
      std::abort();
  }
  ~bell() {
    close(ends[0]);
    close(ends[1]);
  }
  void ring() const { static_cast<void>(!write(ends[1], "x", 1)); }
  void wait() const {
    char c = 0;
    while (read(ends[0], &c, 1) != 1)
      ;
  }

private:
  int ends[2];
};

/// A thread that gets the channel, keeps it as `keep(channel, sleep)` does while it sleeps, and
/// sends when that returns. Leaving the process leaves it asleep.
template <class Keep> void hold_in_thread(Keep keep) {
  parked p;
  bell sleep;
  std::atomic<bool> has_it = false;
  std::thread t;
  sluice::async([&] {
    t = std::thread([c = p.start(), &sleep, &has_it, keep]() mutable {
      keep(std::move(c), [&] {
        has_it = true;
        sleep.wait();
      });
    });
  }).get();
  while (!has_it)
    sluice::sleep_for(1ms);
  judge_here(1);
  sleep.ring();
  t.join();
  p.expect_end();
}

void on_the_stack_of_a_thread() {
  hold_in_thread([](line c, auto sleep) {
    line mine = std::move(c);
    sleep();
    mine.send(1);
  });
}

void in_an_object_of_a_thread() {
  hold_in_thread([](line c, auto sleep) {
    auto object = std::make_unique<std::vector<line>>(3, std::move(c));
    sleep();
    object->back().send(1);
  });
}

void deep_in_the_objects_of_a_thread() {
  struct link {
    std::unique_ptr<link> next;
    line c;
  };
  hold_in_thread([](line c, auto sleep) {
    auto first = std::make_unique<link>(link{nullptr, std::move(c)});
    for (int i = 0; i < 1000; ++i)
      first = std::make_unique<link>(link{std::move(first), nullptr});
    sleep();
    link *last = first.get();
    while (last->next)
      last = last->next.get();
    last->c.send(1);
  });
}

void in_the_registers_of_a_thread() {
  parked p;
  std::atomic<bool> stop = false, has_it = false;
  std::thread t;
  sluice::async([&] {
    t = std::thread([hidden = disguised(new line(p.start())), &stop, &has_it] {
      line *in_register = hidden.get();
      has_it = true;
      while (!stop)
        asm volatile("" : "+r"(in_register)); // nowhere else
      in_register->send(1);
      delete in_register;
    });
  }).get();
  while (!has_it)
    sluice::sleep_for(1ms);
  judge_here(1);
  stop = true;
  t.join();
  p.expect_end();
}

#if defined(__x86_64__)
void in_the_vector_registers_of_a_thread() {
  parked p;
  std::atomic<bool> stop = false, has_it = false;
  std::thread t;
  sluice::async([&] {
    t = std::thread([hidden = disguised(new line(p.start())), &stop, &has_it] {
      double in_register;
      {
        line *c = hidden.get();
        asm volatile("movq %1, %0\n\txorl %k1, %k1" : "=x"(in_register), "+r"(c));
      }
      has_it = true;
      while (!stop)
        asm volatile("" : "+x"(in_register));
      line *c = nullptr;
      asm volatile("movq %1, %0" : "=r"(c) : "x"(in_register));
      c->send(1);
      delete c;
    });
  }).get();
  while (!has_it)
    sluice::sleep_for(1ms);
  judge_here(1);
  stop = true;
  t.join();
  p.expect_end();
}
#endif

void on_a_stack_in_poll() {
  hold_in_thread([](line c, auto sleep) {
    line mine = std::move(c);
    poll(nullptr, 0, 1);
    sleep();
    mine.send(1);
  });
}

// The thread waits in a condition variable of the standard library.
void on_a_stack_in_a_condition_variable() {
  static auto &mu = *new std::mutex; // never destroyed: the thread may be asleep at exit
  static auto &changed = *new std::condition_variable;
  static bool go_on = false;
  parked p;
  std::thread t;
  sluice::async([&] {
    t = std::thread([c = p.start()] {
      std::unique_lock hold(mu);
      changed.wait(hold, [] { return go_on; });
      c.send(1);
    });
  }).get();
  judge_here(1);
  {
    std::lock_guard hold(mu);
    go_on = true;
  }
  changed.notify_all();
  t.join();
  p.expect_end();
}

// The closure lies in the state of the thread that has not come to it yet.
void in_a_thread_that_starts() {
  parked p;
  std::thread t;
  sluice::async([&] {
    t = std::thread([c = p.start()] {
      usleep(20000);
      c.send(1);
    });
  }).get();
  judge_here(0);
  t.join();
  p.expect_end();
}

thread_local std::unique_ptr<line> own_line;
void in_a_thread_local() {
  hold_in_thread([](line c, auto sleep) {
    own_line = std::make_unique<line>(std::move(c));
    sleep();
    own_line->send(1);
  });
}

thread_local std::vector<std::shared_ptr<line>> own_lines;
void in_a_vector_of_a_thread_local() {
  hold_in_thread([](line c, auto sleep) {
    own_lines.assign(20, nullptr);
    own_lines[11] = std::make_shared<line>(std::move(c));
    sleep();
    own_lines[11]->send(1);
  });
}

// Values of pthread_setspecific beyond the first 32 lie in a block of their own.
void in_specific_data_of_a_thread() {
  hold_in_thread([](line c, auto sleep) {
    std::array<pthread_key_t, 100> keys;
    for (auto &k : keys)
      pthread_key_create(&k, nullptr);
    pthread_setspecific(keys[77], new line(std::move(c)));
    sleep();
    auto *mine = static_cast<line *>(pthread_getspecific(keys[77]));
    mine->send(1);
    delete mine;
  });
}

// A handler of signals sleeps on a stack of its own, above what it has interrupted.
void in_a_thread_that_handles_a_signal() {
  hold_in_thread([](line c, auto sleep) {
    std::vector<char> memory(1 << 16);
    const stack_t apart{memory.data(), 0, memory.size()};
    sigaltstack(&apart, nullptr);
    static decltype(sleep) *sleeper;
    sleeper = &sleep;
    struct sigaction action = {};
    action.sa_handler = [](int) { (*sleeper)(); };
    action.sa_flags = SA_ONSTACK;
    sigaction(SIGUSR1, &action, nullptr);
    line mine = std::move(c);
    pthread_kill(pthread_self(), SIGUSR1);
    mine.send(1);
    const stack_t none{nullptr, SS_DISABLE, 0};
    sigaltstack(&none, nullptr);
  });
}

// A thread on a stack from malloc, as coroutines of other libraries have.
ucontext_t outside, inside;
std::function<void()> *inside_body = nullptr;
void enter_inside() {
  (*inside_body)();
  swapcontext(&inside, &outside);
}
void on_a_stack_from_malloc() {
  hold_in_thread([](line c, auto sleep) {
    std::function<void()> body = [hidden = disguised(new line(std::move(c))), &sleep] {
      auto mine = std::unique_ptr<line>(hidden.get());
      sleep();
      mine->send(1);
    };
    inside_body = &body;
    auto *memory = new char[1 << 18];
    getcontext(&inside);
    inside.uc_stack = {memory, 0, 1 << 18};
    inside.uc_link = nullptr;
    makecontext(&inside, enter_inside, 0);
    swapcontext(&outside, &inside);
    delete[] memory;
  });
}

// A thread whose stack is no mapping of its own, but has data of the program before it.
void beside_a_stack_without_a_guard() {
  constexpr std::size_t size = 1 << 20;
  static char *memory = nullptr;
  memory = static_cast<char *>(
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  parked p;
  bell sleep;
  sluice::async([&] { new (memory) std::unique_ptr<line>(new line(p.start())); }).get();
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, memory + size / 2, size / 2);
  pthread_t t;
  pthread_create(
      &t, &attributes,
      [](void *s) -> void * {
        static_cast<bell *>(s)->wait();
        return nullptr;
      },
      &sleep);
  judge_here(1);
  (*reinterpret_cast<std::unique_ptr<line> *>(memory))->send(1);
  sleep.ring();
  pthread_join(t, nullptr);
  p.expect_end();
}

// A promise's state, kept by a thread that asked for it.
void in_the_state_of_a_promise() {
  hold_in_thread([](line c, auto sleep) {
    std::promise<line> promise;
    std::future<line> future = promise.get_future();
    promise.set_value(std::move(c));
    sleep();
    future.get().send(1);
  });
}

// An exception under way in a thread holds it.
void in_an_exception_of_a_thread() {
  hold_in_thread([](line c, auto sleep) {
    try {
      throw std::move(c);
    } catch (const line &caught) {
      sleep();
      caught.send(1);
    }
  });
}

// A thread that waits in a channel of the library keeps another one on its stack.
void on_the_stack_of_a_waiting_thread() {
  parked p;
  sluice::chan<> wake;
  std::thread t;
  sluice::async([&] {
    t = std::thread([c = p.start(), wake] {
      wake.recv();
      c.send(1);
    });
  }).get();
  judge_here(1);
  wake.close();
  t.join();
  p.expect_end();
}

const enter all{
    {"on_the_stack_of_a_thread", on_the_stack_of_a_thread},
    {"in_an_object_of_a_thread", in_an_object_of_a_thread},
    {"deep_in_the_objects_of_a_thread", deep_in_the_objects_of_a_thread},
    {"in_the_registers_of_a_thread", in_the_registers_of_a_thread},
#if defined(__x86_64__)
    {"in_the_vector_registers_of_a_thread", in_the_vector_registers_of_a_thread},
#endif
    {"on_a_stack_in_poll", on_a_stack_in_poll},
    {"on_a_stack_in_a_condition_variable", on_a_stack_in_a_condition_variable},
    {"in_a_thread_that_starts", in_a_thread_that_starts},
    {"in_a_thread_local", in_a_thread_local},
    {"in_a_vector_of_a_thread_local", in_a_vector_of_a_thread_local},
    {"in_specific_data_of_a_thread", in_specific_data_of_a_thread},
    {"in_a_thread_that_handles_a_signal", in_a_thread_that_handles_a_signal},
    {"on_a_stack_from_malloc", on_a_stack_from_malloc},
    {"beside_a_stack_without_a_guard", beside_a_stack_without_a_guard, 0, nullptr, true},
    {"in_the_state_of_a_promise", in_the_state_of_a_promise},
    {"in_an_exception_of_a_thread", in_an_exception_of_a_thread},
    {"on_the_stack_of_a_waiting_thread", on_the_stack_of_a_waiting_thread},
};

} // namespace
