// Programs that leak: contexts nobody cancels, timers that cannot help, groups and futures.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program.hpp"

#include <stop_token>
#include <string>

using namespace leaks;

namespace {

// The cancel function is dropped with the request.
void cancel_function_is_dropped() {
  auto [ctx, cancel] = sluice::with_cancel({});
  sluice::chan<int> jobs;
  sluice::go([ctx = ctx, jobs] {
    std::optional<int> job;
    while (sluice::select(sluice::on_recv(jobs, job), sluice::on_recv(ctx.done())) == 0)
      ;
  });
}

// So is that of a whole family.
void child_of_a_dropped_parent() {
  auto [parent, cancel] = sluice::with_cancel({});
  for (int i = 0; i < 2; ++i) {
    auto [child, cancel_child] = sluice::with_cancel(parent);
    sluice::go([child = child] { child.done().recv(); });
  }
}

// A timer that fires in an hour has nothing to do with the channel.
void timer_that_cannot_help() {
  static std::optional<sluice::timer> hourly;
  hourly.emplace(sluice::after_func(1h, [] {}));
  sluice::chan<int> c;
  sluice::go([c] { c.recv(); });
}

// The timer is stopped; who waits for it keeps it.
void stopped_timer() {
  auto t = std::make_shared<sluice::timer>(1h);
  sluice::go([t] { t->channel().recv(); });
  while (sluice::check_leaks({0ms}).empty())
    sluice::yield();
  t->stop();
}

// A loop over a ticker that has stopped: its channel is not closed.
void stopped_ticker() {
  struct poller {
    sluice::ticker every{1ms};
    int polls = 0;
  };
  auto p = std::make_shared<poller>();
  sluice::chan<> polled;
  sluice::go([p, polled] {
    for (auto tick : p->every.channel())
      if (++p->polls == 2 && tick > sluice::clock::time_point())
        polled.close();
  });
  polled.recv();
  p->every.stop();
}

// A second receive from a timer that has fired.
void timer_that_has_fired() {
  sluice::go([alarm = sluice::after(1ms)] {
    alarm.recv();
    alarm.recv();
  });
}

// get() of a task that will never have a result.
void future_of_a_stuck_task() {
  sluice::chan<int> c;
  auto f = std::make_shared<sluice::future<int>>(sluice::async([c] { return *c.recv(); }));
  sluice::go([f] { f->get(); });
}

// A group that is never left, since a member does not look at its context.
void group_with_a_deaf_member() {
  sluice::go([] {
    sluice::task_group g;
    sluice::chan<int> updates;
    g.go([updates] { updates.recv(); });
    g.go([&] { g.ctx().done().recv(); });
  });
}

// A deadline that has long passed, and a task that listens to something else.
void deadline_that_went_unheard() {
  struct request {
    sluice::context ctx;
    sluice::chan<std::string> body;
  };
  auto [ctx, cancel] = sluice::with_timeout({}, 1ms);
  auto r = std::make_shared<request>(request{ctx, {}});
  sluice::go([r] { r->body.recv(); });
  ctx.done().recv();
}

// The task's own state holds the only function that could cancel it.
void cancelled_only_by_itself() {
  struct session {
    sluice::context ctx;
    sluice::cancel_function cancel;
  };
  auto made = sluice::with_cancel({});
  auto s = std::make_shared<session>(session{made.ctx, made.cancel});
  sluice::go([s] {
    s->ctx.done().recv();
    s->cancel();
  });
}

// The source of the stop token is gone.
void stop_source_is_gone() {
  auto source = std::make_unique<std::stop_source>();
  auto [ctx, cancel] = sluice::with_stop_token({}, source->get_token());
  sluice::go([ctx = ctx] { ctx.done().recv(); });
}

// A watchdog that is fed by who has ended, and barks at who does not listen.
void watchdog_without_a_listener() {
  struct watchdog {
    sluice::chan<> fed;
    sluice::chan<std::string> barks;
    void watch() {
      while (sluice::select(sluice::on_recv(fed), sluice::on_recv(sluice::after(2ms))) == 0)
        ;
      barks.send("starved");
    }
  };
  auto w = std::make_shared<watchdog>();
  sluice::go([w] { w->watch(); });
  w->fed.send({});
}

const enter all{
    {"cancel_function_is_dropped", cancel_function_is_dropped, 1},
    {"child_of_a_dropped_parent", child_of_a_dropped_parent, 2},
    {"timer_that_cannot_help", timer_that_cannot_help, 1},
    {"stopped_timer", stopped_timer, 1},
    {"stopped_ticker", stopped_ticker, 1},
    {"timer_that_has_fired", timer_that_has_fired, 1},
    {"future_of_a_stuck_task", future_of_a_stuck_task, 2},
    {"group_with_a_deaf_member", group_with_a_deaf_member, 2},
    {"deadline_that_went_unheard", deadline_that_went_unheard, 1},
    {"cancelled_only_by_itself", cancelled_only_by_itself, 1},
    {"stop_source_is_gone", stop_source_is_gone, 1},
    {"watchdog_without_a_listener", watchdog_without_a_listener, 1},
};

} // namespace
