// Programs that leak: pools of workers, selects, and tasks stuck in unusual places.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program.hpp"

#include <any>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <string>
#include <unordered_map>

using namespace leaks;

namespace {

// The pool is dropped without closing its jobs.
class worker_pool {
public:
  explicit worker_pool(int n) {
    for (int i = 0; i < n; ++i)
      sluice::go([jobs = jobs] {
        for (std::function<void()> job : jobs)
          job();
      });
  }
  void post(std::function<void()> job) { jobs.send(std::move(job)); }

private:
  sluice::chan<std::function<void()>> jobs{4};
};

void pool_without_a_close() {
  worker_pool p(4);
  for (int i = 0; i < 8; ++i)
    p.post([i] { sluice::sleep_for(std::chrono::microseconds(i)); });
}

// Workers share their queue and each other's idleness.
struct crew {
  sluice::mutex mu;
  sluice::condition_variable wanted;
  std::deque<int> queue;
  int idle = 0;
  void work() {
    std::unique_lock hold(mu);
    for (;;) {
      ++idle;
      wanted.wait(hold, [&] { return !queue.empty(); });
      --idle;
      queue.pop_front();
    }
  }
};

void crew_that_is_not_sent_home() {
  auto c = std::make_shared<crew>();
  for (int i = 0; i < 3; ++i)
    sluice::go([c] { c->work(); });
  std::lock_guard hold(c->mu);
  c->queue.assign(5, 1);
  c->wanted.notify_all();
}

// Urgent or ordinary, neither comes.
void select_between_two_queues() {
  struct queues {
    sluice::chan<int> urgent, ordinary;
  };
  auto q = std::make_shared<queues>();
  for (int i = 0; i < 2; ++i)
    sluice::go([q] {
      std::optional<int> job;
      for (;;)
        sluice::select(sluice::on_recv(q->urgent, job), sluice::on_recv(q->ordinary, job));
    });
}

// Sends to one or receives from the other, whichever is first.
void select_that_sends_or_receives() {
  sluice::chan<int> out, quit;
  sluice::go([out, quit] { sluice::select(sluice::on_send(out, 1), sluice::on_recv(quit)); });
}

// Cases built at run time, in a vector.
void select_over_many() {
  auto inputs = std::make_shared<std::vector<sluice::chan<int>>>(5);
  sluice::go([inputs] {
    std::vector<sluice::select_case> cases;
    for (const auto &c : *inputs)
      cases.push_back(sluice::on_recv(c));
    sluice::select(std::span<sluice::select_case>(cases));
  });
}

// The nil channel, as after a disabled case.
void receive_from_nil() {
  sluice::go([] {
    sluice::chan<int> disabled = nullptr;
    disabled.recv();
  });
}

void select_of_nothing() {
  sluice::go([] { sluice::select(); });
}

// Tokens that are used up, and a refiller that has ended.
void tokens_used_up() {
  struct bucket {
    sluice::chan<> tokens{3};
  };
  auto b = std::make_shared<bucket>();
  sluice::go([b] {
    for (int i = 0; i < 3; ++i)
      b->tokens.send({});
  });
  sluice::go([b] {
    for (int i = 0; i < 5; ++i)
      b->tokens.recv();
  });
}

// The mapper throws, so the reducers are never told that there is no more.
void reducers_of_a_failed_map() {
  sluice::chan<int> mapped;
  sluice::go([mapped] {
    try {
      for (int i = 0;; ++i) {
        if (i == 2)
          throw std::out_of_range("record");
        mapped.send(i);
      }
      mapped.close();
    } catch (const std::out_of_range &) {
    }
  });
  for (int i = 0; i < 2; ++i)
    sluice::go([mapped] {
      for (int v : mapped)
        static_cast<void>(v);
    });
}

// Each one's channel lies in the buffer of the other's.
void channels_in_each_others_buffers() {
  using box = sluice::chan<std::any>;
  box a(1), b(1);
  a.send(std::any(b));
  b.send(std::any(a));
  for (const box &c : {a, b})
    sluice::go([c] { c.send(std::any(0)); });
}

// Parked in a catch block, with the exception under way.
void parked_while_handling_an_exception() {
  sluice::chan<std::string> failures;
  sluice::go([failures] {
    try {
      throw std::runtime_error("disk full");
    } catch (const std::exception &e) {
      failures.send(e.what());
    }
  });
}

// Parked in a destructor, while the stack unwinds.
void parked_while_unwinding() {
  struct flusher {
    sluice::chan<int> flushed;
    ~flusher() { flushed.recv(); }
  };
  sluice::go([] {
    try {
      flusher at_the_end;
      throw 1;
    } catch (int) {
    }
  });
}

// Far down a stack, with a handle in every frame.
int descend(int depth, sluice::chan<int> c) { // NOLINT: a copy for each frame
  if (depth == 0)
    return *c.recv();
  return descend(depth - 1, c) + 1;
}

void parked_far_down_a_stack() {
  sluice::go([] { descend(100, {}); });
}

// Topics, each with the channels of those who listen, all of whom have forgotten it.
void topics_without_listeners() {
  struct broker {
    std::unordered_map<std::string, std::vector<sluice::send_chan<int>>> topics;
    void publish(const std::string &topic, int v) {
      for (const auto &c : topics[topic])
        c.send(v);
    }
  };
  auto b = std::make_shared<broker>();
  for (const char *topic : {"news", "weather"}) {
    sluice::chan<int> listener;
    b->topics[topic].push_back(listener);
    sluice::go([b, topic = std::string(topic)] { b->publish(topic, 1); });
  }
}

// Candidates send themselves around; one of them holds all the others.
void candidates_in_each_others_ballots() {
  struct candidate {
    sluice::chan<std::shared_ptr<candidate>> ballots{2};
  };
  std::vector<std::shared_ptr<candidate>> all(3);
  for (auto &c : all)
    c = std::make_shared<candidate>();
  for (std::size_t i = 0; i < 3; ++i)
    sluice::go([me = all[i], next = all[(i + 1) % 3]] {
      next->ballots.send(me);
      while (auto other = me->ballots.recv())
        (void)other;
    });
}

// A wrapper starts a wrapper that starts the task; all but the last have returned.
void started_through_three_others() {
  sluice::chan<int> c;
  sluice::go([c] { sluice::go([c] { sluice::go([c] { c.send(1); }); }); });
}

const enter all{
    {"pool_without_a_close", pool_without_a_close, 4},
    {"crew_that_is_not_sent_home", crew_that_is_not_sent_home, 3},
    {"select_between_two_queues", select_between_two_queues, 2},
    {"select_that_sends_or_receives", select_that_sends_or_receives, 1},
    {"select_over_many", select_over_many, 1},
    {"receive_from_nil", receive_from_nil, 1},
    {"select_of_nothing", select_of_nothing, 1},
    {"tokens_used_up", tokens_used_up, 1},
    {"reducers_of_a_failed_map", reducers_of_a_failed_map, 2},
    {"channels_in_each_others_buffers", channels_in_each_others_buffers, 2},
    {"parked_while_handling_an_exception", parked_while_handling_an_exception, 1},
    {"parked_while_unwinding", parked_while_unwinding, 1},
    {"parked_far_down_a_stack", parked_far_down_a_stack, 1},
    {"topics_without_listeners", topics_without_listeners, 2},
    {"candidates_in_each_others_ballots", candidates_in_each_others_ballots, 3},
    {"started_through_three_others", started_through_three_others, 1},
};

} // namespace
